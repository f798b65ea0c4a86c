//! The webhook: another program is told of outcomes until it has taken them.

use std::time::Duration;

use aws_lc_rs::hmac;
use futures_util::future::join;
use rubrica::config::WebhookConfig;
use rubrica::domain::secret::Secret;
use rubrica::webhook::{Receiver, tell};
use serde_json::Value;

use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::database::{Database, on_both_engines};
use crate::support::program::{Program, header};

const KEY: &str = "sixteen letters!";

/// What it was told so far, each with a signature that is right.
fn told(program: &Program) -> Vec<Value> {
    let requests = program.requests();
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

async fn another_program_is_told_of_each_outcome_in_order_until_it_has_taken_it(db: Database) {
    let program = Program::default();
    let receiver = Receiver::new(&WebhookConfig {
        url: format!("{}/told", program.start().await),
        key: Secret::new(KEY),
    });
    let receiver = receiver.unwrap();
    let (app, ana) = (App::spawn_with(&db.url, |_| {}).await, Browser::new());
    app.sign_in(&ana, "demo").await;
    app.issue(&ana, "Long Before").await;
    tell(&app.portal, &receiver).await.unwrap();
    assert!(told(&program).is_empty(), "nobody wants the past");

    app.issue(&ana, "Rosa Secreta").await;
    program.answers(500);
    for _ in 0..2 {
        tell(&app.portal, &receiver).await.unwrap();
        assert_eq!(told(&program).len(), 1, "it is left in peace for a while");
    }
    app.sandbox
        .refuse("csr_create", "INVALID_PARAM", "no")
        .await;
    app.issue(&ana, "Nobody").await;
    app.clock.advance(Duration::from_secs(40));
    program.answers(204);
    let (one, other) = join(tell(&app.portal, &receiver), tell(&app.portal, &receiver)).await;
    one.and(other).unwrap();
    let all = told(&program);
    let events: Vec<_> = all
        .iter()
        .map(|one| one["event"].as_str().unwrap())
        .collect();
    let expected = ["issuance.issued", "issuance.issued", "issuance.refused"];
    assert_eq!(events, expected, "{all:#?}");
    assert_eq!(all[0], all[1], "the same again");
    let thumbprint = all[0]["facts"]["thumbprint"].as_str().unwrap();
    assert_eq!(thumbprint.len(), 40);
    let page = ana.visit(all[0]["url"].as_str().unwrap()).await;
    assert_eq!(
        page.text("#reference"),
        all[0]["reference"].as_str().unwrap()
    );
    assert!(!format!("{all:?}").contains("Secreta"));
    tell(&app.portal, &receiver).await.unwrap();
    assert_eq!(told(&program).len(), 3);

    // What nobody takes for days is not told for ever.
    program.answers(410);
    app.issue(&ana, "Late").await;
    app.clock.advance(Duration::from_secs(4 * 24 * 3600));
    tell(&app.portal, &receiver).await.unwrap();
    program.answers(204);
    app.clock.advance(Duration::from_secs(40));
    tell(&app.portal, &receiver).await.unwrap();
    assert_eq!(told(&program).len(), 4);
}

/// The value of a sample; `None` if there is none yet.
async fn measured(app: &App, sample: &str) -> Option<String> {
    let page = Browser::new().get(app.metrics.as_ref().unwrap()).await;
    let value = page.body.lines().find_map(|line| line.strip_prefix(sample));
    value.map(|value| value.trim().to_owned())
}

async fn deliveries_and_what_waits_for_one_are_counted(db: Database) {
    let program = Program::default();
    let config = WebhookConfig {
        url: format!("{}/told", program.start().await),
        key: Secret::new(KEY),
    };
    let receiver = Receiver::new(&config).unwrap();
    let listen = Some(([127, 0, 0, 1], 0).into());
    let app = App::spawn_with(&db.url, |other| {
        other.metrics_listen = listen;
        other.data.webhook = Some(config);
    });
    let (app, ana) = (app.await, Browser::new());
    program.answers(500);
    // What happens from now on is told.
    tell(&app.portal, &receiver).await.unwrap();
    app.sign_in(&ana, "demo").await;
    app.issue(&ana, "Ana").await;
    let times = "rubrica_webhook_delivery_duration_seconds_count";
    let sample = |outcome: &str| format!("{times}{{outcome=\"{outcome}\"}}");
    let waiting = "rubrica_webhook_waiting";
    let until = async |sample: &str, expected: &str| {
        let mut value = None;
        for _ in 0..150 {
            value = measured(&app, sample).await;
            if value.as_deref() == Some(expected) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("{sample} is {value:?}");
    };
    until(&sample("failed"), "1").await;
    until(waiting, "1").await;
    assert_eq!(measured(&app, &sample("delivered")).await, None);
    program.answers(204);
    app.clock.advance(Duration::from_secs(40));
    until(&sample("delivered"), "1").await;
    until(waiting, "0").await;
    assert_eq!(
        measured(&app, &sample("failed")).await.as_deref(),
        Some("1")
    );
}

on_both_engines!(
    another_program_is_told_of_each_outcome_in_order_until_it_has_taken_it,
    deliveries_and_what_waits_for_one_are_counted,
);
