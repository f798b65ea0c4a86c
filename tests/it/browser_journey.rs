//! The whole flow in Chromium: our own policies must not stand in its way.

use crate::support::app::App;
use crate::support::chromium::{Chromium, Look};

const DESKTOP: Look = Look {
    language: "en",
    width: 1100,
    javascript: true,
};

const PHONE: Look = Look {
    language: "es",
    width: 320,
    javascript: false,
};

#[tokio::test(flavor = "multi_thread")]
async fn at_a_desk_with_javascript_in_english() {
    walk(DESKTOP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_without_javascript_in_spanish() {
    walk(PHONE).await;
}

async fn walk(look: Look) {
    let Some(chromium) = Chromium::start(look).await else {
        return;
    };
    let app = App::spawn().await;
    sign_in(&app, &chromium, look).await;
    issue(&app, &chromium, look).await;
    renew(&chromium, look).await;
    chromium.click("form[action='/sign-out'] button").await;
    chromium.wait_for("form[action='/sign-in/redtrust']").await;
    chromium.client.back().await.unwrap();
    assert!(
        !chromium.has("#thumbprint").await,
        "Back shows what was signed out of"
    );
}

async fn sign_in(app: &App, chromium: &Chromium, look: Look) {
    chromium.goto(&app.url).await;
    assert_eq!(chromium.path().await, "/sign-in");
    look_at(chromium, look).await;
    chromium
        .click("form[action='/sign-in/redtrust'] button")
        .await;
    chromium.wait_for("[name=password]").await;
    look_at(chromium, look).await;
    chromium.fill("[name=username]", "demo").await;
    chromium.fill("[name=password]", "demo").await;
    chromium.click("form [type=submit]").await;
    chromium.wait_for("#signed-in-as").await;
    assert_eq!(chromium.path().await, "/");
    assert!(chromium.text("#signed-in-as").await.contains("demo"));
    look_at(chromium, look).await;
}

async fn issue(app: &App, chromium: &Chromium, look: Look) {
    chromium.goto(&app.at("/issue")).await;
    chromium.wait_for("form#step").await;
    chromium.click("[name=kind][value=name]").await;
    go_on(chromium, look).await;
    chromium
        .fill("[name=common_name]", "ÁNGELA DE LA PEÑA")
        .await;
    finish(chromium, look).await;
    assert_eq!(chromium.text("#holder").await, "ÁNGELA DE LA PEÑA");
}

async fn renew(chromium: &Chromium, look: Look) {
    chromium.click("main a[href^='/renew/']").await;
    chromium.wait_for("form#step").await;
    if chromium.has("[name=data_changed][value=no]").await {
        chromium.click("[name=data_changed][value=no]").await;
    }
    finish(chromium, look).await;
}

/// Submits step after step until the issuance's page says that it is issued.
async fn finish(chromium: &Chromium, look: Look) {
    for _ in 0..8 {
        if chromium.has("#state").await {
            chromium.wait_for("#state[data-state=issued]").await;
            chromium.wait_for("#thumbprint").await;
            return look_at(chromium, look).await;
        }
        if chromium
            .has("[name=data_changed][value=no]:not(:checked)")
            .await
        {
            chromium.click("[name=data_changed][value=no]").await;
        }
        if chromium.has("[name=confirm]:not(:checked)").await {
            chromium.click("[name=confirm]").await;
        }
        go_on(chromium, look).await;
    }
    panic!(
        "the steps do not end: {}",
        chromium.client.source().await.unwrap()
    );
}

async fn go_on(chromium: &Chromium, look: Look) {
    look_at(chromium, look).await;
    let before = chromium.path().await;
    chromium
        .click("form#step button[type=submit]:last-of-type")
        .await;
    chromium.wait_for("form#step, #state").await;
    assert_ne!(
        chromium.path().await,
        before,
        "{}",
        chromium.client.source().await.unwrap()
    );
}

async fn look_at(chromium: &Chromium, look: Look) {
    chromium.expect_no_sideways_scrolling(look.width).await;
}
