//! Requests under way, and what a page cannot be answered with.

use std::time::Duration;

use rubrica::domain::dialect::KeyEncoding;
use rubrica::domain::issuance::{Cause, State};
use rubrica::domain::secret::Secret;
use rubrica::storage::admins::{self, Admin, Role};
use rubrica::storage::issuances;
use sqlx::{AnyConnection, Connection as _};

use super::{make_unusable, meddle};
use crate::support::admin::{self, change_connection};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::events::told;

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_too_slow_leaves_a_request_to_the_one_who_took_it_over() {
    let (app, ana) = App::spawn_signed_in().await;
    // Another node is quicker as soon as there is a key pair.
    let quicker = "CREATE TRIGGER quicker AFTER UPDATE OF state ON issuances \
        WHEN NEW.state = 'key_created' BEGIN UPDATE issuances \
        SET lease_holder = 'another', attempt = attempt + 1 WHERE id = NEW.id; END";
    meddle(&app, quicker.to_owned()).await;
    let answers = [("kind", "name"), ("common_name", "ANA")];
    let page = app.walk(&ana, "/issue", &answers).await;
    let id = page.url.path_segments().unwrap().next_back().unwrap();
    let event = told("issuance_taken_over", ("issuance", id)).await;
    assert_eq!(event["level"], "warn");
    assert_eq!(app.sandbox.count("call", "csr_finalize").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_that_can_never_be_stored_is_unknown_and_what_it_says_is_kept() {
    let (app, ana) = App::spawn_signed_in().await;
    let refer = "CREATE TRIGGER refer AFTER INSERT ON certificates BEGIN \
        UPDATE certificates SET owner_id = 'nobody' WHERE id = NEW.id; END";
    meddle(&app, refer.to_owned()).await;
    let answers = [("kind", "name"), ("common_name", "ANA")];
    let page = app.walk(&ana, "/issue", &answers).await;
    let id = page.url.path_segments().unwrap().next_back().unwrap();
    let event = told("outcome_never_recorded", ("issuance", id)).await;
    let told = (&*event["level"], &*event["outcome"]);
    assert_eq!(told, ("error", "issued"), "{event:?}");
    let stored = async || {
        let one = issuances::by_id(&app.portal.storage, id).await;
        one.unwrap().unwrap()
    };
    while stored().await.state == State::Finalizing {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let one = stored().await;
    assert_eq!(
        (one.state, one.cause),
        (State::Unknown, Some(Cause::NotStored))
    );
    assert!(one.thumbprint.is_some() && one.certificate_id.is_some());
    ana.visit(page.url.as_str()).await.expect_status(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_called_unknown_where_it_cannot_be_read_what_was_before() {
    let (app, ana) = App::spawn_signed_in().await;
    let damage = "CREATE TRIGGER damage AFTER INSERT ON issuance_events \
        WHEN NEW.event = 'finalize_intended' BEGIN UPDATE issuance_events \
        SET state = 'no such state' WHERE issuance_id = NEW.issuance_id; END";
    meddle(&app, damage.to_owned()).await;
    app.sandbox
        .refuse(
            "csr_finalize",
            "ERR_LICENSE_EXCEEDED",
            "No quedan licencias",
        )
        .await;
    let answers = [("kind", "name"), ("common_name", "ANA")];
    let page = app.walk(&ana, "/issue", &answers).await;
    let id = page.url.path_segments().unwrap().next_back().unwrap();
    let event = told("timeline_not_read", ("issuance", id)).await;
    assert_eq!(event["level"], "warn");
    assert!(event["error"].contains("issuance_events"), "{event:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_signs_in_where_the_connection_cannot_be_used() {
    let app = App::spawn().await;
    let ana = Browser::new();
    let page = ana.visit(&app.at("/sign-in")).await;
    let form = page.form("form[action='/sign-in/redtrust']");
    change_connection(&app, "demo", |connection| {
        connection.settings.dialect.key_encoding = KeyEncoding::Hex;
        connection.shared_key = Secret::new("no hexadecimal digits");
    })
    .await;
    ana.submit(&form).await.expect_status(409);
    let event = told("shared_key_unusable", ("error", "hex")).await;
    assert_eq!((&*event["level"], &*event["connection"]), ("error", "demo"));
    assert!(!event["error"].contains("digits"), "{event:?}");

    make_unusable(&app).await;
    ana.submit(&form).await.expect_status(502);
    let event = told("connection_unusable", ("cause", "")).await;
    assert_eq!((&*event["level"], &*event["connection"]), ("error", "demo"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_whose_hash_is_none_lets_nobody_in() {
    let app = App::spawn().await;
    let (keys, now) = (app.portal.keys.clone(), app.clock.now());
    let hash = "no hash".to_owned();
    let account = Admin::new("eva".into(), "eva".into(), Role::Admin, hash, now);
    let made = app
        .portal
        .storage
        .write(move |conn| Box::pin(async move { admins::insert(conn, &keys, &account).await }));
    made.await.unwrap();
    let answer = admin::sign_in(&app, &Browser::new(), "eva", admin::PASSWORD).await;
    answer.expect_status(503);
    let event = told("password_not_hashed", ("error", "")).await;
    assert_eq!(event["level"], "error");
    assert!(!event["error"].contains("no hash"), "{event:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_says_why_it_failed() {
    let app = App::spawn().await;
    let file = app.data_dir().join("sandbox/sandbox.db");
    let url = format!("sqlite://{}", file.display());
    let mut database = AnyConnection::connect(&url).await.unwrap();
    sqlx::raw_sql("ALTER TABLE certificates RENAME TO lost")
        .execute(&mut database)
        .await
        .unwrap();
    let path = format!(
        "{}/sandbox/v1/certificates/{}",
        app.sandbox.url,
        "AB".repeat(20)
    );
    Browser::new().get(&path).await.expect_status(500);
    let event = told("sandbox_failed", ("cause", "certificates")).await;
    assert_eq!(event["level"], "error");
}
