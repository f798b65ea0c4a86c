//! A form that comes when the session has ended: after signing in again the
//! same step shows what was typed, to the same person only.

use std::time::Duration;

use super::stands;
use crate::support::app::{App, sign_in_from};
use crate::support::browser::Browser;
use crate::support::page::Page;

const IDLE: Duration = Duration::from_secs(16 * 60);

/// The step that asks for a name, at a portal where somebody is signed in.
async fn at_the_name(app: &App, browser: &Browser) -> Page {
    app.sign_in_directly(browser, "ra-app").await;
    let kind = browser.visit(&app.at("/issue")).await;
    let form = kind.form("form#step").set("kind", "name");
    browser.submit_and_follow(&form).await.expect_status(200)
}

/// Signs in on the page that a late form led to.
async fn signs_in(app: &App, browser: &Browser, led_to: Page, username: &str) -> Page {
    let sign_in = browser.follow(led_to.expect_status(303)).await;
    assert_eq!(sign_in.url.path(), "/sign-in", "{sign_in:?}");
    assert!(sign_in.url.as_str().starts_with(&app.url));
    let form = sign_in
        .form("form[action='/sign-in/direct']")
        .set("username", username)
        .set("password", username);
    browser.submit_and_follow(&form).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_is_there_again_at_the_same_step() {
    let (app, ana) = (App::spawn().await, Browser::new());
    let step = at_the_name(&app, &ana).await;
    app.clock.advance(IDLE);
    let typed = step.form("form#step").set("common_name", "Núñez & co");
    let led_to = ana.submit(&typed).await;
    let back = signs_in(&app, &ana, led_to, "ra-app").await;
    let back = back.expect_status(200);
    assert_eq!(back.url.path(), step.url.path(), "{back:?}");
    let form = back.form("form#step");
    assert_eq!(form.value("common_name"), Some("Núñez & co"));
    assert!(back.text(".banner").contains("still here"), "{back:?}");
    let page = app
        .walk(&ana, back.url.as_str().trim_start_matches(&app.url), &[])
        .await;
    let page = app.settled(&ana, page).await;
    stands(&page, "issued", &[]);
    assert_eq!(page.text("#holder"), "Núñez & co");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_through_redtrusts_page_leads_back_there_too() {
    let (app, ana) = (App::spawn().await, Browser::new());
    app.sign_in(&ana, "demo").await;
    let first = ana.visit(&app.at("/issue")).await;
    app.clock.advance(IDLE);
    let typed = first.form("form#step").set("kind", "seal");
    let sign_in = ana.submit_and_follow(&typed).await;
    let back = sign_in_from(&ana, &sign_in).await.expect_status(200);
    assert_eq!(back.url.path(), "/issue/kind", "{back:?}");
    assert!(
        back.has("input[name=kind][value=seal][checked]"),
        "{back:?}"
    );
    assert_eq!(back.form("form#step").value("draft"), typed.value("draft"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thumbprint_typed_too_late_is_there_again() {
    let (app, ana) = (App::spawn().await, Browser::new());
    app.sign_in_directly(&ana, "ra-app").await;
    let choose = ana.visit(&app.at("/renew")).await;
    app.clock.advance(IDLE);
    let typed = choose
        .form("form[action='/renew/choose']")
        .set("thumbprint", "AB CD EF");
    let led_to = ana.submit(&typed).await;
    let back = signs_in(&app, &ana, led_to, "ra-app").await;
    let form = back.form("form[action='/renew/choose']");
    assert_eq!(form.value("thumbprint"), Some("AB CD EF"));
    assert!(
        back.text(".banner").contains("file is not kept"),
        "{back:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_typed_too_late_is_there_again_at_its_list() {
    let (app, ana) = (App::spawn().await, Browser::new());
    app.sign_in_directly(&ana, "ra-app").await;
    app.issue(&ana, "Rosa").await;
    for (path, field) in [
        ("/certificates", "q"),
        ("/certificates", "organisation"),
        ("/issuances", "q"),
        ("/issuances/drafts", "q"),
    ] {
        let list = ana.visit(&app.at(path)).await;
        app.clock.advance(IDLE);
        let typed = list.form("form#filter").set(field, "Núñez");
        let led_to = ana.submit(&typed).await;
        let back = signs_in(&app, &ana, led_to, "ra-app").await;
        assert_eq!(back.url.path(), path, "{back:?}");
        assert!(back.text(".banner").contains("still here"), "{back:?}");
        let again = back.form("form#filter");
        assert_eq!(again.value(field), Some("Núñez"), "{path}: {back:?}");
        let found = ana.submit_and_follow(&again).await.expect_status(200);
        assert!(found.has("#empty"), "{found:?}");
    }
    // What was ticked in the list is another matter.
    let ticked = ana.visit(&app.at("/certificates?kept=yes")).await;
    assert!(ticked.has("form#filter"), "{ticked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_pressed_too_late_does_nothing_and_the_sign_in_page_says_so() {
    let (app, ana) = (App::spawn().await, Browser::new());
    app.sign_in_directly(&ana, "ra-app").await;
    let page = ana.visit(&app.at("/account")).await;
    app.clock.advance(IDLE);
    let everywhere = page.form("form[action='/sign-out/everywhere']");
    let sign_in = ana.submit_and_follow(&everywhere).await;
    assert_eq!(sign_in.url.path(), "/sign-in", "{sign_in:?}");
    let why = sign_in.text(".banner");
    assert!(why.contains("was not done"), "{sign_in:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_somebody_who_was_signed_in_before_says_that_somebody_else_is() {
    let (app, shared) = (App::spawn().await, Browser::new());
    let hers = at_the_name(&app, &shared).await.form("form#step");
    let home = shared.visit(&app.url).await;
    let out = home.form("form[action='/sign-out']");
    shared.submit(&out).await.expect_redirect_to("/sign-in");
    app.sign_in(&shared, "noperm").await;
    let refused = shared.submit(&hers).await.expect_status(403);
    assert_eq!(refused.problem(), "other_session", "{refused:?}");
    assert!(refused.has("#signed-in-as"), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn b04_somebody_else_who_signs_in_there_sees_nothing_of_it() {
    let (app, shared) = (App::spawn().await, Browser::new());
    let step = at_the_name(&app, &shared).await;
    app.clock.advance(IDLE);
    let typed = step.form("form#step").set("common_name", "SECRETO");
    let led_to = shared.submit(&typed).await;
    let theirs = signs_in(&app, &shared, led_to, "noperm").await;
    let theirs = theirs.expect_status(404);
    assert!(!theirs.body.contains("SECRETO"), "{theirs:?}");
    let kind = shared.visit(&app.at("/issue/kind?kept=yes")).await;
    assert!(!kind.has(".banner"), "{kind:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_from_another_tab_meanwhile_is_not_overwritten() {
    let (app, ana) = (App::spawn().await, Browser::new());
    let step = at_the_name(&app, &ana).await;
    let saved = step.form("form#step").set("common_name", "BEA");
    ana.submit(&saved).await.expect_status(303);
    app.clock.advance(IDLE);
    let late = step.form("form#step").set("common_name", "ANA");
    let led_to = ana.submit(&late).await;
    let back = signs_in(&app, &ana, led_to, "ra-app").await;
    let form = back.form("form#step");
    assert_eq!(form.value("common_name"), Some("ANA"));
    let stale = ana.submit(&form).await.expect_status(409);
    assert_eq!(stale.texts(".banner td"), ["BEA", "ANA"], "{stale:?}");
}

/// What is shown at the step after signing in again.
async fn comes_back(app: &App, browser: &Browser, step: &Page, late: Page) -> Option<String> {
    let _sign_in = browser.follow(late).await;
    app.sign_in_directly(browser, "ra-app").await;
    let url = format!("{}?kept=yes", step.url);
    let page = browser.visit(&url).await.expect_status(200);
    let form = page.form("form#step");
    form.value("common_name").map(ToOwned::to_owned)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_not_ours_or_too_large_is_not_kept() {
    let (app, ana) = (App::spawn().await, Browser::new());
    let step = at_the_name(&app, &ana).await;
    let typed = step.form("form#step").set("common_name", "ANA");
    app.clock.advance(IDLE);
    let forged = typed.clone().forge("csrf", "somebody else's");
    let large = typed.clone().set("common_name", &"A".repeat(17 * 1024));
    let elsewhere = [("origin", "https://evil.example")];
    for late in [
        ana.submit(&forged).await,
        ana.submit(&large).await,
        ana.submit_with(&typed, &elsewhere).await,
    ] {
        assert!([303, 403].contains(&late.status.as_u16()), "{late:?}");
        let shown = comes_back(&app, &ana, &step, late).await;
        assert_eq!(shown.as_deref(), Some(""), "{shown:?}");
        app.clock.advance(IDLE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_outlives_signing_out_in_another_tab_or_everywhere_and_the_page_says_why() {
    for (act, elsewhere) in [("/sign-out", false), ("/sign-out/everywhere", true)] {
        let (app, ana) = (App::spawn().await, Browser::new());
        let step = at_the_name(&app, &ana).await;
        let typed = step.form("form#step").set("common_name", "Núñez");
        let other = Browser::new();
        let actor = match elsewhere {
            true => {
                app.sign_in_directly(&other, "ra-app").await;
                &other
            }
            false => &ana,
        };
        let account = actor.visit(&app.at("/account")).await;
        let out = account.form(&format!("form[action='{act}']"));
        actor.submit(&out).await.expect_redirect_to("/sign-in");
        let led_to = ana.submit(&typed).await.expect_status(303);
        let sign_in = ana.visit(led_to.location().unwrap().as_str()).await;
        let why = sign_in.text(".banner");
        assert!(why.contains("another tab or on another device"), "{why}");
        assert!(why.contains("is kept"), "{why}");
        let shown = comes_back(&app, &ana, &step, led_to).await;
        assert_eq!(shown.as_deref(), Some("Núñez"), "{act}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_says_whose_a_form_is_fits_no_other_form_and_lasts_a_day() {
    let (app, ana, bea) = (App::spawn().await, Browser::new(), Browser::new());
    let hers = at_the_name(&app, &ana).await.form("form#step");
    app.sign_in(&bea, "noperm").await;
    let theirs = bea.visit(&app.at("/issue")).await.form("form#step");
    let nobody = Browser::new();
    let keeper = |form: &crate::support::page::Form| form.value("keeper").unwrap().to_owned();
    let mixed = hers.clone().forge("keeper", &keeper(&theirs));
    let damaged = hers.clone().forge("keeper", &keeper(&hers)[1..]);
    let page = "SELECT COUNT(*) FROM kept_forms";
    let kept = async || -> i64 {
        let counted = sqlx::query_scalar(page).fetch_one(app.portal.storage.pool());
        counted.await.unwrap()
    };
    for form in [&mixed, &damaged] {
        nobody.submit(form).await.expect_redirect_to("/sign-in");
    }
    assert_eq!(kept().await, 0);
    nobody.submit(&hers).await.expect_redirect_to("/sign-in");
    assert_eq!(kept().await, 1);
    app.clock.advance(Duration::from_secs(24 * 60 * 60));
    nobody.submit(&theirs).await.expect_redirect_to("/sign-in");
    assert_eq!(kept().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_it_stands_readable_in_the_database() {
    let (app, ana) = (App::spawn().await, Browser::new());
    let step = at_the_name(&app, &ana).await;
    app.clock.advance(IDLE);
    let typed = step.form("form#step").set("common_name", "CANARIO");
    ana.submit(&typed).await.expect_status(303);
    let rows: Vec<Vec<u8>> = sqlx::query_scalar("SELECT form FROM kept_forms")
        .fetch_all(app.portal.storage.pool())
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);
    let readable = rows[0].windows(7).any(|bytes| bytes == b"CANARIO");
    assert!(!readable);
    app.clock.advance(Duration::from_secs(60 * 60));
    rubrica::services::housekeeping::sweep(&app.portal)
        .await
        .unwrap();
    let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM kept_forms")
        .fetch_one(app.portal.storage.pool())
        .await
        .unwrap();
    assert_eq!(rows, 0);
}
