//! Somebody who clicks twice where once is enough.

use fantoccini::Locator;
use fantoccini::actions::{InputSource as _, MouseActions, PointerAction};
use std::time::Duration;

use crate::support::admin::{self, PASSWORD, USERNAME};
use crate::support::chromium::{Chromium, Look};

const LOOK: Look = Look {
    language: "en",
    width: 1024,
    javascript: true,
};

async fn double_click(chromium: &Chromium, css: &str) {
    let button = chromium.client.find(Locator::Css(css)).await.unwrap();
    let (press, release) = (
        PointerAction::Down { button: 0 },
        PointerAction::Up { button: 0 },
    );
    let pause = |millis| PointerAction::Pause {
        duration: Duration::from_millis(millis),
    };
    let mouse = MouseActions::new("mouse".to_owned())
        .then(PointerAction::MoveToElement {
            element: button,
            duration: None,
            x: 0.0,
            y: 0.0,
        })
        .then(press.clone())
        .then(pause(30))
        .then(release.clone())
        .then(pause(60))
        .then(press)
        .then(pause(30))
        .then(release);
    chromium.client.perform_actions(mouse).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_confirms_with_a_double_click_stays_signed_in() {
    let app = admin::app().await;
    let Some(chromium) = Chromium::start(LOOK).await else {
        return;
    };
    chromium.goto(&app.at("/admin/sign-in")).await;
    chromium.fill("[name=username]", USERNAME).await;
    chromium.fill("[name=password]", PASSWORD).await;
    double_click(&chromium, "form#step button").await;
    chromium.wait_for("#signed-in-as").await;

    for name in ["One", "Two", "Three"] {
        chromium.goto(&app.at("/admin/connections/demo")).await;
        chromium.fill("#name", name).await;
        chromium.press("form#step button[type=submit]").await;
        chromium.fill("#password", PASSWORD).await;
        double_click(&chromium, "form#step button[type=submit]").await;
        chromium.wait_to_read("main h1", name).await;
    }
    chromium.goto(&app.at("/admin")).await;
    chromium.wait_for("#signed-in-as").await;
}
