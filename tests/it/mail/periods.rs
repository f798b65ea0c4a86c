//! A connection may say itself when its people are reminded.

use std::time::Duration;

use super::{DAY, Mailing};
use crate::support::admin::change_connection;
use crate::support::browser::Browser;
use crate::support::database::{Database, on_both_engines};

on_both_engines!(a_connection_says_itself_when_its_people_are_reminded);

async fn a_connection_says_itself_when_its_people_are_reminded(database: Database) {
    let mailing = Mailing::start(&database.url).await;
    let app = &mailing.app;
    let ana = mailing.ana().await;
    app.issue(&ana, "Rosa").await;
    mailing.accepted(2).await;
    let ends: i64 = sqlx::query_scalar("SELECT not_after FROM certificates")
        .fetch_one(app.portal.storage.pool())
        .await
        .unwrap();
    let left = Duration::from_millis(u64::try_from(ends - app.clock.now().0).unwrap());
    // Ninety days are not among the portal's own.
    app.clock.advance(left - DAY * 89);
    mailing.accepted(2).await;
    change_connection(app, "demo", |connection| {
        connection.settings.reminder_days = "90,5".parse().unwrap();
    })
    .await;
    app.clock.advance(DAY);
    let mails = mailing.accepted(3).await;
    assert!(mails[2].plain().contains("- Rosa: "), "{mails:#?}");
    // The portal's thirty days are not the connection's, its five are.
    app.clock.advance(DAY * 60);
    mailing.accepted(3).await;
    let ana = Browser::new();
    app.sign_in_directly(&ana, "ra-app").await;
    let page = ana.visit(&app.at("/account/mail")).await;
    let upcoming = page.texts("#upcoming li");
    assert_eq!(upcoming.len(), 1, "{page:?}");
    assert!(upcoming[0].contains("Rosa") && upcoming[0].contains("We write on"));
    app.clock.advance(DAY * 24);
    mailing.accepted(4).await;
}
