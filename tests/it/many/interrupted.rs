//! A run that is paused, by its owner or because the session ends, and goes on.

use serde_json::json;

use super::{certificates, confirm, count, done, held_by, names, run_state, until, upload};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Page;

/// A run of these many lines, each of which takes a while.
async fn slow(app: &App, browser: &Browser, lines: usize) -> Page {
    app.sandbox
        .fault("csr_create", "before", "delay", json!(700), 0)
        .await;
    let check = upload(app, browser, "name", names(lines).as_bytes()).await;
    confirm(browser, &check).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_run_finishes_what_was_ordered_and_goes_on_when_it_is_told_to() {
    let (app, ana) = App::spawn_signed_in().await;
    let page = slow(&app, &ana, 9).await;
    let page = until(&ana, &page, |page| count(page, "under_way") > 0).await;
    assert!(count(&page, "under_way") <= 4, "{page:?}");
    let page = ana.submit_and_follow(&page.form("form#pause")).await;
    assert_eq!(
        (run_state(&page).as_str(), held_by(&page).as_deref()),
        ("paused", Some("owner"))
    );
    let page = until(&ana, &page, |page| count(page, "under_way") == 0).await;
    let issued = count(&page, "issued");
    assert!((1..=8).contains(&issued), "{page:?}");
    assert_eq!(issued + count(&page, "waiting"), 9);
    assert_eq!(
        app.sandbox.count("certificate", "csr_finalize").await,
        issued
    );
    app.sandbox.mend().await;
    let page = ana.submit_and_follow(&page.form("form#go_on")).await;
    let page = done(&ana, &page).await;
    assert_eq!(count(&page, "issued"), 9, "{page:?}");
    let made: Vec<usize> = certificates(&app).await.into_values().collect();
    assert_eq!(made, [1; 9]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_ended_is_not_over_before_what_was_ordered_is() {
    let (app, ana) = App::spawn_signed_in().await;
    app.sandbox
        .fault("csr_finalize", "before", "delay", json!(5000), 0)
        .await;
    let check = upload(&app, &ana, "name", names(10).as_bytes()).await;
    let page = confirm(&ana, &check).await;
    let page = until(&ana, &page, |page| count(page, "under_way") > 0).await;
    let page = ana.submit_and_follow(&page.form("form#pause")).await;
    let page = ana.submit_and_follow(&page.form("form#stop")).await;
    assert!(count(&page, "under_way") > 0, "{page:?}");
    assert_eq!(page.text("#run-state"), "The batch is ending", "{page:?}");
    assert!(page.has("#totals[data-events]"), "{page:?}");
    let page = until(&ana, &page, |page| count(page, "under_way") == 0).await;
    assert_eq!(page.text("#run-state"), "The batch has ended", "{page:?}");
    assert!(!page.has("#totals[data-events]"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_pauses_the_run_and_the_next_one_goes_on() {
    let (app, ana) = App::spawn_signed_in().await;
    let page = slow(&app, &ana, 9).await;
    let page = until(&ana, &page, |page| count(page, "under_way") > 0).await;
    ana.submit(&page.form("form[action='/sign-out']"))
        .await
        .expect_status(303);
    let gone = ana.get(page.url.as_str()).await;
    let to = gone.location().unwrap();
    assert!(
        to.query().is_some_and(|query| query.contains("run-")),
        "{gone:?}"
    );
    app.sandbox.mend().await;
    app.sign_in(&ana, "demo").await;
    let page = until(&ana, &page, |page| run_state(page) == "paused").await;
    assert_eq!(held_by(&page).as_deref(), Some("sign_in_again"), "{page:?}");
    let told = page.text("main");
    assert!(told.contains("You have signed in again"), "{told}");
    let page = ana.submit_and_follow(&page.form("form#go_on")).await;
    let page = done(&ana, &page).await;
    assert_eq!(count(&page, "issued"), 9, "{page:?}");
    let made: Vec<usize> = certificates(&app).await.into_values().collect();
    assert_eq!(made, [1; 9]);
    assert_eq!(app.sandbox.count("key_pair", "csr_create").await, 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn single_issuances_and_other_people_do_not_wait_for_a_run() {
    let (app, ana) = App::spawn_signed_in().await;
    let bea = Browser::new();
    app.sign_in_directly(&bea, "ra-app").await;
    let page = slow(&app, &ana, 40).await;
    until(&ana, &page, |page| count(page, "under_way") > 0).await;
    tokio::join!(app.issue(&ana, "SOLA"), app.issue(&bea, "BEA"));
    let page = ana.get(page.url.as_str()).await;
    assert!(count(&page, "waiting") > 20, "{page:?}");
    let home = ana.visit(&app.at("/")).await;
    assert!(home.text("#runs").contains("40 issued"), "{home:?}");
    ana.submit(&page.form("form#pause"))
        .await
        .expect_status(303);
}
