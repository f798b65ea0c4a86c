//! What scripts add while one waits: progress without loading again, and the
//! word before the session ends.

use std::time::Duration;

use serde_json::{Value, json};

use super::issuing::choose;
use super::walker::{ANSWERS, Walker};
use super::{PHONE, look};

const MINUTE: Duration = Duration::from_secs(60);

async fn signed_in() -> Option<Walker> {
    let walker = Walker::start(look(true, "es", PHONE)).await?;
    walker.sign_in().await;
    Some(walker)
}

async fn script(walker: &Walker, text: &str) -> Value {
    let client = &walker.chromium.client;
    client.execute(text, Vec::new()).await.unwrap()
}

/// The page believes that so many minutes have passed.
async fn later(walker: &Walker, minutes: u32) {
    let text =
        format!("const real = Date.now.bind(Date); Date.now = () => real() + {minutes} * 60000;");
    script(walker, &text).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_shows_while_it_happens_and_the_result_comes_by_itself() {
    let Some(walker) = signed_in().await else {
        return;
    };
    let slow = |operation: &str, millis: u32| {
        json!({"operation": operation, "effect": "before", "action": "delay",
            "value": millis, "times": 1})
    };
    let faults = [slow("csr_create", 4000), slow("csr_finalize", 3000)];
    let faults = json!({"faults": faults});
    walker.app.sandbox.put("faults", faults).await;
    choose(&walker, "name").await;
    walker.finish(&ANSWERS).await;
    script(&walker, "window.mark = 'the same page'").await;
    walker.chromium.wait_for("#steps .done").await;
    let mark = script(&walker, "return window.mark").await;
    assert_eq!(mark, "the same page", "it loaded itself again");
    let news = script(
        &walker,
        "return document.getElementById('news').textContent",
    )
    .await;
    assert_eq!(news, "Crear las claves (hecho)");
    walker.look().await;
    walker.issued().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_minutes_before_the_session_ends_one_is_asked_and_can_stay() {
    let Some(walker) = signed_in().await else {
        return;
    };
    let (app, chromium) = (&walker.app, &walker.chromium);
    assert!(!chromium.has("dialog[open]").await);
    app.clock.advance(MINUTE * 14);
    later(&walker, 14).await;
    chromium.wait_for("dialog[open] form[method=post]").await;
    let asked = chromium.text("dialog").await;
    assert!(asked.contains("¿Sigue ahí?"), "{asked}");
    assert!(!asked.contains("haga lo que haga"), "{asked}");
    walker.look().await;
    chromium.click("dialog form[method=post] button").await;
    chromium.wait_for("dialog:not([open])").await;
    app.clock.advance(MINUTE * 14);
    walker.visit("/issuances").await;
    assert_eq!(chromium.path().await, "/issuances");

    app.clock.advance(MINUTE * 16);
    later(&walker, 16).await;
    chromium.wait_for("dialog[open] a[href='/sign-in']").await;
    let told = chromium.text("dialog").await;
    assert!(told.contains("Su sesión ha terminado"), "{told}");
}
