//! A redirect URL: registered by one button, and marked wherever it is shown once the
//! public URL has changed.

use serde_json::Value;

use crate::support::admin::{self, audited, move_url, tamper, url_state};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::deployed::Deployed;
use crate::support::page::Page;

const OLD: &str = "https://old.example/callback/demo";

/// The portal's public URL was another one when the redirect URL was registered.
async fn moved() -> App {
    let app = admin::app().await;
    tamper(
        &app,
        "UPDATE redirect_urls SET url = 'https://old.example/callback/demo'",
    )
    .await;
    app
}

fn register(page: &Page) -> crate::support::page::Form {
    page.form("form[action='/admin/connections/demo/redirect-url']")
}

/// The words beside each task of the list.
async fn tasks(app: &App, browser: &Browser) -> Vec<String> {
    let page = browser.visit(&app.at("/admin")).await.expect_status(200);
    page.texts(".tasks > li > .tag")
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_change_of_the_public_url_nothing_says_done_and_one_button_repairs_it() {
    let app = moved().await;
    let ana = admin::signed_in(&app).await;
    let expected = app.at("/callback/demo");
    for path in [
        "/admin",
        "/admin/connections",
        "/admin/connections/demo",
        "/admin/redirect-urls",
    ] {
        let page = ana.visit(&app.at(path)).await.expect_status(200);
        assert!(
            page.text("main").contains("another public address")
                || page.text("main").contains("public address has changed"),
            "{path}: {page:?}"
        );
    }
    assert_eq!(tasks(&app, &ana).await[4..], ["To do", "Not yet"]);
    let refused = app.go_to_redtrust_anyhow(&Browser::new()).await;
    let refused = refused.expect_status(409);
    assert_eq!(refused.problem(), "redirect_url_moved");
    assert!(refused.url.as_str().starts_with(&app.url), "{refused:?}");
    assert!(!refused.body.contains("old.example"), "{refused:?}");
    let page = ana.visit(&app.at("/admin/connections/demo")).await;
    assert!(page.text("main").contains(OLD), "{page:?}");
    assert_eq!(page.text("#callback-demo"), expected);
    let done = ana.submit_and_follow(&register(&page)).await;
    let done = done.expect_status(200);
    let state = done.attribute("#redirect-url-state", "data-state");
    assert_eq!(state.as_deref(), Some("registered"), "{done:?}");
    let row = &audited(&app, &ana).await[0];
    assert!(row.contains(OLD) && row.contains(&expected), "{row}");
    app.sign_in(&Browser::new(), "demo").await;
    assert_eq!(tasks(&app, &ana).await[4..], ["Done", "Done"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_url_of_another_public_url_is_disabled_and_does_not_come_into_use_again() {
    let app = moved().await;
    let ana = admin::signed_in(&app).await;
    let page = ana.visit(&app.at("/admin/redirect-urls")).await;
    let ask = app.at(&page.attribute("td a[href$='/off']", "href").unwrap());
    let disable = ana.visit(&ask).await.form("form#switch");
    ana.submit(&disable).await.expect_status(303);
    let enable = disable.set("to", "registered");
    ana.submit(&enable).await.expect_status(409);
    assert_eq!(url_state(&app, &ana, "demo").await, "disabled");
    let page = ana.visit(&app.at("/admin/redirect-urls")).await;
    assert!(!page.has("td form"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_button_registers_the_only_possible_url_from_the_page_and_from_the_task_list() {
    for path in ["/admin", "/admin/connections/demo"] {
        let app = admin::app().await;
        let ana = admin::signed_in(&app).await;
        tamper(&app, "DELETE FROM redirect_urls").await;
        let urls = app.sandbox.get("redirect-urls").await;
        let page = ana.visit(&app.at(path)).await;
        let form = register(&page);
        let done = ana.submit_and_follow(&form).await.expect_status(200);
        let state = done.attribute("#redirect-url-state", "data-state");
        assert_eq!(state.as_deref(), Some("registered"), "{done:?}");
        assert!(!done.has("form[action$='/redirect-url']"), "{done:?}");
        // Pressed twice: nothing more happens.
        ana.submit(&form).await.expect_status(303);
        assert_eq!(app.sandbox.get("redirect-urls").await, urls);
        app.sign_in(&Browser::new(), "demo").await;
        assert_eq!(url_state(&app, &ana, "demo").await, "confirmed");
        move_url(&app, &ana, "demo", "disabled").await;
        let page = ana.visit(&app.at(path)).await;
        ana.submit(&register(&page)).await.expect_status(303);
        assert_eq!(url_state(&app, &ana, "demo").await, "registered");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_sandbox_refuses_stays_a_draft_and_the_button_stays() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    tamper(&app, "DELETE FROM redirect_urls").await;
    let page = ana.visit(&app.at("/admin/connections/demo")).await;
    let partner = page.form("main form#step").set("partner", "NOBODY");
    let page = ana.submit_and_follow(&partner).await.expect_status(200);
    let refused = ana.submit_and_follow(&register(&page)).await;
    assert!(!refused.status.is_success(), "{refused:?}");
    let page = ana.visit(&app.at("/admin/connections/demo")).await;
    let state = page.attribute("#redirect-url-state", "data-state");
    assert_eq!(state.as_deref(), Some("draft"), "{page:?}");
    assert!(register(&page).has("csrf"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_under_another_public_url_warns_and_says_what_to_do() {
    let deployed = Deployed::start(None, 1).await;
    drop(deployed.serve(0));
    let url = format!("redirect_url = \"{}/callback/acme\"\n", deployed.origin());
    deployed.rewrite(0, &url, "");
    let public = format!("public_url = \"{}\"", deployed.origin());
    deployed.rewrite(0, &public, "public_url = \"https://new.example\"");
    let _portal = deployed.serve(0);
    let log = std::fs::read_to_string(deployed.log_of(0)).unwrap();
    let lines = log
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    let warned: Vec<Value> = lines
        .filter(|line: &Value| line["event"] == "redirect_url_moved")
        .collect();
    assert_eq!(warned.len(), 1, "{log}");
    assert_eq!(warned[0]["connection"], "acme");
    assert_eq!(warned[0]["level"], "WARN");
    assert_eq!(warned[0]["expected"], "https://new.example/callback/acme");
    let text = warned[0].to_string();
    assert!(text.contains("register the expected URL"), "{text}");
}
