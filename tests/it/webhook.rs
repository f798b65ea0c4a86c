//! The webhook: another program is told of outcomes until it has taken them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::hmac;
use futures_util::future::join;
use rubrica::config::WebhookConfig;
use rubrica::domain::secret::Secret;
use rubrica::webhook::{Receiver, tell};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::database::{Database, on_both_engines};

const KEY: &str = "sixteen letters!";

/// A program that answers with the status it was told, and remembers each request.
#[derive(Clone, Default)]
struct Program {
    status: Arc<Mutex<u16>>,
    requests: Arc<Mutex<Vec<(String, String)>>>,
}

impl Program {
    async fn start(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/told", listener.local_addr().unwrap());
        let this = self.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut text = String::new();
                while !is_whole(&text) {
                    let mut some = [0; 4096];
                    let length = stream.read(&mut some).await.unwrap();
                    assert!(length > 0, "cut off after {text}");
                    text += std::str::from_utf8(&some[..length]).unwrap();
                }
                let (head, body) = text.split_once("\r\n\r\n").unwrap();
                let request = (head.to_owned(), body.to_owned());
                this.requests.lock().unwrap().push(request);
                let status = *this.status.lock().unwrap();
                let answer = format!(
                    "HTTP/1.1 {status} so\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                );
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        url
    }

    fn answers(&self, status: u16) {
        *self.status.lock().unwrap() = status;
    }

    /// What it was told so far, each with a signature that is right.
    fn told(&self) -> Vec<Value> {
        let requests = self.requests.lock().unwrap().clone();
        let checked = requests.iter().map(|(head, body)| {
            let signature = header(head, "rubrica-signature").unwrap();
            let (time, tag) = signature.split_once(",v1=").unwrap();
            let signed = format!("{}.{body}", time.trim_start_matches("t="));
            let key = hmac::Key::new(hmac::HMAC_SHA256, KEY.as_bytes());
            let tag = data_encoding::HEXLOWER.decode(tag.as_bytes()).unwrap();
            hmac::verify(&key, signed.as_bytes(), &tag).unwrap();
            let told: Value = serde_json::from_str(body).unwrap();
            let delivery = header(head, "rubrica-delivery").unwrap();
            assert_eq!(told["id"].to_string(), delivery);
            told
        });
        checked.collect()
    }
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let lines = head.lines().filter_map(|line| line.split_once(": "));
    let mut found = lines.filter(|(one, _)| one.eq_ignore_ascii_case(name));
    found.next().map(|(_, value)| value)
}

fn is_whole(text: &str) -> bool {
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length: Option<usize> = header(head, "content-length").map(|n| n.parse().unwrap());
    length.is_some_and(|length| body.len() >= length)
}

async fn another_program_is_told_of_each_outcome_in_order_until_it_has_taken_it(db: Database) {
    let program = Program::default();
    let receiver = Receiver::new(&WebhookConfig {
        url: program.start().await,
        key: Secret::new(KEY),
    });
    let receiver = receiver.unwrap();
    let (app, ana) = (App::spawn_with(&db.url, |_| {}).await, Browser::new());
    app.sign_in(&ana, "demo").await;
    app.issue(&ana, "Long Before").await;
    tell(&app.portal, &receiver).await.unwrap();
    assert!(program.told().is_empty(), "nobody wants the past");

    app.issue(&ana, "Rosa Secreta").await;
    program.answers(500);
    for _ in 0..2 {
        tell(&app.portal, &receiver).await.unwrap();
        assert_eq!(program.told().len(), 1, "it is left in peace for a while");
    }
    app.sandbox
        .refuse("csr_create", "INVALID_PARAM", "no")
        .await;
    app.issue(&ana, "Nobody").await;
    app.clock.advance(Duration::from_secs(40));
    program.answers(204);
    let (one, other) = join(tell(&app.portal, &receiver), tell(&app.portal, &receiver)).await;
    one.and(other).unwrap();
    let told = program.told();
    let events: Vec<_> = told
        .iter()
        .map(|one| one["event"].as_str().unwrap())
        .collect();
    let expected = ["issuance.issued", "issuance.issued", "issuance.refused"];
    assert_eq!(events, expected, "{told:#?}");
    assert_eq!(told[0], told[1], "the same again");
    let thumbprint = told[0]["facts"]["thumbprint"].as_str().unwrap();
    assert_eq!(thumbprint.len(), 40);
    let page = ana.visit(told[0]["url"].as_str().unwrap()).await;
    assert_eq!(
        page.text("#reference"),
        told[0]["reference"].as_str().unwrap()
    );
    assert!(!format!("{told:?}").contains("Secreta"));
    tell(&app.portal, &receiver).await.unwrap();
    assert_eq!(program.told().len(), 3);

    // What nobody takes for days is not told for ever.
    program.answers(410);
    app.issue(&ana, "Late").await;
    app.clock.advance(Duration::from_secs(4 * 24 * 3600));
    tell(&app.portal, &receiver).await.unwrap();
    program.answers(204);
    app.clock.advance(Duration::from_secs(40));
    tell(&app.portal, &receiver).await.unwrap();
    assert_eq!(program.told().len(), 4);
}

on_both_engines!(another_program_is_told_of_each_outcome_in_order_until_it_has_taken_it);
