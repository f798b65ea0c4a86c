//! Officers hear of outcomes that are not known in their connections.

use rubrica::config::SecondFactor;
use rubrica::services::accounts::Role;
use serde_json::json;

use super::{ALERTS, Mailing, config};
use crate::support::admin;
use crate::support::app::{App, state_of};
use crate::support::browser::Browser;
use crate::support::database::{Database, on_both_engines};
use crate::support::people::with_role;

on_both_engines!(officers_of_the_connection_hear_of_an_unknown_outcome_once_in_their_language);

/// An officer who has given an address.
async fn officer(app: &App, name: &str, address: &str, language: &'static str) -> Browser {
    with_role(app, name, Role::Officer, &["demo"]).await;
    let browser = Browser::speaking(language);
    admin::sign_in(app, &browser, name, admin::PASSWORD).await;
    let account = browser.visit(&app.at("/admin/account")).await;
    assert!(account.has("a[href='/admin/account/mail']"), "{account:?}");
    let page = browser.visit(&app.at("/admin/account/mail")).await;
    let form = page.form("main form#step");
    let wrong = form.clone().set("email", "no address");
    browser.submit(&wrong).await.expect_status(422);
    let form = form.set("email", address);
    browser.submit_and_follow(&form).await.expect_status(200);
    browser
}

async fn officers_of_the_connection_hear_of_an_unknown_outcome_once_in_their_language(
    database: Database,
) {
    let mailing = Mailing::start(&database.url).await;
    let app = &mailing.app;
    officer(app, "leo", "leo@example.com", "es").await;
    officer(app, "mia", "mia@example.com", "en").await;
    // Somebody with two accounts; one who took the address back; two who are no officers of
    // this connection any more.
    officer(app, "mia2", "MIA@example.com", "en").await;
    // Who hears of every unknown outcome anyway.
    officer(app, "gus", "Guardia@example.com", "es").await;
    let kai = officer(app, "kai", "kai@example.com", "en").await;
    officer(app, "pau", "pau@example.com", "en").await;
    officer(app, "ida", "ida@example.com", "en").await;
    let page = kai.visit(&app.at("/admin/account/mail")).await;
    let form = page.form("main form#step");
    assert_eq!(form.value("email"), Some("kai@example.com"));
    kai.submit_and_follow(&form.set("email", "")).await;
    with_role(app, "pau", Role::Officer, &[]).await;
    with_role(app, "ida", Role::Auditor, &[]).await;

    let user = Browser::new();
    app.sign_in(&user, "demo").await;
    app.issue(&user, "Issued").await;
    let sandbox = &app.sandbox;
    sandbox
        .fault("csr_finalize", "after", "drop", json!(null), 1)
        .await;
    let unknown = app.issue(&user, "Lost").await;
    assert_eq!(state_of(&unknown), "unknown");
    let id = unknown.url.path_segments().unwrap().next_back().unwrap();

    let mails = mailing.accepted(3).await;
    let to = |address: &str| {
        let found: Vec<_> = mails.iter().filter(|mail| mail.to == [address]).collect();
        assert_eq!(found.len(), 1, "{address}: {mails:#?}");
        found[0].plain()
    };
    let link = app.at(&format!("/attention/{id}"));
    let alert = to(ALERTS);
    assert!(alert.contains(&link), "{alert}");
    assert!(!alert.contains("an officer"), "none can settle it: {alert}");
    for (address, words) in [
        ("leo@example.com", "No se conoce el resultado"),
        ("mia@example.com", "an officer of the connection"),
    ] {
        let mail = to(address);
        assert!(mail.contains(words) && mail.contains(&link), "{mail}");
        assert!(!mail.contains("Lost"), "a name: {mail}");
    }

    let desk = admin::signed_in(app).await;
    let own = desk.get(&app.at("/admin/account/mail")).await;
    own.expect_status(404);
    let audit = desk.visit(&app.at("/admin/audit")).await;
    assert!(audit.body.contains("Address for mail changed"), "{audit:?}");
    assert!(!audit.body.contains("example.com"), "{audit:?}");
    let list = desk.visit(&app.at("/admin/mail")).await;
    assert!(list.text("table").contains("Notice to an officer"));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_second_factor_is_demanded_officers_without_one_hear_of_nothing() {
    let mail = config("smtp://127.0.0.1:9");
    let app = App::spawn_with("", |config| {
        config.data.mail = Some(mail);
        config.second_factor = SecondFactor::Required;
    })
    .await;
    with_role(&app, "leo", Role::Officer, &["demo"]).await;
    let given = "INSERT INTO mail_officers (admin_id, address, language) \
        SELECT id, 'leo@example.com', 'es' FROM admins WHERE username = 'leo'";
    admin::tamper(&app, given).await;
    let user = Browser::new();
    app.sign_in(&user, "demo").await;
    app.sandbox
        .fault("csr_finalize", "after", "drop", json!(null), 1)
        .await;
    assert_eq!(state_of(&app.issue(&user, "Lost").await), "unknown");
    let counted = "SELECT COUNT(*) FROM mail_outbox WHERE kind = 'officer'";
    let ordered: i64 = sqlx::query_scalar(counted)
        .fetch_one(app.portal.storage.pool())
        .await
        .unwrap();
    assert_eq!(ordered, 0);
}
