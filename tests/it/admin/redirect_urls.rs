//! The registry of redirect URLs.

use crate::support::admin::{self, move_url, tamper, url_state};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Page;

async fn enter(app: &App, browser: &Browser, url: &str) -> Page {
    let page = browser.visit(&app.at("/admin/redirect-urls")).await;
    browser
        .submit(&page.form("main form#step").set("url", url))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn c10_each_rule_is_told_at_the_field() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let own = app.at("/callback/demo");
    let cases = [
        ("", "Enter the redirect URL"),
        ("portal", "whole address"),
        ("http://portal.example/callback/demo", "https://"),
        ("javascript:alert(1)", "whole address"),
        ("https://u:p@portal.example/callback/demo", "@"),
        ("https://portal.example/callback/demo#x", "#"),
        ("https://portal.example/callback/demo?x=1", "?"),
        ("https://*.example/callback/demo", "*"),
        (
            "https://Portal.example/callback/demo",
            "https://portal.example/callback/demo",
        ),
        ("https://portal.example:443/callback/demo", "as browsers do"),
        ("https://portal.example/callback/demo", own.as_str()),
        (&format!("{own}/"), own.as_str()),
        (&own, "already"),
        (
            &format!("https://portal.example/{}", "a".repeat(2048)),
            "2,048",
        ),
    ];
    for (url, word) in cases {
        let page = enter(&app, &ana, url).await.expect_status(422);
        assert!(page.text("#url-error").contains(word), "{url}: {page:?}");
        assert!(page.has("#error-summary a[href='#url']"), "{page:?}");
        assert!(page.text("title").starts_with("Error:"), "{page:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_url_stops_sign_in_and_callback_and_says_what_to_do() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let user = Browser::new();
    let form = app.go_to_redtrust(&user).await.form("form");
    let form = form.set("username", "demo").set("password", "demo");
    let back = user.submit(&form).await.location().unwrap();
    move_url(&app, &ana, "demo", "disabled")
        .await
        .expect_status(200);
    assert_eq!(url_state(&app, &ana, "demo").await, "disabled");
    for path in ["/admin/connections", "/admin/connections/demo"] {
        let page = ana.visit(&app.at(path)).await;
        let said = page.text("main");
        assert!(
            said.contains("Nobody can sign in with Redtrust"),
            "{page:?}"
        );
    }
    let at_callback = user.get(back.as_str()).await.expect_status(400);
    let at_sign_in = app.go_to_redtrust_anyhow(&Browser::new()).await;
    for page in [at_callback, at_sign_in.expect_status(409)] {
        assert!(page.text("main").contains("administrator"), "{page:?}");
    }
    assert_eq!(app.sandbox.count("call", "login_by_temp_token").await, 0);
    move_url(&app, &ana, "demo", "registered")
        .await
        .expect_status(200);
    app.sign_in(&user, "demo").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_url_of_our_own_sandbox_is_registered_there_at_once() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let url = app.at("/callback/demo");
    tamper(&app, "DELETE FROM redirect_urls").await;
    let page = enter(&app, &ana, &url).await;
    assert_eq!(page.status.as_u16(), 303, "{page:?}");
    assert_eq!(url_state(&app, &ana, "demo").await, "registered");
    app.sign_in(&Browser::new(), "demo").await;
    assert_eq!(url_state(&app, &ana, "demo").await, "confirmed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_now_is_a_conflict_and_nothing_else_is_known() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let page = ana.visit(&app.at("/admin/redirect-urls")).await;
    let ask = app.at(&page.attribute("td a[href$='/off']", "href").unwrap());
    let asked = ana.visit(&ask).await.expect_status(200);
    assert_eq!(asked.text("#concerned-signed-in"), "0", "{asked:?}");
    assert_ne!(url_state(&app, &ana, "demo").await, "disabled");
    let disable = asked.form("form#switch");
    ana.submit(&disable).await.expect_status(303);
    ana.submit(&disable).await.expect_status(409);
    ana.get(&ask)
        .await
        .expect_redirect_to("/admin/redirect-urls");
    ana.submit(&disable.clone().set("to", "confirmed"))
        .await
        .expect_status(400);
    let elsewhere = disable.to(&app.at("/admin/redirect-urls/x/state"));
    ana.submit(&elsewhere).await.expect_status(404);
    assert_eq!(url_state(&app, &ana, "demo").await, "disabled");
}
