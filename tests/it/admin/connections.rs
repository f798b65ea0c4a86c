//! Connections in an admin's hands.

use serde_json::json;

use crate::support::admin::{self, move_url, url_state};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::{Form, Page};

const KEY: &str = "canary-shared-key";

async fn form_of(app: &App, browser: &Browser, slug: &str) -> Form {
    let page = browser
        .visit(&app.at(&format!("/admin/connections/{slug}")))
        .await;
    page.expect_status(200).form("main form#step")
}

/// The form of a new connection to the sandbox, filled in.
async fn new_form(app: &App, browser: &Browser) -> Form {
    form_of(app, browser, "new")
        .await
        .set("name", "Acme")
        .set("slug", "acme")
        .set("base_url", &app.sandbox.url)
        .set("partner", "acme-portal")
        .set("shared_key", KEY)
}

fn error_at(page: Page, field: &str) -> Page {
    let page = page.expect_status(422);
    assert!(
        page.has(&format!("#error-summary a[href='#{field}']")),
        "{field}: {page:?}"
    );
    page
}

async fn shared_key(app: &App) -> String {
    let all = app.portal.connections.all().await.unwrap();
    let demo = all.iter().find(|one| one.slug.as_str() == "demo").unwrap();
    demo.shared_key.expose().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_connection_leads_from_the_form_to_a_real_sign_in() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let demo = form_of(&app, &ana, "demo").await;
    let form = new_form(&app, &ana)
        .await
        .set("partner", demo.value("partner").unwrap())
        .set("shared_key", &shared_key(&app).await)
        .set("temp_token", "signed");
    let page = admin::saved(&ana, &form).await.expect_status(200);
    assert!(page.has(".banner.good"), "{page:?}");
    let registry = app.at("/admin/redirect-urls?connection=acme");
    let form = ana.visit(&registry).await.form("main form#step");
    let url = app.at("/callback/acme");
    assert_eq!(
        (form.value("connection"), form.value("url")),
        (Some("acme"), Some(url.as_str()))
    );
    ana.submit_and_follow(&form).await.expect_status(200);
    assert_eq!(url_state(&app, &ana, "acme").await, "draft");
    let home = ana.visit(&app.at("/admin")).await;
    let tasks = home.texts(".tasks > li > .tag");
    assert_eq!(tasks[4], "To do", "one that waits is not hidden: {home:?}");
    let user = Browser::new();
    let sign_in = app.at("/sign-in?connection=acme");
    let button = user
        .visit(&sign_in)
        .await
        .form("form[action='/sign-in/redtrust']");
    user.submit(&button).await.expect_status(409);

    let partner = demo.value("partner").unwrap();
    app.sandbox
        .post("redirect-urls", json!({"url": url, "partner": partner}))
        .await;
    move_url(&app, &ana, "acme", "registered")
        .await
        .expect_status(200);
    assert_eq!(url_state(&app, &ana, "acme").await, "registered");
    let at_redtrust = user.submit_and_follow(&button).await.form("form");
    let at_redtrust = at_redtrust.set("username", "demo").set("password", "demo");
    let home = user
        .submit_and_follow(&at_redtrust)
        .await
        .expect_status(200);
    assert!(home.text("#signed-in-as").contains("demo"), "{home:?}");
    assert_eq!(url_state(&app, &ana, "acme").await, "confirmed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_stands_at_its_field_and_the_rest_is_kept() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    for (field, value) in [
        ("name", " "),
        ("slug", "Acme"),
        ("slug", "new"),
        ("slug", "demo"),
        ("base_url", "https://redtrust.example/path"),
        ("base_url", "http://redtrust.example"),
        ("base_url", "https://169.254.169.254"),
        ("base_url", "https://[::ffff:169.254.169.254]"),
        ("base_url", "https://2852039166"),
        ("partner", "a\u{200B}b"),
        ("shared_key", ""),
        ("validity_days", "0"),
        ("issue_timeout_secs", "601"),
        ("extra_sign_in_origins", "https://a.example/path"),
        ("signed_message", "{partner}"),
        ("temp_token_field", "a b"),
    ] {
        let form = new_form(&app, &ana).await.set(field, value);
        let page = error_at(ana.submit(&form).await, field);
        assert!(!page.body.contains(KEY), "{page:?}");
        let again = page.form("main form#step");
        let kept = if field == "partner" {
            "name"
        } else {
            "partner"
        };
        assert_eq!(again.value(kept), form.value(kept));
    }
    for field in ["key_encoding", "temp_token"] {
        let form = new_form(&app, &ana).await.forge(field, "rot13");
        error_at(ana.submit(&form).await, field);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn c03_the_shared_key_stands_in_no_page_and_saving_settings_keeps_it() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let form = new_form(&app, &ana).await;
    let made = admin::saved(&ana, &form).await.expect_status(200);
    let facts = made.text("#key-facts");
    assert!(facts.contains(&KEY.len().to_string()), "{facts}");
    let form = form_of(&app, &ana, "acme").await.set("name", "Acme two");
    assert!(!form.has("shared_key"));
    // As a password manager would, if the field were still there.
    let form = form.forge("shared_key", "the admin's password");
    let saved = admin::saved(&ana, &form).await.expect_status(200);
    assert_eq!(saved.text("#key-facts"), facts);
    assert_eq!(saved.text("main h1"), "Acme two");
    for path in [
        "/admin",
        "/admin/connections",
        "/admin/connections/acme",
        "/admin/connections/acme/key",
        "/admin/connections/acme/next-key",
        "/admin/redirect-urls",
        "/admin/audit",
    ] {
        let page = ana.visit(&app.at(path)).await.expect_status(200);
        assert!(!page.body.contains(KEY), "{path}: {page:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn c13_of_two_admins_the_second_sees_both_values_first() {
    let app = admin::app().await;
    let (ana, eva) = (admin::signed_in(&app).await, admin::signed_in(&app).await);
    let first = form_of(&app, &ana, "demo").await.set("name", "By Ana");
    let second = form_of(&app, &eva, "demo").await.set("name", "By Eva");
    admin::saved(&ana, &first).await.expect_status(200);
    let page = eva.submit(&second).await.expect_status(409);
    let said = page.text("#name-error");
    assert!(said.contains("Name: stored now is “By Ana”"), "{page:?}");
    assert_eq!(page.texts("#error-summary li").len(), 1, "{page:?}");
    let warning = page.text(".banner.warning");
    assert!(warning.contains("Name"), "{page:?}");
    let by = format!("in the meantime (by {}, ", admin::USERNAME);
    assert!(warning.contains(&by), "{page:?}");
    let again = page.form("main form#step");
    assert_eq!(again.value("name"), Some("By Eva"));
    let saved = admin::saved(&eva, &again).await.expect_status(200);
    assert_eq!(saved.text("main h1"), "By Eva");
    let ask = eva.visit(&app.at("/admin/connections/demo/off")).await;
    let stale = ask.form("form#switch").set("version", "1");
    admin::saved(&eva, &stale).await.expect_status(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_admins_changed_in_different_fields_is_joined_and_shown_before_it_is_saved() {
    let app = admin::app().await;
    let (ana, eva) = (admin::signed_in(&app).await, admin::signed_in(&app).await);
    let late = form_of(&app, &eva, "demo").await;
    let late = late.set("issue_timeout_secs", "61");
    for (field, value) in [("validity_days", "31"), ("reminder_days", "9")] {
        let first = form_of(&app, &ana, "demo").await.set(field, value);
        admin::saved(&ana, &first).await.expect_status(200);
    }
    let page = eva.submit(&late).await.expect_status(409);
    assert!(!page.has("#error-summary"), "{page:?}");
    let told = page.text(".banner.info");
    assert!(told.contains("value stored now"), "{page:?}");
    let again = page.form("main form#step");
    for (field, value) in [
        ("validity_days", "31"),
        ("reminder_days", "9"),
        ("issue_timeout_secs", "61"),
    ] {
        assert_eq!(again.value(field), Some(value), "{field}");
    }
    let stored = form_of(&app, &ana, "demo").await;
    assert_ne!(stored.value("issue_timeout_secs"), Some("61"), "not yet");
    // Once more, with what was changed since.
    let second = stored.set("validity_days", "32");
    admin::saved(&ana, &second).await.expect_status(200);
    let page = eva.submit(&again).await.expect_status(409);
    let again = page.form("main form#step");
    assert_eq!(again.value("validity_days"), Some("32"));
    assert_eq!(again.value("issue_timeout_secs"), Some("61"));
    admin::saved(&eva, &again).await.expect_status(200);
    let stored = form_of(&app, &ana, "demo").await;
    assert_eq!(stored.value("validity_days"), Some("32"));
    assert_eq!(stored.value("issue_timeout_secs"), Some("61"));
}

#[tokio::test(flavor = "multi_thread")]
async fn both_changes_are_joined_behind_the_pages_between_and_in_the_other_language() {
    let app = admin::app().await;
    let (ana, eva) = (admin::signed_in(&app).await, admin::signed_in(&app).await);
    let elsewhere = app.sandbox.url.replace("127.0.0.1", "localhost");
    for (field, value, days) in [
        ("revocation_text", "Call 900", "31"),
        ("base_url", elsewhere.as_str(), "32"),
    ] {
        let late = form_of(&app, &eva, "demo").await.set(field, value);
        let between = eva.submit(&late).await.expect_status(200);
        let first = form_of(&app, &ana, "demo").await.set("validity_days", days);
        admin::saved(&ana, &first).await.expect_status(200);
        let between = between.form("main form#step");
        let between = match field {
            "base_url" => between.set("shared_key", KEY),
            _ => between.set("password", admin::PASSWORD),
        };
        let page = eva.submit(&between).await.expect_status(409);
        assert!(!page.has("#error-summary"), "{page:?}");
        assert!(!page.body.contains(KEY), "{page:?}");
        let again = page.form("main form#step");
        assert_eq!(again.value(field), Some(value));
        assert_eq!(again.value("validity_days"), Some(days));
    }
    let late = form_of(&app, &eva, "demo").await.set("partner", "EVA");
    let first = form_of(&app, &ana, "demo").await.set("validity_days", "33");
    admin::saved(&ana, &first).await.expect_status(200);
    let keep = "/admin/session/keep?place=/admin/connections/demo&language=es";
    let kept = eva.submit_and_follow(&late.to(&app.at(keep))).await;
    let kept = kept.expect_status(200).form("main form#step");
    let page = eva.submit(&kept).await.expect_status(409);
    assert!(!page.has("#error-summary"), "{page:?}");
    let again = page.form("main form#step");
    assert_eq!(again.value("validity_days"), Some("33"));
    assert_eq!(again.value("partner"), Some("EVA"));
}

#[tokio::test(flavor = "multi_thread")]
async fn c12_further_fields_change_nothing_and_the_slug_stays() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let off = admin::disable(&app, &ana, "demo").await;
    let state = |page: &Page| page.attribute("#connection-state", "data-state").unwrap();
    assert_eq!(state(&off), "disabled");
    let form = off.form("main form#step");
    let form = ["enabled", "role", "sandbox", "from_file"]
        .iter()
        .fold(form, |form, field| form.forge(field, "yes"))
        .forge("slug", "other");
    let saved = ana.submit_and_follow(&form).await.expect_status(200);
    assert_eq!(state(&saved), "disabled");
    assert!(saved.url.path().ends_with("/demo"), "{saved:?}");
    let user = Browser::new();
    let none = user.visit(&app.at("/sign-in?connection=demo")).await;
    none.expect_status(404);
    let on = admin::saved(&ana, &saved.form("form#switch")).await;
    assert_eq!(state(&on), "enabled");
    app.sign_in(&user, "demo").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_server_that_may_be_entered_is_one_that_the_sign_in_form_may_lead_to() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    for (slug, server, other) in [
        (
            "one",
            "https://red_trust.acme.example:8082",
            "https://sso_1.acme.example",
        ),
        (
            "two",
            "http://redtrust.localhost:8082",
            "http://sso.localhost",
        ),
        ("three", "https://[fd12::1]:8082", "https://[fd12::2]"),
    ] {
        let form = new_form(&app, &ana).await.set("slug", slug);
        let form = form
            .set("name", slug)
            .set("base_url", server)
            .set("extra_sign_in_origins", other);
        admin::saved(&ana, &form).await.expect_status(200);
        let sign_in = app.at(&format!("/sign-in?connection={slug}"));
        let page = Browser::new().visit(&sign_in).await.expect_status(200);
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        let leads_to = format!("form-action 'self' {server} {other};");
        assert!(policy.contains(&leads_to), "{policy}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn c11_markup_in_a_name_stays_text() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let payload = "<img src=x onerror=alert(1)>{{7*7}}</bdi>";
    let form = form_of(&app, &ana, "demo").await.set("name", payload);
    let page = admin::saved(&ana, &form).await.expect_status(200);
    assert_eq!(page.text("main h1"), payload);
    for path in [
        "/admin/connections",
        "/admin/redirect-urls",
        "/admin/audit",
        "/sign-in",
    ] {
        let page = ana.visit(&app.at(path)).await.expect_status(200);
        assert!(page.text("main").contains("{{7*7}}"), "{path}: {page:?}");
        assert!(!page.has("main img"), "{path}: {page:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_of_the_configuration_file_can_only_be_looked_at() {
    let app = App::spawn_acme("").await;
    admin::make_admin(&app).await;
    let ana = admin::signed_in(&app).await;
    let page = ana.visit(&app.at("/admin/connections/acme")).await;
    assert!(page.text("main").contains("configuration file"), "{page:?}");
    let form = "main form:not([action$='/test'])";
    assert!(!page.has(form), "{page:?}");
    let registry = ana.visit(&app.at("/admin/redirect-urls")).await;
    assert!(!registry.has("main form"), "{registry:?}");
    let form = form_of(&app, &ana, "new").await.forge("version", "1");
    for (path, to) in [
        ("/admin/connections/acme", ""),
        ("/admin/connections/acme/state", "off"),
    ] {
        let form = form.clone().forge("to", to).to(&app.at(path));
        ana.submit(&form).await.expect_status(403);
    }
    let form = form
        .to(&app.at("/admin/redirect-urls"))
        .forge("connection", "acme");
    let url = app.at("/callback/acme");
    error_at(ana.submit(&form.forge("url", &url)).await, "connection");
}
