//! Nothing that an admin typed is lost: the session ends, the form is refused, or the
//! language is switched. Only secrets have to be typed again, and the page says so.

use std::time::Duration;

use crate::support::admin::{self, PASSWORD, USERNAME};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::chromium::{Chromium, Look};
use crate::support::page::{Form, Page};

const IDLE: Duration = Duration::from_secs(16 * 60);
const KEY: &str = "canary-shared-key";

async fn new_form(app: &App, browser: &Browser) -> Form {
    let page = browser.visit(&app.at("/admin/connections/new")).await;
    let form = page.form("main form#step").set("name", "Núñez & co");
    form.set("groups", "12 Ventas").set("shared_key", KEY)
}

/// Signs in on the page that a late form led to.
async fn signs_in(browser: &Browser, led_to: Page, username: &str) -> Page {
    let sign_in = browser.follow(led_to.expect_status(303)).await;
    assert_eq!(sign_in.url.path(), "/admin/sign-in", "{sign_in:?}");
    let form = sign_in.form("form#step").set("username", username);
    let wrong = browser.submit(&form.clone().set("password", "wrong")).await;
    let form = wrong.expect_status(422).form("form#step");
    let form = form.set("username", username).set("password", PASSWORD);
    browser.submit_and_follow(&form).await.expect_status(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_comes_after_the_session_has_ended_is_there_again() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let large = "# ".repeat(12 * 1024);
    let form = new_form(&app, &ana).await.set("ca", &large);
    app.clock.advance(IDLE);
    let led_to = ana.submit(&form).await;
    let back = signs_in(&ana, led_to, USERNAME).await;
    assert_eq!(back.url.path(), "/admin/connections/new", "{back:?}");
    let again = back.form("main form#step");
    for field in ["name", "groups"] {
        assert_eq!(again.value(field), form.value(field));
    }
    assert!(!back.body.contains(KEY), "{back:?}");
    assert!(back.text(".banner").contains("enter it again"), "{back:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn changed_settings_and_a_typed_url_come_back_too() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    for (path, field) in [
        ("/admin/connections/demo", "name"),
        ("/admin/redirect-urls", "url"),
    ] {
        let form = ana.visit(&app.at(path)).await.form("main form#step");
        app.clock.advance(IDLE);
        let led_to = ana.submit(&form.set(field, "https://typed.example")).await;
        let back = signs_in(&ana, led_to, USERNAME).await;
        assert_eq!(back.url.path(), path, "{back:?}");
        let again = back.form("main form#step");
        assert_eq!(again.value(field), Some("https://typed.example"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_pasted_to_be_compared_or_searched_comes_back_without_the_key() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let pasted = "https://typed.example/?hmac=00";
    for (path, field) in [
        ("/admin/diagnostics", "url"),
        ("/admin/connections/demo/dialect", "example_url"),
    ] {
        let form = ana.visit(&app.at(path)).await.form("main form#step");
        let form = form.set(field, pasted);
        let form = match path.ends_with("dialect") {
            true => form.set("shared_key", KEY),
            false => form,
        };
        app.clock.advance(IDLE);
        let led_to = ana.submit(&form).await;
        let back = signs_in(&ana, led_to, USERNAME).await;
        assert_eq!(back.url.path(), path, "{back:?}");
        assert!(back.text(".banner").contains("still here"), "{back:?}");
        let again = back.form("main form#step");
        assert_eq!(again.value(field), Some(pasted));
        assert!(!back.body.contains(KEY), "{back:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_comes_back_at_its_list() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    for (path, form, field) in [
        ("/attention", "form#filter", "organisation"),
        ("/attention/certificates", "form#filter", "q"),
        ("/admin/audit", "form[role=search]", "who"),
        ("/admin/sessions", "form#find-user", "login"),
    ] {
        let form = ana
            .visit(&app.at(path))
            .await
            .form(form)
            .set(field, "Núñez");
        app.clock.advance(IDLE);
        let led_to = ana.submit(&form).await;
        let back = signs_in(&ana, led_to, USERNAME).await;
        assert_eq!(back.url.path(), path, "{back:?}");
        assert!(back.text(".banner").contains("still here"), "{back:?}");
        let again = back.attribute(&format!("[name={field}]"), "value");
        assert_eq!(again.as_deref(), Some("Núñez"), "{back:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_sees_it_and_a_button_is_not_kept() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let form = new_form(&app, &ana).await;
    let page = ana.visit(&app.at("/admin/connections/demo/off")).await;
    let button = page.form("form#switch");
    app.clock.advance(IDLE);
    ana.submit(&button)
        .await
        .expect_redirect_to("/admin/sign-in");
    let forged = form.clone().forge("csrf", "x");
    let led_to = ana.submit(&forged).await;
    let home = admin::sign_in(&app, &ana, USERNAME, PASSWORD).await;
    home.expect_redirect_to("/admin");
    let undone = Some("out=undone");
    assert_eq!(led_to.location().unwrap().query(), undone, "{led_to:?}");
    app.clock.advance(IDLE);
    let form = Form::empty(&app.at("/admin/connections/new")).forge("name", "x");
    let stranger = Browser::new();
    let led_to = stranger.submit(&form).await;
    assert_eq!(led_to.location().unwrap().query(), undone, "{led_to:?}");
    let sign_in = stranger.follow(led_to).await;
    assert!(
        sign_in.text(".banner").contains("was not done"),
        "{sign_in:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_form_says_that_the_key_has_to_be_typed_again() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let form = new_form(&app, &ana).await;
    let page = ana.submit(&form).await.expect_status(422);
    let told = page.text("#shared_key-error");
    assert!(told.contains("Enter the shared key again"), "{told}");
    assert!(page.has("#error-summary a[href='#shared_key']"), "{page:?}");
    let again = page.form("main form#step");
    assert_eq!(again.value("groups"), form.value("groups"));
    assert!(!page.body.contains(KEY), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn switching_the_language_keeps_a_half_filled_form() {
    let look = Look {
        language: "en",
        width: 1024,
        javascript: true,
    };
    let Some(chromium) = Chromium::start(look).await else {
        return;
    };
    let app = admin::app().await;
    chromium.goto(&app.at("/admin/sign-in")).await;
    chromium.fill("#username", USERNAME).await;
    chromium.fill("#password", PASSWORD).await;
    chromium.press("form#step button").await;
    chromium.goto(&app.at("/admin/connections/new")).await;
    chromium.fill("#name", "Núñez").await;
    chromium.fill("#shared_key", KEY).await;
    chromium.press(".languages a[lang=es]").await;
    chromium.wait_for("html[lang=es]").await;
    let banner = chromium.text(".banner").await;
    assert!(banner.contains("sigue aquí"), "{banner}");
    let value = "return [document.getElementById('name').value, \
                 document.getElementById('shared_key').value]";
    let shown = chromium.client.execute(value, Vec::new()).await.unwrap();
    assert_eq!(shown, serde_json::json!(["Núñez", ""]));
    // Nothing typed, nothing kept.
    chromium.goto(&app.at("/admin/connections/demo")).await;
    chromium.press(".languages a[lang=en]").await;
    assert!(!chromium.has(".banner").await);
    signed_out_in_another_tab(&app, &chromium).await;
}

/// The dialog says why, and its button keeps what was typed.
async fn signed_out_in_another_tab(app: &App, chromium: &Chromium) {
    chromium.goto(&app.at("/admin/connections/new")).await;
    chromium.fill("#name", "Ibáñez").await;
    // As the page does that another tab comes to by signing out.
    let sign_out = "const done = arguments[0]; \
        const form = document.querySelector('form[action=\"/admin/sign-out\"]'); \
        fetch(form.action, {method: 'POST', body: new URLSearchParams(new FormData(form))}) \
        .then(() => new BroadcastChannel('admin-session').postMessage('out')).then(done);";
    let sent = chromium.client.execute_async(sign_out, Vec::new()).await;
    sent.unwrap();
    chromium.wait_for("#session-end[open]").await;
    let said = chromium.text("#session-end").await;
    assert!(said.contains("signed out in another tab"), "{said}");
    assert!(said.contains("is kept"), "{said}");
    assert!(said.contains("session has ended"), "{said}");
    assert!(!said.contains("still there"), "{said}");
    chromium.press("#session-end a").await;
    assert_eq!(chromium.path().await, "/admin/sign-in");
    chromium.fill("#username", USERNAME).await;
    chromium.fill("#password", PASSWORD).await;
    chromium.press("form#step button").await;
    assert_eq!(chromium.path().await, "/admin/connections/new");
    let value = "return document.getElementById('name').value";
    let shown = chromium.client.execute(value, Vec::new()).await.unwrap();
    assert_eq!(shown, serde_json::json!("Ibáñez"));
}
