//! Access tokens that run out while people work: one refresh, whoever asks
//! from however many nodes, and at worst one sign-in.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;

use super::submits::{confirmed, last_step};
use super::{change, signed_in, stands};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::{Form, Page};
use crate::support::postgres;

/// So many requests at once.
const AT_ONCE: usize = 20;

/// Lets the access token live for two minutes.
async fn short_lived(app: &App) {
    app.sandbox
        .put("dialect", json!({"access_token_ttl": 120}))
        .await;
}

/// The last steps of as many drafts.
async fn drafts(app: &App, browser: &Browser) -> Vec<Form> {
    let mut forms = Vec::new();
    for number in 0..AT_ONCE {
        let page = last_step(app, browser, &format!("ANA {number}")).await;
        forms.push(confirmed(&page));
    }
    forms
}

async fn all_are_issued(app: &App, browser: &Browser, submits: Vec<Form>) {
    // Slow enough for all of them to want one meanwhile.
    app.sandbox
        .fault("refresh_token", "before", "delay", json!(1_500), 0)
        .await;
    let pages = join_all(submits.iter().map(|form| browser.submit_and_follow(form))).await;
    for page in pages {
        let page = app.settled(browser, page).await;
        stands(&page, "issued", &[]);
    }
    assert_eq!(app.sandbox.count("call", "refresh_token").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn e04_twenty_requests_at_once_refresh_once() {
    let (app, ana) = (App::spawn().await, Browser::new());
    short_lived(&app).await;
    app.sign_in_directly(&ana, "ra-app").await;
    let forms = drafts(&app, &ana).await;
    app.clock.advance(Duration::from_secs(130));
    all_are_issued(&app, &ana, forms).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn e04_twenty_requests_at_once_at_two_nodes_refresh_once() {
    let Some(url) = postgres::migrated().await else {
        return;
    };
    let (app, ana) = (App::spawn_with(&url, |_| {}).await, Browser::new());
    let other = app.second_node(&url).await;
    short_lived(&app).await;
    app.sign_in_directly(&ana, "ra-app").await;
    ana.share_cookies(&app.url, &other.url);
    let mut forms = Vec::new();
    for (number, form) in drafts(&app, &ana).await.into_iter().enumerate() {
        // Every other one is sent to the other node, from its own page.
        forms.push(match number % 2 {
            0 => form,
            _ => confirmed(&last_step(&other, &ana, &format!("BEA {number}")).await),
        });
    }
    for clock in [&app.clock, &other.clock] {
        clock.advance(Duration::from_secs(130));
    }
    all_are_issued(&app, &ana, forms).await;
}

/// A refresh that brings no tokens: nothing is sent, one sign-in leads back,
/// and the draft goes on with everything typed.
async fn one_sign_in_is_enough(effect: &str, action: &str, value: serde_json::Value) {
    let (app, ana) = signed_in().await;
    let page = last_step(&app, &ana, "ANA").await;
    app.sandbox
        .put(
            "faults",
            json!({"faults": [
                {"operation": "csr_create", "effect": "before", "action": "status",
                    "value": 401, "times": 1},
                {"operation": "refresh_token", "effect": effect, "action": action,
                    "value": value, "times": 1}
            ]}),
        )
        .await;
    let page = ana.submit_and_follow(&confirmed(&page)).await;
    let page = app.settled(&ana, page).await;
    stands(&page, "draft", &["Nothing was sent", "Sign in again"]);
    let href = page.attribute("main a[href^='/sign-in']", "href").unwrap();
    let sign_in = ana.visit(&app.at(&href)).await;
    let form = sign_in
        .form("form[action='/sign-in/direct']")
        .set("username", "ra-app")
        .set("password", "ra-app");
    let back = ana.submit_and_follow(&form).await.expect_status(200);
    assert_eq!(back.url.path(), page.url.path(), "{back:?}");
    assert!(!back.has("main a[href^='/sign-in']"), "{back:?}");
    let check = back.attribute("main a[href$='/check']", "href").unwrap();
    let page = app.walk(&ana, &check, &[]).await;
    let page = app.settled(&ana, page).await;
    stands(&page, "issued", &[]);
    assert_eq!(page.text("#holder"), "ANA");
    assert_eq!(app.sandbox.count("call", "refresh_token").await, 1);
    assert_eq!(app.sandbox.count("key_pair", "csr_create").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn e05_a_refused_refresh_costs_one_sign_in_and_nothing_typed() {
    let no = json!({"message": "no", "messageType": "ERROR", "errorCode": "TOKEN", "data": {}});
    one_sign_in_is_enough("before", "body", json!(no.to_string())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_whose_answer_is_lost_costs_one_sign_in_and_nothing_typed() {
    one_sign_in_is_enough("after", "drop", json!(null)).await;
}

async fn lead_to(app: &App, url: &str) {
    change(app, |connection| {
        connection.settings.base_url = url.parse().unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_that_never_went_out_costs_nothing_at_all() {
    let (app, ana) = signed_in().await;
    short_lived(&app).await;
    app.sign_in_directly(&ana, "ra-app").await;
    let page = last_step(&app, &ana, "ANA").await;
    app.clock.advance(Duration::from_secs(130));
    let nowhere = format!("http://127.0.0.1:{}", crate::support::app::free_port());
    lead_to(&app, &nowhere).await;
    let page = is_put_off(&app, &ana, &page).await;
    let sandbox = app.sandbox.url.clone();
    lead_to(&app, &sandbox).await;
    goes_on(&app, &ana, &page).await;
}

/// Nothing is sent, and nobody has to sign in for it.
async fn is_put_off(app: &App, ana: &Browser, last: &Page) -> Page {
    let page = ana.submit_and_follow(&confirmed(last)).await;
    let page = app.settled(ana, page).await;
    stands(&page, "draft", &["Nothing was sent"]);
    assert!(!page.has("main a[href^='/sign-in']"), "{page:?}");
    page
}

async fn goes_on(app: &App, ana: &Browser, page: &Page) {
    let check = page.attribute("main a[href$='/check']", "href").unwrap();
    let page = app.walk(ana, &check, &[]).await;
    stands(&app.settled(ana, page).await, "issued", &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_that_a_gateway_answers_costs_nothing_at_all() {
    let (app, ana) = signed_in().await;
    short_lived(&app).await;
    app.sign_in_directly(&ana, "ra-app").await;
    let page = last_step(&app, &ana, "ANA").await;
    app.clock.advance(Duration::from_secs(130));
    app.sandbox
        .fault("refresh_token", "before", "status", json!(503), 1)
        .await;
    let page = is_put_off(&app, &ana, &page).await;
    goes_on(&app, &ana, &page).await;
}
