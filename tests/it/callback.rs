//! The way back from Redtrust: what is refused is refused before any call.

use std::time::Duration;

use reqwest::Url;
use serde_json::json;

use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Page;

/// Signs in at the sandbox and stops at the URL that leads back, `tkn` included.
pub async fn way_back(app: &App, browser: &Browser) -> Url {
    let form = app.go_to_redtrust(browser).await.form("form");
    let form = form.set("username", "demo").set("password", "demo");
    let page = browser.submit(&form).await;
    page.location().unwrap_or_else(|| panic!("{page:?}"))
}

pub async fn exchanges(app: &App) -> usize {
    app.sandbox.count("call", "login_by_temp_token").await
}

#[track_caller]
pub fn refused(page: Page, status: u16, code: &str) -> Page {
    let page = page.expect_status(status);
    assert_eq!(page.problem(), code, "{page:?}");
    assert!(!page.text("#request-id").is_empty(), "{page:?}");
    assert!(
        page.has("main a[href]") || page.has("main form"),
        "no way on: {page:?}"
    );
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn a01_the_token_leaves_the_address_at_once_and_the_session_is_new() {
    let app = App::spawn().await;
    let ana = Browser::new();
    ana.set_cookie(&app.url, "rubrica", "planted-by-somebody-else");
    let back = way_back(&app, &ana).await;
    let page = ana.get(back.as_str()).await.expect_status(303);
    let to = page.location().unwrap();
    assert_eq!((to.path(), to.query()), ("/", None));
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    let session = ana.cookie(&app.url, "rubrica").unwrap();
    assert_ne!(session, "planted-by-somebody-else");
    assert_eq!(exchanges(&app).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a02_a_token_used_twice_is_refused() {
    let app = App::spawn().await;
    let (ana, eve) = (Browser::new(), Browser::new());
    let back = way_back(&app, &ana).await;
    ana.visit(back.as_str()).await.expect_status(200);
    let again = ana.get(back.as_str()).await;
    again.expect_redirect_to("/");
    app.go_to_redtrust(&eve).await;
    refused(eve.get(back.as_str()).await, 400, "token_used");
    assert_eq!(exchanges(&app).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a03_a_token_without_a_pending_attempt_is_refused() {
    let app = App::spawn().await;
    let (ana, eve) = (Browser::new(), Browser::new());
    let back = way_back(&app, &ana).await;
    refused(eve.get(back.as_str()).await, 400, "no_attempt");
    assert!(eve.cookie(&app.url, "rubrica").is_none());
    assert_eq!(exchanges(&app).await, 0);
    ana.visit(back.as_str()).await.expect_status(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a03_a_planted_token_leaves_an_existing_session_alone() {
    let app = App::spawn().await;
    let (ana, eve) = (Browser::new(), Browser::new());
    app.sign_in_directly(&ana, "ra-app").await;
    let eves = way_back(&app, &eve).await;
    let page = refused(ana.get(eves.as_str()).await, 400, "no_attempt");
    assert!(page.text(".banner").contains("still signed in as ra-app"));
    assert_eq!(page.attribute("#problem a", "href").as_deref(), Some("/"));
    let home = ana.visit(&app.url).await;
    assert!(home.text("#signed-in-as").contains("ra-app"));
    assert_eq!(exchanges(&app).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a05_a_late_return_is_refused_and_says_why() {
    let app = App::spawn().await;
    let ana = Browser::new();
    let back = way_back(&app, &ana).await;
    app.clock.advance(Duration::from_secs(601));
    refused(ana.get(back.as_str()).await, 400, "attempt_expired");
    assert_eq!(exchanges(&app).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a12_an_expired_token_is_refused_before_any_call() {
    let app = App::spawn().await;
    let ana = Browser::new();
    let back = way_back(&app, &ana).await;
    app.clock.advance(Duration::from_secs(120 + 31));
    refused(ana.get(back.as_str()).await, 400, "token_expired");
    assert_eq!(exchanges(&app).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a12_a_forged_token_is_refused_before_any_call() {
    let app = App::spawn().await;
    let ana = Browser::new();
    let back = way_back(&app, &ana).await;
    let mut forged = back.clone();
    let token = back.query_pairs().next().unwrap().1.into_owned();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let flipped: String = signature.chars().rev().collect();
    forged
        .query_pairs_mut()
        .clear()
        .append_pair("tkn", &format!("{signed}.{flipped}"));
    refused(ana.get(forged.as_str()).await, 400, "token_signature");
    assert_eq!(exchanges(&app).await, 0);
    ana.visit(back.as_str()).await.expect_status(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a11_what_is_no_token_is_refused_before_any_call() {
    let app = App::spawn().await;
    let ana = Browser::new();
    app.go_to_redtrust(&ana).await;
    let long = "a".repeat(4097);
    let (missing, shape) = ("token_missing", "token_shape");
    for (query, code) in [
        ("", missing),
        ("tkn=", shape),
        ("tkn=a.b.c&tkn=a.b.c", shape),
        ("tkn[]=a.b.c", missing),
        ("tkn=%00", shape),
        ("tkn=a%0D%0Ab", shape),
        ("tkn=%FF", shape),
        ("error=access_denied", missing),
        ("tkn=%3Csvg%20onload%3Dalert(1)%3E", shape),
        (&format!("tkn={long}"), shape),
    ] {
        let url = app.at(&format!("/callback/demo?{query}"));
        let page = refused(ana.get(&url).await, 400, code);
        assert!(!page.body.contains("<svg onload"), "{page:?}");
        assert!(!page.body.contains("access_denied"), "{page:?}");
    }
    assert_eq!(exchanges(&app).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a06_two_tabs_come_back_in_either_order() {
    let app = App::spawn().await;
    let ana = Browser::new();
    let first = way_back(&app, &ana).await;
    let second = way_back(&app, &ana).await;
    ana.visit(second.as_str()).await.expect_status(200);
    ana.visit(first.as_str()).await.expect_status(200);
    assert_eq!(exchanges(&app).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a14_a_failed_exchange_signs_nobody_in_and_spends_the_attempt() {
    let app = App::spawn().await;
    let empty = "{\"message\":\"\",\"messageType\":\"SUCCESS\",\"errorCode\":\"OK\",\"data\":{}}";
    for (action, value) in [
        ("drop", json!(null)),
        ("status", json!(500)),
        ("body", json!(empty)),
        ("body", json!("<html>")),
    ] {
        let ana = Browser::new();
        let back = way_back(&app, &ana).await;
        app.sandbox
            .fault("login_by_temp_token", "before", action, value.clone(), 1)
            .await;
        refused(ana.get(back.as_str()).await, 502, "redtrust_bad_answer");
        assert!(
            ana.cookie(&app.url, "rubrica").is_none(),
            "{action} {value}"
        );
        let calls = exchanges(&app).await;
        refused(ana.get(back.as_str()).await, 502, "redtrust_bad_answer");
        let eve = Browser::new();
        refused(eve.get(back.as_str()).await, 400, "token_used");
        assert_eq!(exchanges(&app).await, calls, "it is not sent again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a08_a_host_header_never_reaches_the_redirect_url() {
    let app = App::spawn().await;
    let ana = Browser::new();
    let page = ana.visit(&app.at("/sign-in")).await;
    let form = page.form("form[action='/sign-in/redtrust']");
    let evil = [
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example"),
    ];
    let to = ana.submit_with(&form, &evil).await.location().unwrap();
    let sent = to.query_pairs().find(|(name, _)| name == "RedirectUrl");
    assert_eq!(sent.unwrap().1, app.at("/callback/demo"));
}
