//! Signing out holds: a slow request that began before it does nothing after
//! it, and brings nothing back.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::app::{App, fill};
use crate::support::browser::{Browser, cookie_name};
use crate::support::page::Form;

/// A form whose sending has begun: the head and half of the body are there.
struct Slow {
    stream: TcpStream,
    rest: Vec<u8>,
}

impl Slow {
    async fn begin(app: &App, browser: &Browser, form: &Form) -> Self {
        let mut rest = form.body();
        let cookie = browser.cookie(&app.url, "rubrica").unwrap();
        let name = cookie_name(&app.url, "rubrica");
        let host = app.url.trim_start_matches("http://");
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: {host}\r\nOrigin: {}\r\nCookie: {name}={cookie}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n",
            form.path(),
            app.url,
            rest.len(),
        );
        let mut stream = TcpStream::connect(host).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let first: Vec<u8> = rest.drain(..rest.len() / 2).collect();
        stream.write_all(&first).await.unwrap();
        Self { stream, rest }
    }

    /// As [`Slow::begin`]; answers once its session has been read and its body
    /// is being waited for: reading puts the session's end off.
    async fn awaited(app: &App, browser: &Browser, form: &Form) -> Self {
        app.clock.advance(Duration::from_secs(120));
        let before = count(app, IDLE_UNTIL).await;
        let slow = Self::begin(app, browser, form).await;
        for _ in 0..500 {
            if count(app, IDLE_UNTIL).await > before {
                app.clock.advance(Duration::from_secs(1));
                return slow;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the session is not read");
    }

    /// Sends the rest, and reads the whole answer.
    async fn end(mut self) -> String {
        self.stream.write_all(&self.rest).await.unwrap();
        let mut answer = Vec::new();
        self.stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

async fn count(app: &App, sql: &'static str) -> i64 {
    let counted = sqlx::query_scalar(sql).fetch_one(app.portal.storage.pool());
    counted.await.unwrap()
}

/// Somebody at a step, and the form that leaves it.
async fn at_a_step() -> (App, Browser, Form) {
    let (app, ana) = (App::spawn().await, Browser::new());
    app.sign_in_directly(&ana, "ra-app").await;
    let page = ana.visit(&app.at("/issue")).await;
    let form = fill(page.form("main form#step"), &[("kind", "name")]);
    (app, ana, form)
}

async fn sign_out(app: &App, browser: &Browser) {
    let page = browser.visit(&app.at("/")).await;
    let form = page.form("form[action='/sign-out']");
    browser.submit(&form).await.expect_redirect_to("/sign-in");
}

const DRAFTS: &str = "SELECT COUNT(*) FROM issuances";
const SESSIONS: &str = "SELECT COUNT(*) FROM sessions";
const IDLE_UNTIL: &str = "SELECT MAX(idle_until) FROM sessions";

#[tokio::test(flavor = "multi_thread")]
async fn b02_a_form_that_was_under_way_at_sign_out_brings_back_neither_session_nor_draft() {
    let (app, ana, form) = at_a_step().await;
    let cookie = ana.cookie(&app.url, "rubrica").unwrap();
    let slow = Slow::awaited(&app, &ana, &form).await;
    sign_out(&app, &ana).await;
    let answer = slow.end().await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(answer.contains("location: /sign-in"), "{answer}");
    assert!(
        !answer.contains("set-cookie: rubrica"),
        "a cookie came back: {answer}"
    );
    assert_eq!(count(&app, DRAFTS).await, 0);
    assert_eq!(count(&app, SESSIONS).await, 0);
    ana.set_cookie(&app.url, "rubrica", &cookie);
    let page = ana.get(&app.at("/issuances")).await.expect_status(303);
    assert_eq!(page.location().unwrap().path(), "/sign-in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_takes_its_time_is_taken_while_its_sender_is_signed_in() {
    let (app, ana, form) = at_a_step().await;
    let slow = Slow::awaited(&app, &ana, &form).await;
    let answer = slow.end().await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(!answer.contains("location: /sign-in"), "{answer}");
    assert_eq!(count(&app, DRAFTS).await, 1);
}
