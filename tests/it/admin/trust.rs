//! Whoever has an admin's session but not the password cannot lead people to another
//! server, nor change whom the portal and its users trust.

use rubrica::domain::connection::{SETTINGS, Stake};

use super::ca::certificate;
use crate::support::admin::{self, PASSWORD};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Form;

async fn form_of(app: &App, ana: &Browser, slug: &str) -> Form {
    let page = ana
        .visit(&app.at(&format!("/admin/connections/{slug}")))
        .await;
    page.expect_status(200).form("main form#step")
}

/// Another text for each setting but the server's, whose page has its own test.
fn others() -> Vec<(&'static str, String)> {
    let ca = certificate(true, 2999).0;
    [
        ("name", "Other"),
        ("partner", "OTHER"),
        ("domain", "other"),
        ("ignore_case", "yes"),
        ("direct_login", ""),
        ("issuer_ca", ca.as_str()),
        ("validity_days", "31"),
        ("reminder_days", "9"),
        ("issue_timeout_secs", "61"),
        ("extra_sign_in_origins", "https://evil.example"),
        ("revocation_text", "Call 900"),
        ("revocation_url", "https://evil.example/revoke"),
        ("groups", "3 Sales"),
        ("info_fields", "file_no File"),
        ("attributes", "surname = 2.5.4.4"),
        ("lang", "pt"),
        ("signed_message", "{partner}{timestamp}{redirect_url}"),
        ("url_encoding", "dotnet-lower"),
        ("signature_encoding", "base64"),
        ("timestamp_unit", "milliseconds"),
        ("key_encoding", "hex"),
        ("temp_token", "opaque"),
        ("issuer", "somebody"),
        ("temp_token_field", "other"),
        ("client_request_code", "send"),
    ]
    .map(|(key, text)| (key, text.to_owned()))
    .into()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_setting_that_decides_whom_to_trust_asks_for_the_password() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let others = others();
    for setting in SETTINGS {
        if ["base_url", "ca"].contains(&setting.key) {
            assert_eq!(setting.stake, Stake::Trust, "{}", setting.key);
            continue;
        }
        let other = others.iter().find(|(key, _)| *key == setting.key);
        let (key, text) = other.unwrap_or_else(|| panic!("{} is not tried", setting.key));
        let form = form_of(&app, &ana, "demo").await;
        let before = form.value(key).unwrap_or_default().to_owned();
        assert_ne!(before, *text, "{key}");
        let form = form.without(key);
        let form = match text.as_str() {
            "" => form,
            text => form.forge(key, text),
        };
        let page = ana.submit(&form).await;
        if setting.stake == Stake::Work {
            page.expect_status(303);
            continue;
        }
        let page = page.expect_status(200);
        let stored = form_of(&app, &ana, "demo").await;
        assert_eq!(stored.value(key).unwrap_or_default(), before, "{key}");
        let question = page.form("main form#step");
        let page = ana.submit(&question.set("password", PASSWORD)).await;
        page.expect_redirect_to("/admin/connections/demo");
        let stored = form_of(&app, &ana, "demo").await;
        let stored = stored.value(key).unwrap_or_default().trim().to_owned();
        assert_eq!(stored, text.trim(), "{key}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_alone_makes_no_connection_and_switches_none() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let form = form_of(&app, &ana, "new").await;
    let form = form
        .set("name", "Acme")
        .set("slug", "acme")
        .set("base_url", &app.sandbox.url)
        .set("partner", "ACME")
        .forge("direct_login", "yes")
        .set("shared_key", "canary-shared-key");
    let same = form_of(&app, &ana, "demo").await;
    let same = same.value("name").unwrap().to_uppercase();
    let taken = ana.submit(&form.clone().set("name", &same)).await;
    let taken = taken.expect_status(422);
    assert!(taken.has("#name-error"), "{taken:?}");
    let asked = ana.submit(&form).await.expect_status(200);
    assert!(!asked.body.contains("canary"), "{asked:?}");
    let all = async || {
        app.portal.connections.changed();
        app.portal.connections.all().await.unwrap()
    };
    assert_eq!(all().await.len(), 1);
    let question = asked.form("main form#step");
    let wrong = ana.submit(&question.clone().set("password", "wrong")).await;
    let question = wrong.expect_status(422).form("main form#step");
    assert_eq!(all().await.len(), 1);
    let page = ana.submit(&question.set("password", PASSWORD)).await;
    page.expect_redirect_to("/admin/connections/acme");
    let made = all().await;
    let made = made.iter().find(|one| one.slug.as_str() == "acme").unwrap();
    assert_eq!(made.shared_key.expose(), "canary-shared-key");
    for (page, enabled) in [("acme/off", true), ("acme", false)] {
        let page = ana
            .visit(&app.at(&format!("/admin/connections/{page}")))
            .await;
        let asked = ana.submit(&page.form("form#switch")).await;
        let asked = asked.expect_status(200);
        let is_enabled = async || {
            all()
                .await
                .iter()
                .find(|one| one.slug.as_str() == "acme")
                .unwrap()
                .enabled
        };
        assert_eq!(is_enabled().await, enabled, "without the password");
        let question = asked.form("main form#step").set("password", PASSWORD);
        ana.submit(&question).await.expect_status(303);
        assert_eq!(is_enabled().await, !enabled);
    }
}
