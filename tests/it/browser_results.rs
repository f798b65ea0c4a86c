//! What scripts add, in Chromium: progress without loading again, and the
//! word before the session ends.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::chromium::{Chromium, Look};

const MINUTE: Duration = Duration::from_secs(60);

/// Somebody signed in on a phone; nothing where there is no browser.
async fn on_a_phone() -> Option<(App, Chromium)> {
    let chromium = Chromium::start(Look {
        language: "es",
        width: 320,
        javascript: true,
    })
    .await?;
    let app = App::spawn().await;
    chromium.goto(&app.url).await;
    chromium
        .click("form[action='/sign-in/redtrust'] button")
        .await;
    chromium.wait_for("[name=password]").await;
    chromium.fill("[name=username]", "demo").await;
    chromium.fill("[name=password]", "demo").await;
    chromium.click("form [type=submit]").await;
    chromium.wait_for("#signed-in-as").await;
    Some((app, chromium))
}

async fn script(chromium: &Chromium, text: &str) -> Value {
    chromium.client.execute(text, Vec::new()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_shows_while_it_happens_and_the_result_comes_by_itself() {
    let Some((app, chromium)) = on_a_phone().await else {
        return;
    };
    let slow = |operation: &str, millis: u32| {
        json!({"operation": operation, "effect": "before", "action": "delay",
            "value": millis, "times": 1})
    };
    let faults = [slow("csr_create", 4000), slow("csr_finalize", 3000)];
    app.sandbox.put("faults", json!({"faults": faults})).await;
    chromium.goto(&app.at("/issue")).await;
    chromium.click("[name=kind][value=name]").await;
    while !chromium.has("#state").await {
        if chromium.has("[name=common_name]").await {
            chromium.fill("[name=common_name]", "ÁNGELA").await;
        }
        if chromium.has("[name=confirm]:not(:checked)").await {
            chromium.click("[name=confirm]").await;
        }
        let before = chromium.path().await;
        chromium
            .click("form#step button[type=submit]:last-of-type")
            .await;
        chromium.wait_to_leave(&before).await;
        chromium.wait_for("form#step, #state").await;
    }
    script(&chromium, "window.mark = 'the same page'").await;
    chromium.wait_for("#steps .done").await;
    let mark = script(&chromium, "return window.mark").await;
    assert_eq!(mark, "the same page", "it loaded itself again");
    let news = script(
        &chromium,
        "return document.getElementById('news').textContent",
    )
    .await;
    assert_eq!(news, "Claves creadas (hecho)");
    chromium.expect_no_sideways_scrolling(320).await;
    chromium.wait_for("#state[data-state=issued]").await;
    chromium.expect_no_sideways_scrolling(320).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_minutes_before_the_session_ends_one_is_asked_and_can_stay() {
    let Some((app, chromium)) = on_a_phone().await else {
        return;
    };
    assert!(!chromium.has("dialog[open]").await);
    app.clock.advance(MINUTE * 14);
    script(
        &chromium,
        "const real = Date.now.bind(Date); Date.now = () => real() + 14 * 60000;",
    )
    .await;
    chromium.wait_for("dialog[open] form[method=post]").await;
    let asked = chromium.text("dialog").await;
    assert!(asked.contains("¿Sigue ahí?"), "{asked}");
    assert!(!asked.contains("haga lo que haga"), "{asked}");
    chromium.expect_no_sideways_scrolling(320).await;
    chromium.click("dialog form[method=post] button").await;
    chromium.wait_for("dialog:not([open])").await;
    app.clock.advance(MINUTE * 14);
    chromium.goto(&app.at("/issuances")).await;
    assert_eq!(chromium.path().await, "/issuances");

    app.clock.advance(MINUTE * 16);
    script(
        &chromium,
        "const real = Date.now.bind(Date); Date.now = () => real() + 16 * 60000;",
    )
    .await;
    chromium.wait_for("dialog[open] a[href='/sign-in']").await;
    let told = chromium.text("dialog").await;
    assert!(told.contains("Su sesión se ha cerrado"), "{told}");
}
