//! Whatever ends a session, its tokens are gone and Redtrust is told, once nothing works
//! with them any more.

use std::time::Duration;

use rubrica::services::housekeeping;
use serde_json::json;

use crate::support::admin;
use crate::support::app::{App, fill, state_of};
use crate::support::browser::Browser;

/// Waits until Redtrust was told of this many ends.
async fn told(app: &App, times: usize) {
    app.sandbox.reaches("effect", "logout", times).await;
}

/// How many sign-ins still have tokens.
async fn kept_tokens(app: &App) -> i64 {
    let sql = "SELECT COUNT(*) FROM sign_ins WHERE access_token IS NOT NULL \
        OR refresh_token IS NOT NULL";
    let counted = sqlx::query_scalar(sql).fetch_one(app.portal.storage.pool());
    counted.await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn i10_a_session_that_lapsed_leaves_no_token() {
    let (app, _browser) = App::spawn_signed_in().await;
    app.clock.advance(Duration::from_secs(14 * 60));
    housekeeping::sweep(&app.portal).await.unwrap();
    assert_eq!(
        (
            kept_tokens(&app).await,
            app.sandbox.count("effect", "logout").await
        ),
        (1, 0)
    );
    app.clock.advance(Duration::from_secs(2 * 60));
    housekeeping::sweep(&app.portal).await.unwrap();
    told(&app, 1).await;
    assert_eq!(kept_tokens(&app).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn i10_another_sign_in_in_that_browser_ends_the_one_before() {
    let (app, browser) = (App::spawn().await, Browser::new());
    let page = browser.visit(&app.at("/sign-in")).await;
    app.sign_in(&browser, "demo").await;
    let form = page.form("form[action='/sign-in/direct']");
    let form = form.set("username", "ra-app").set("password", "ra-app");
    let home = browser.submit_and_follow(&form).await.expect_status(200);
    assert!(home.text("#signed-in-as").contains("ra-app"), "{home:?}");
    told(&app, 1).await;
    assert_eq!(kept_tokens(&app).await, 1);
    let page = page.form("form[action='/sign-in/redtrust']");
    let at_redtrust = browser.submit_and_follow(&page).await.expect_status(200);
    let form = at_redtrust.form("form").set("username", "demo");
    let home = browser
        .submit_and_follow(&form.set("password", "demo"))
        .await;
    assert!(home.text("#signed-in-as").contains("demo"), "{home:?}");
    told(&app, 2).await;
    assert_eq!(kept_tokens(&app).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn i10_switching_a_connection_off_ends_its_sign_ins() {
    let (app, browser) = App::spawn_signed_in().await;
    let admin = admin::signed_in(&app).await;
    admin::disable(&app, &admin, "demo").await;
    told(&app, 1).await;
    assert_eq!(kept_tokens(&app).await, 0);
    let home = browser.visit(&app.at("/issuances")).await;
    assert!(!home.has("#signed-in-as"), "{home:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i10_work_under_way_keeps_its_tokens_until_it_is_settled() {
    let (app, browser) = App::spawn_signed_in().await;
    let answers = [("kind", "name"), ("common_name", "Ana")];
    let slow = json!({"faults": [{"operation": "csr_finalize", "effect": "before",
        "action": "delay", "value": 1500, "times": 1}]});
    app.sandbox.put("faults", slow).await;
    let page = app.walk(&browser, "/issue", &answers).await;
    assert_ne!(state_of(&page), "issued", "{page:?}");
    let form = fill(page.form("form[action='/sign-out']"), &[]);
    browser.submit_and_follow(&form).await.expect_status(200);
    assert_eq!(kept_tokens(&app).await, 1);
    told(&app, 1).await;
    assert_eq!(kept_tokens(&app).await, 0);
    app.sign_in(&browser, "demo").await;
    let page = browser.get(page.url.as_str()).await;
    assert_eq!(state_of(&page), "issued", "{page:?}");
}
