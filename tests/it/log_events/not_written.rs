//! The database refuses a write that a request does without, or that is tried again.

use std::time::Duration;

use rubrica::config::{MailConfig, WebhookConfig};
use rubrica::domain::mail::Policy;
use rubrica::domain::secret::Secret;
use serde_json::json;

use super::{meddle, refuse};
use crate::support::admin;
use crate::support::app::{App, fill, state_of};
use crate::support::browser::Browser;
use crate::support::events::told;

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_goes_on_where_it_cannot_be_noted() {
    let app = App::spawn().await;
    let failures = refuse(&app, "INSERT ON sign_in_failures").await;
    let successes = refuse(&app, "INSERT ON connection_health").await;
    let ana = Browser::new();
    let page = ana.visit(&app.at("/sign-in")).await;
    let form = page.form("form[action='/sign-in/direct']");
    let wrong = form.set("username", "ra-app").set("password", "wrong");
    let again = ana.submit(&wrong).await;
    assert!(again.has("form[action='/sign-in/direct']"), "{again:?}");
    let event = told("failure_not_noted", ("error", &failures)).await;
    assert_eq!(event["level"], "warn");
    app.sign_in_directly(&ana, "ra-app").await;
    let event = told("sign_in_not_noted", ("error", &successes)).await;
    assert_eq!(event["level"], "warn");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_comes_though_its_session_cannot_be_extended() {
    let (app, ana) = App::spawn_signed_in().await;
    let words = refuse(&app, "UPDATE OF used_at ON sessions").await;
    app.clock.advance(Duration::from_secs(120));
    ana.get(&app.at("/issuances")).await.expect_status(200);
    let event = told("session_not_extended", ("error", &words)).await;
    assert_eq!(event["level"], "warn");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_form_is_answered_though_its_session_cannot_be_read() {
    let (app, ana) = App::spawn_signed_in().await;
    let page = ana.visit(&app.at("/issue")).await;
    let form = fill(page.form("main form#step"), &[("kind", "name")]);
    let page = ana.submit_and_follow(&form).await;
    let form = fill(page.form("main form#step"), &[("common_name", "ANA")]);
    // Nobody is signed in in it any more, and once it was looked at it is damaged.
    meddle(&app, "UPDATE sessions SET state = '{}'".to_owned()).await;
    let damage = "CREATE TRIGGER damage AFTER UPDATE OF used_at ON sessions \
        BEGIN UPDATE sessions SET kind = 'no such kind'; END";
    meddle(&app, damage.to_owned()).await;
    app.clock.advance(Duration::from_secs(120));
    ana.submit(&form).await.expect_status(303);
    let event = told("ended_session_not_read", ("error", "sessions")).await;
    assert_eq!(event["level"], "warn");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_password_lets_in_though_its_try_is_not_given_back() {
    let app = admin::app().await;
    let change = "UPDATE ON tries WHEN NEW.whole_at < OLD.whole_at";
    let words = refuse(&app, change).await;
    admin::signed_in(&app).await;
    let event = told("try_not_given_back", ("error", &words)).await;
    assert_eq!(event["level"], "warn");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_to_be_sent_told_or_counted_waits_for_the_database() {
    let mail = MailConfig {
        smtp_url: Secret::new("smtp://127.0.0.1:9".to_owned()),
        from: "portal@example.com".to_owned(),
        policy: Policy {
            reminder_days: "30".parse().unwrap(),
            alerts_to: Vec::new(),
        },
    };
    let webhook = WebhookConfig {
        url: "http://127.0.0.1:9/".to_owned(),
        key: Secret::new("sixteen letters!"),
    };
    let app = App::spawn_with("", |config| {
        config.data.mail = Some(mail);
        config.data.webhook = Some(webhook);
        config.metrics_listen = Some(([127, 0, 0, 1], 0).into());
    })
    .await;
    let words = refuse(&app, "UPDATE ON webhook").await;
    let away = "ALTER TABLE mail_outbox RENAME TO mail_elsewhere";
    meddle(&app, away.to_owned()).await;
    let counted = Browser::new().get(app.metrics.as_ref().unwrap()).await;
    assert!(
        !counted
            .expect_status(200)
            .body
            .contains("rubrica_issuances")
    );
    let no_table = ("error", "mail_outbox");
    for event in [
        told("metrics_not_counted", no_table).await,
        told("mail_not_sent", no_table).await,
        told("webhook_not_told", ("error", &words)).await,
    ] {
        assert_eq!(event["level"], "warn");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuance_ends_well_though_its_sign_in_cannot_be_ended_after_it() {
    let (app, ana) = App::spawn_signed_in().await;
    let delay = json!(1_500);
    let sandbox = &app.sandbox;
    sandbox
        .fault("csr_create", "before", "delay", delay, 1)
        .await;
    let answers = [("kind", "name"), ("common_name", "ANA")];
    let page = app.walk(&ana, "/issue", &answers).await;
    assert_eq!(state_of(&page), "creating");
    let change = "UPDATE OF access_token ON sign_ins WHEN NEW.access_token IS NULL";
    ana.submit(&page.form("form[action='/sign-out']")).await;
    let words = refuse(&app, change).await;
    let event = told("sign_in_not_ended", ("error", &words)).await;
    assert_eq!(event["level"], "warn");
    assert!(!event["sign_in"].is_empty());
    assert_eq!(app.sandbox.count("certificate", "csr_finalize").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_disabled_though_its_sign_ins_cannot_be_ended() {
    let app = admin::app().await;
    let (ana, user) = (admin::signed_in(&app).await, Browser::new());
    app.sign_in(&user, "demo").await;
    let words = refuse(&app, "UPDATE OF needs_sign_in ON sign_ins").await;
    let off = admin::disable(&app, &ana, "demo").await;
    let state = off.attribute("#connection-state", "data-state");
    assert_eq!(state.as_deref(), Some("disabled"));
    let event = told("sign_ins_not_ended", ("error", &words)).await;
    assert_eq!(event["level"], "warn");
    assert!(!event["connection_id"].is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn refreshed_tokens_that_cannot_be_stored_yet_are_kept_until_they_can() {
    let (app, ana) = App::spawn_signed_in().await;
    app.sandbox
        .fault("csr_create", "before", "status", json!(401), 1)
        .await;
    // The refresh itself is claimed by an update of another column.
    let change = "UPDATE OF refresh_token ON sign_ins";
    let words = refuse(&app, change).await;
    let answers = [("kind", "name"), ("common_name", "ANA")];
    let page = app.walk(&ana, "/issue", &answers).await;
    let event = told("tokens_not_stored", ("error", &words)).await;
    assert_eq!(event["level"], "warn");
    let trigger = change.replace(' ', "_");
    meddle(&app, format!("DROP TRIGGER {trigger}")).await;
    let page = app.settled(&ana, page).await;
    assert_eq!(state_of(&page), "issued", "{page:?}");
    assert_eq!(app.sandbox.count("call", "refresh_token").await, 1);
}
