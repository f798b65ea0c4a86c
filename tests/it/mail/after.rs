//! After a certificate has expired its owner hears of it once more, and of those that
//! nobody would want to hear of never.

use std::time::Duration;

use super::{DAY, Mailing, copies};
use crate::support::database::{Database, on_both_engines};

on_both_engines!(people_hear_once_of_what_has_just_expired);

async fn people_hear_once_of_what_has_just_expired(database: Database) {
    let mailing = Mailing::start(&database.url).await;
    let app = &mailing.app;
    let ana = mailing.ana().await;
    app.issue(&ana, "Rosa").await;
    copies(app, 4).await;
    mailing.accepted(2).await;
    let ends: i64 = sqlx::query_scalar("SELECT MIN(not_after) FROM certificates")
        .fetch_one(app.portal.storage.pool())
        .await
        .unwrap();
    // One is unwanted, one was replaced, and one was over long before.
    let long_over = ends - i64::try_from((DAY * 15).as_millis()).unwrap();
    let odd = app.portal.storage.write(move |conn| {
        Box::pin(async move {
            for sql in [
                "INSERT INTO mail_reminded (certificate_id, days) VALUES ('copy-0000', -1)".into(),
                "UPDATE certificates SET replaced_by = 'AB' WHERE id = 'copy-0001'".into(),
                format!("UPDATE certificates SET not_after = {long_over} WHERE id = 'copy-0002'"),
            ] {
                sqlx::query(sqlx::AssertSqlSafe(sql))
                    .execute(&mut *conn)
                    .await?;
            }
            Ok(())
        })
    });
    odd.await.unwrap();
    let left = Duration::from_millis(u64::try_from(ends - app.clock.now().0).unwrap());
    app.clock.advance(left);
    let mails = mailing.accepted(3).await;
    let told = &mails[2];
    let subject = told.header("Subject");
    assert!(subject.contains("2 certificates have expired"), "{subject}");
    assert!(subject.starts_with("TEST: "), "{subject}");
    let text = told.plain();
    for part in [
        "- Rosa: ",
        "- copy-0003: ",
        "have expired",
        "/certificates?due=expired",
        "on the page ",
        "/account/mail",
        "Test certificate",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(text.matches("- copy-").count(), 1, "{text}");
    app.clock.advance(DAY);
    mailing.accepted(3).await;
    app.clock.advance(DAY * 20);
    mailing.accepted(3).await;
}
