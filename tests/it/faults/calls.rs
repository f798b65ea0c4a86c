//! `csr/create` and what can become of it: sent or not, refused, lost. Most
//! rows hold for `csr/finalize` as well and are tried there, too.

use serde_json::{Value, json};

use super::{TOO_LATE, change, fault, is_settled, ledger, signed_in, stands};
use crate::support::app::{App, free_port};
use crate::support::browser::Browser;
use crate::support::page::Page;
use crate::support::raw_server::{RawServer, Reply, TestCa, TlsServer};

/// A draft that nothing was sent for: once Redtrust is back it is sent again.
async fn is_sent_again(app: &App, ana: &Browser, page: &Page, url: &str) {
    let url = url.to_owned();
    change(app, |connection| {
        connection.settings.base_url = url.parse().unwrap();
    })
    .await;
    let check = page.attribute("main a[href$='/check']", "href").unwrap();
    let page = app.walk(ana, &check, &[]).await;
    let page = app.settled(ana, page).await;
    stands(&page, "issued", &[]);
    assert_eq!(ledger(app).await, [1, 1, 1, 1]);
}

const NOT_SENT: [&str; 3] = [
    "Nothing was sent",
    "No keys and no certificate were made",
    "safe to send them again",
];

#[tokio::test(flavor = "multi_thread")]
async fn e01_a_refused_connection_sends_nothing_and_the_draft_waits() {
    let (app, ana) = signed_in().await;
    let url = format!("http://127.0.0.1:{}", free_port());
    change(&app, |connection| {
        connection.settings.base_url = url.parse().unwrap();
    })
    .await;
    let page = app.issue(&ana, "ANA").await;
    stands(&page, "draft", &NOT_SENT);
    stands(&page, "draft", &["No connection to Redtrust"]);
    assert_eq!(ledger(&app).await, [0, 0, 0, 0]);
    is_sent_again(&app, &ana, &page, &app.sandbox.url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn e01_a_name_that_is_not_found_sends_nothing() {
    let (app, ana) = signed_in().await;
    change(&app, |connection| {
        connection.settings.base_url = "https://redtrust.invalid:8082".parse().unwrap();
        connection.settings.private_ca = TestCa::new().pem.parse().ok();
    })
    .await;
    let page = app.issue(&ana, "ANA").await;
    stands(&page, "draft", &NOT_SENT);
    assert_eq!(ledger(&app).await, [0, 0, 0, 0]);
    is_sent_again(&app, &ana, &page, &app.sandbox.url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_cannot_prove_who_it_is_is_sent_nothing() {
    let (app, ana) = signed_in().await;
    let impostor = TlsServer::start(TestCa::new().certify("localhost", 2100), "{}");
    let url = impostor.url.clone();
    change(&app, |connection| {
        connection.settings.base_url = url.parse().unwrap();
        connection.settings.private_ca = TestCa::new().pem.parse().ok();
    })
    .await;
    let page = app.issue(&ana, "ANA").await;
    stands(&page, "draft", &NOT_SENT);
    stands(&page, "draft", &["could not prove its identity"]);
    assert_eq!(impostor.requests(), 0);
    is_sent_again(&app, &ana, &page, &app.sandbox.url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_401_is_refreshed_once_and_repeated_once() {
    let (app, ana) = signed_in().await;
    app.sandbox
        .fault("csr_create", "before", "status", json!(401), 1)
        .await;
    let page = app.issue(&ana, "ANA").await;
    stands(&page, "issued", &[]);
    assert_eq!(ledger(&app).await, [2, 1, 1, 1]);
    assert_eq!(app.sandbox.count("call", "refresh_token").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_stands_in_redtrusts_words() {
    let (app, ana) = signed_in().await;
    app.sandbox
        .refuse("csr_create", "NO_PERMISSION", "no puede")
        .await;
    let page = app.issue(&ana, "ANA").await;
    stands(&page, "refused", &["No certificate was issued", "no puede"]);
    assert!(page.text("#redtrust-answer").contains("NO_PERMISSION"));
    let lang = page.attribute("#redtrust-answer q bdi", "lang");
    assert_eq!(lang.as_deref(), Some("en"), "{page:?}");
    assert!(page.has("form#again") && !page.has("form#resume"));
    assert_eq!(ledger(&app).await, [1, 0, 0, 0]);
}

/// A create whose answer says nothing: unknown, never sent again by itself,
/// and the way on is to start again, said plainly.
async fn is_unknown(effect: &str, action: &str, value: Value, why: &str, keys: usize) {
    let (app, ana) = signed_in().await;
    fault(&app, "csr_create", effect, action, value).await;
    let page = app.issue(&ana, "ANA").await;
    stands(&page, "unknown", &[why, "You have to start again"]);
    assert!(page.has("form#again") && !page.has("form#resume"));
    assert!(!page.has("#request-code"), "{page:?}");
    let warned = page.text("#abandon");
    assert!(!warned.contains("If a certificate was issued"), "{warned}");
    is_settled(&app, [1, 0, keys, 0]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn e03_a_create_that_answers_503_is_unknown() {
    is_unknown("before", "status", json!(503), "server error", 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn e03_a_create_that_answers_429_is_unknown() {
    is_unknown("before", "status", json!(429), "server error", 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_that_was_done_and_answers_500_is_unknown() {
    is_unknown("after", "status", json!(500), "server error", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_that_is_cut_is_unknown() {
    is_unknown("before", "drop", json!(null), "connection broke", 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_that_was_done_and_is_cut_is_unknown() {
    is_unknown("after", "drop", json!(null), "connection broke", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn e02_a_create_that_is_not_answered_in_time_is_unknown() {
    is_unknown("after", "delay", json!(TOO_LATE), "in the time allowed", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_that_answers_junk_is_unknown() {
    is_unknown("after", "body", json!("<html>"), "could not be read", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_whose_answer_ends_too_soon_is_unknown() {
    let half = json!("{\"message\":\"\",\"messageType\":\"SUCCESS\",\"data\":{\"requestCo");
    is_unknown("after", "body", half, "could not be read", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_with_an_answer_over_one_mebibyte_is_unknown() {
    let (app, ana) = signed_in().await;
    let long = Reply::http("200 OK", &"x".repeat(1024 * 1024 + 1));
    let server = RawServer::start(vec![long]).await;
    change(&app, |connection| {
        connection.settings.base_url = server.url.parse().unwrap();
    })
    .await;
    let page = app.issue(&ana, "ANA").await;
    let words = ["could not be read", "You have to start again"];
    stands(&page, "unknown", &words);
    assert_eq!(server.requests().len(), 1);
}
