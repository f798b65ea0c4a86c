//! Before a session ends: what the page says, and the way to keep it.

use std::time::Duration;

use crate::support::admin;
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Page;

const MINUTE: Duration = Duration::from_secs(60);

fn seconds(page: &Page, name: &str) -> u64 {
    let value = page.attribute("dialog#session-end", name);
    value.unwrap_or_else(|| panic!("{page:?}")).parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_knows_how_long_its_session_lasts_and_keeping_it_works() {
    let (app, ana) = (App::spawn().await, Browser::new());
    app.sign_in(&ana, "demo").await;
    app.clock.advance(MINUTE * 14);
    let page = ana.get(&app.url).await.expect_status(200);
    assert_eq!(seconds(&page, "data-ends-in"), 15 * 60, "{page:?}");
    assert_eq!(seconds(&page, "data-last-in"), (8 * 60 - 14) * 60);
    assert!(!page.has("dialog[open]"), "{page:?}");
    let stay = page.form("dialog#session-end form[method=post]");
    app.clock.advance(MINUTE * 14);
    let kept = ana.submit(&stay).await.expect_status(204);
    assert_eq!(kept.header("x-session-seconds"), "900");
    app.clock.advance(MINUTE * 14);
    ana.get(&app.url).await.expect_status(200);
    app.clock.advance(MINUTE * 16);
    ana.submit(&stay).await.expect_redirect_to("/sign-in");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_keeps_a_session_beyond_its_limit() {
    let (app, ana) = (App::spawn().await, Browser::new());
    app.sign_in(&ana, "demo").await;
    let mut page = ana.get(&app.url).await;
    for _ in 0..(8 * 6 - 1) {
        app.clock.advance(MINUTE * 10);
        let stay = page.form("dialog#session-end form[method=post]");
        ana.submit(&stay).await.expect_status(204);
        page = ana.get(&app.url).await.expect_status(200);
    }
    assert_eq!(seconds(&page, "data-last-in"), 600);
    assert_eq!(seconds(&page, "data-ends-in"), 600);
    app.clock.advance(MINUTE * 10);
    let stay = page.form("dialog#session-end form[method=post]");
    ana.submit(&stay).await.expect_redirect_to("/sign-in");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_step_says_how_long_one_may_pause() {
    for (language, words) in [("en", "for 15 minutes"), ("es", "durante 15 minutos")] {
        let (app, ana) = (App::spawn().await, Browser::speaking(language));
        let before = ana.visit(&app.at("/sign-in")).await;
        assert!(!before.has("#pause") && !before.has("dialog"), "{before:?}");
        app.sign_in(&ana, "demo").await;
        for path in ["/issue", "/renew"] {
            let step = ana.visit(&app.at(path)).await;
            assert!(step.text("#pause").contains(words), "{step:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_is_warned_and_stays_too() {
    let app = App::spawn().await;
    admin::make_admin(&app).await;
    let browser = admin::signed_in(&app).await;
    let desk = browser.get(&app.at("/admin")).await.expect_status(200);
    let stay = desk.form("dialog#session-end form[method=post]");
    app.clock.advance(MINUTE * 14);
    browser.submit(&stay).await.expect_status(204);
    app.clock.advance(MINUTE * 14);
    browser.get(&app.at("/admin")).await.expect_status(200);
}
