//! Mail names a holder as the lists of the portal do.

use std::time::Duration;

use serde_json::json;

use super::{DAY, Mailing};
use crate::support::smtp::Received;

const NUMBER: &str = "54362315K";

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_number_is_hidden_in_every_mail() {
    let mailing = Mailing::start("").await;
    let app = &mailing.app;
    let ana = mailing.ana().await;
    app.issue(&ana, &format!("{NUMBER} ROSA")).await;
    let (call, code) = ("csr_create", "INVALID_PARAM");
    app.sandbox.refuse(call, code, "no").await;
    app.issue(&ana, &format!("{NUMBER} NOBODY")).await;
    app.sandbox
        .fault("csr_finalize", "after", "drop", json!(null), 1)
        .await;
    app.issue(&ana, &format!("{NUMBER} LOST")).await;
    mailing.accepted(5).await;
    let ends: i64 = sqlx::query_scalar("SELECT not_after FROM certificates")
        .fetch_one(app.portal.storage.pool())
        .await
        .unwrap();
    let left = Duration::from_millis(u64::try_from(ends - app.clock.now().0).unwrap());
    app.clock.advance(left - DAY * 29);
    mailing.send().await;
    let mails = mailing.smtp.accepted();
    assert!(mails.iter().all(|mail| !mail.plain().contains(NUMBER)));
    let names = |mail: &&Received| mail.plain().contains("*****315K");
    assert_eq!(mails.iter().filter(names).count(), 4, "{mails:#?}");
    // Nor does it lie in the database with the mail.
    let facts: Vec<String> = sqlx::query_scalar("SELECT facts FROM mail_outbox")
        .fetch_all(app.portal.storage.pool())
        .await
        .unwrap();
    assert!(!facts.concat().contains(NUMBER), "{facts:?}");
}
