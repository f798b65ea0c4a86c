//! Wrong passwords by the hundred.

use std::time::{Duration, Instant};

use futures_util::future::join_all;

use crate::support::admin;
use crate::support::browser::Browser;
use crate::support::deployed::Deployed;
use crate::support::page::{Form, Page};
use crate::support::process::Process;

const PASSWORD: &str = "correct horse battery staple";

/// What is promised.
const MORE_MEMORY: usize = 30 * 1024;

/// How many wrong passwords come at once, and how soon the right one is answered beside them.
/// This is promised of an optimised build, which `CRASH_BINARY` may name. One that is not, on
/// processors that other tests use, takes seconds for the pages of 400 alone, and says after
/// a while that it is busy: there are fewer, but three times as many as may wait.
fn wrong_ones() -> (usize, Duration) {
    match std::env::var_os("CRASH_BINARY") {
        Some(_) => (400, Duration::from_secs(1)),
        None => (150, Duration::from_secs(8)),
    }
}

/// A portal behind a trusted proxy, so that tests may come from any address.
async fn portal_with_admin() -> (Deployed, Process) {
    let deployed = Deployed::start(None, 1).await;
    let proxies = "log = \"warn\"\ntrusted_proxies = \"127.0.0.1\"";
    deployed.rewrite(0, "log = \"warn\"", proxies);
    let portal = deployed.serve(0);
    std::fs::write(deployed.dir.path().join("password"), PASSWORD).unwrap();
    let made = deployed
        .command(0, &admin::create("ana"), &[])
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    (deployed, portal)
}

/// The sign-in form of the admins, and the browser that got it.
async fn form(deployed: &Deployed) -> (Browser, Form) {
    let browser = Browser::new();
    let page = browser
        .get(&format!("{}/admin/sign-in", deployed.origin()))
        .await;
    let form = page.form("main form#step").set("username", "ana");
    (browser, form)
}

/// Tries a password from an address.
async fn try_from(browser: &Browser, form: &Form, password: &str, address: &str) -> Page {
    let form = form.clone().set("password", password);
    browser
        .submit_with(&form, &[("x-forwarded-for", address)])
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn i02_the_right_password_is_answered_within_a_second_beside_four_hundred_wrong_ones() {
    let (deployed, _portal) = portal_with_admin().await;
    let (many, within) = wrong_ones();
    let (browser, wrong) = form(&deployed).await;
    try_from(&browser, &wrong, "quite wrong", "10.0.0.1")
        .await
        .expect_status(422);
    let (right_browser, right) = form(&deployed).await;
    let wrongs = (0..many).map(|at| {
        let (browser, form) = (&browser, &wrong);
        async move {
            let address = format!("10.0.1.{}", at % 100);
            let page = try_from(browser, form, "quite wrong", &address).await;
            page.status.as_u16()
        }
    });
    let right = async {
        // Once they are under way.
        tokio::time::sleep(Duration::from_millis(100)).await;
        let begun = Instant::now();
        let page = try_from(&right_browser, &right, PASSWORD, "10.0.2.1").await;
        (page, begun.elapsed())
    };
    let (statuses, (page, took)) = tokio::join!(join_all(wrongs), right);
    page.expect_redirect_to("/admin");
    eprintln!("right password after {took:?}");
    assert!(took < within, "{took:?}");
    let strange: Vec<_> = statuses
        .iter()
        .filter(|status| !matches!(status, 422 | 429))
        .collect();
    assert!(strange.is_empty(), "{strange:?}");
    assert!(statuses.contains(&429), "the line is not bounded");
}

#[tokio::test(flavor = "multi_thread")]
async fn i02_memory_is_given_back_after_five_hundred_tries() {
    let (deployed, portal) = portal_with_admin().await;
    let (browser, form) = form(&deployed).await;
    let before = portal.memory();
    let mut most = before;
    for round in 0..10 {
        let tries = (0..50).map(|at| {
            let (browser, form) = (&browser, &form);
            async move {
                let address = format!("10.0.{round}.{at}");
                try_from(browser, form, "quite wrong", &address).await
            }
        });
        for page in join_all(tries).await {
            assert!(matches!(page.status.as_u16(), 422 | 429), "{page:?}");
        }
        most = most.max(portal.memory());
    }
    let after = portal.memory();
    portal.settles(|| portal.memory() < before + MORE_MEMORY);
    let settled = portal.memory();
    eprintln!("500 tries: {before} KiB before, {most} at most, {after} after, {settled} at rest");
    assert!(settled < before + MORE_MEMORY, "{before} {settled}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i02_who_finds_the_line_full_is_told_when_to_try_again() {
    let (deployed, _portal) = portal_with_admin().await;
    let (browser, form) = form(&deployed).await;
    let tries = (0..200).map(|at| {
        let (browser, form) = (&browser, &form);
        async move {
            let address = format!("10.0.3.{at}");
            try_from(browser, form, "quite wrong", &address).await
        }
    });
    let pages = join_all(tries).await;
    let is_told = |page: &&Page| page.find("#problem").is_some() && page.problem() == "hurried";
    let told = pages.iter().find(is_told).expect("nobody was told");
    assert_eq!(told.status.as_u16(), 429, "{told:?}");
    assert_eq!(told.header("retry-after"), "5", "{told:?}");
    assert!(told.has("#request-id"), "{told:?}");
}
