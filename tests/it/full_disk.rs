//! The disk is full: at every step our page says so, nothing is sent that is
//! not written down, and all goes on by itself once there is room.

use std::time::Duration;

use serde_json::json;

use crate::support::admin::tamper;
use crate::support::app::{App, fill, state_of};
use crate::support::browser::Browser;
use crate::support::page::{Form, Page};
use crate::support::small_disk::SmallDisk;

/// A portal whose data lies on a small disk.
async fn portal() -> Option<(SmallDisk, App)> {
    let disk = SmallDisk::mount()?;
    let url = format!("sqlite://{}", disk.path().join("rubrica.db").display());
    let app = App::spawn_with(&url, |_| {}).await;
    Some((disk, app))
}

/// Calls that make a key pair or a certificate.
async fn calls(app: &App) -> [usize; 2] {
    let sandbox = &app.sandbox;
    [
        sandbox.count("call", "csr_create").await,
        sandbox.count("call", "csr_finalize").await,
    ]
}

/// Sends `form` to a portal whose disk is full, and once more when there is room.
async fn first_in_vain(disk: &SmallDisk, app: &App, browser: &Browser, form: &Form) -> Page {
    let before = calls(app).await;
    disk.fill();
    for _ in 0..2 {
        let page = browser.submit(form).await.expect_status(503);
        assert_eq!(page.text("h1"), "The service is not available right now");
        assert!(!page.text("#request-id").is_empty(), "{page:?}");
    }
    let ready = browser.get(&app.at("/readyz")).await.expect_status(503);
    assert_eq!(ready.body, "database: full\n");
    assert_eq!(calls(app).await, before, "something was sent");
    disk.empty();
    let page = browser.submit_and_follow(form).await.expect_status(200);
    browser.get(&app.at("/readyz")).await.expect_status(200);
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn g01_every_step_says_that_it_cannot_be_saved_and_goes_well_later_without_a_restart() {
    let Some((disk, app)) = portal().await else {
        return;
    };
    let ana = Browser::new();
    let page = ana.visit(&app.at("/sign-in")).await;
    let form = page.form("form[action='/sign-in/direct']");
    let form = form.set("username", "ra-app").set("password", "ra-app");
    first_in_vain(&disk, &app, &ana, &form).await;

    // At each step something that is not so by itself.
    let answers = [
        ("kind", "name"),
        ("common_name", "ANA"),
        ("key_length", "3072"),
    ];
    let mut page = ana.visit(&app.at("/issue")).await;
    let mut steps = 0;
    while !page.has("#state") {
        let form = fill(page.form("main form#step"), &answers);
        page = first_in_vain(&disk, &app, &ana, &form).await;
        steps += 1;
        assert!(steps < 10, "the steps do not end: {page:?}");
    }
    assert!(steps > 2, "only {steps} steps");
    let page = app.settled(&ana, page).await;
    assert_eq!(state_of(&page), "issued", "{page:?}");
    assert_eq!(calls(&app).await, [1, 1]);

    let form = page.form("form[action='/sign-out']");
    first_in_vain(&disk, &app, &ana, &form).await;
    ana.get(&app.at("/issuances"))
        .await
        .expect_status(303)
        .location()
        .unwrap();
}

/// The free space alone says so: nothing is written, and an answer stays as it is while little
/// comes and goes.
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_as_good_as_full_is_noticed_before_a_write_fails() {
    let Some((disk, app)) = portal().await else {
        return;
    };
    let browser = Browser::new();
    for (kibibytes, status) in [(1500, 200), (500, 503), (1500, 503), (3000, 200)] {
        disk.fill_but(kibibytes);
        let page = browser.get(&app.at("/readyz")).await;
        let page = page.expect_status(status);
        let says = match status {
            200 => "ok\n",
            _ => "database: full\n",
        };
        assert_eq!(page.body, says, "{kibibytes} KiB");
    }
}

/// Loads the page until `is_so`.
async fn until(browser: &Browser, mut page: Page, is_so: impl Fn(&Page) -> bool) -> Page {
    for _ in 0..800 {
        if is_so(&page) {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
        page = browser.get(page.url.as_str()).await.expect_status(200);
    }
    panic!("it does not come to that: {page:?}");
}

/// The disk fills up while Redtrust is asked: its answer is kept until there
/// is room, and its page says meanwhile what it may.
async fn an_answer_waits_for_room(operation: &str, effect: &str, meanwhile: &str, says: &str) {
    let Some((disk, app)) = portal().await else {
        return;
    };
    let ana = Browser::new();
    app.sign_in_directly(&ana, "ra-app").await;
    app.sandbox
        .fault(operation, "before", "delay", json!(3_000), 1)
        .await;
    let answers = [("kind", "name"), ("common_name", "ANA")];
    let page = app.walk(&ana, "/issue", &answers).await;
    let page = until(&ana, page, |page| state_of(page) == meanwhile).await;
    disk.fill();
    app.sandbox.reaches(effect, operation, 1).await;
    let page = until(&ana, page, |page| page.text("main").contains(says)).await;
    // Long enough for it to be tried in vain some times.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let page = ana.get(page.url.as_str()).await.expect_status(200);
    assert_eq!(state_of(&page), meanwhile, "{page:?}");
    assert!(!page.has("main form"), "{page:?}");
    assert_eq!(app.sandbox.count(effect, operation).await, 1);
    disk.empty();
    let page = until(&ana, page, |page| state_of(page) == "issued").await;
    assert!(!page.text("#thumbprint").is_empty(), "{page:?}");
    assert_eq!(calls(&app).await, [1, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_pair_that_cannot_be_recorded_is_recorded_once_there_is_room() {
    an_answer_waits_for_room("csr_create", "key_pair", "creating", "").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_cannot_be_recorded_is_recorded_once_there_is_room() {
    let (effect, says) = ("certificate", "being recorded");
    an_answer_waits_for_room("csr_finalize", effect, "finalizing", says).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finalize_that_cannot_be_written_down_is_not_sent_and_waits_for_its_owner() {
    let (app, ana) = (App::spawn().await, Browser::new());
    app.sign_in_directly(&ana, "ra-app").await;
    tamper(
        &app,
        "CREATE TRIGGER no_more BEFORE UPDATE ON issuances WHEN NEW.state = 'finalizing' \
         BEGIN SELECT RAISE(ABORT, 'no more'); END",
    )
    .await;
    let answers = [("kind", "name"), ("common_name", "ANA")];
    let page = app.walk(&ana, "/issue", &answers).await;
    let page = until(&ana, page, |page| state_of(page) == "key_created").await;
    assert_eq!(calls(&app).await, [1, 0]);
    // The lease that its worker had.
    app.clock.advance(Duration::from_secs(7));
    let page = until(&ana, page, |page| page.has("form#resume")).await;
    let resume = page.form("form#resume");
    ana.submit(&resume).await.expect_status(503);
    assert_eq!(calls(&app).await, [1, 0]);
    tamper(&app, "DROP TRIGGER no_more").await;
    let page = ana.submit_and_follow(&resume).await.expect_status(200);
    let page = app.settled(&ana, page).await;
    assert_eq!(state_of(&page), "issued", "{page:?}");
    assert_eq!(calls(&app).await, [1, 1]);
}
