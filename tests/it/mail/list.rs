//! Of what somebody will be reminded: all of it, in pages, and switched off on the page of
//! each certificate as well.

use std::time::Duration;

use serde_json::json;

use super::{DAY, Mailing, copies};
use crate::support::admin;
use crate::support::app::{App, thumbprint_of};
use crate::support::browser::Browser;

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_reminders_has_pages_and_each_certificate_has_the_switch() {
    let mailing = Mailing::start("").await;
    let app = &mailing.app;
    let ana = mailing.ana().await;
    let print = thumbprint_of(&app.issue(&ana, "Rosa").await);
    copies(app, 24).await;
    let ends: i64 = sqlx::query_scalar("SELECT MIN(not_after) FROM certificates")
        .fetch_one(app.portal.storage.pool())
        .await
        .unwrap();
    let left = Duration::from_millis(u64::try_from(ends - app.clock.now().0).unwrap());
    app.clock.advance(left - DAY * 20);
    let ana = Browser::new();
    app.sign_in_directly(&ana, "ra-app").await;
    let first = ana.visit(&app.at("/account/mail")).await;
    assert_eq!(first.texts("#upcoming li").len(), 15, "{first:?}");
    assert_eq!(first.text("#total"), "25 results");
    let days = first.text("#reminders-hint");
    assert_eq!(days, "Days before they expire: 60, 30, 1", "{first:?}");
    let account = ana.visit(&app.at("/account")).await;
    assert!(account.text("#mail-address").contains('@'), "{account:?}");
    let next = first.attribute("a[rel=next]", "href").unwrap();
    let second = ana.visit(&app.at(&next)).await;
    assert_eq!(second.texts("#upcoming li").len(), 10, "{second:?}");
    assert!(second.has("a[rel=prev]"), "{second:?}");

    // Whoever switches one off comes back to the same page of the list.
    let never = second.form("#upcoming li:last-child form");
    let after = ana.submit_and_follow(&never).await.expect_status(200);
    assert_eq!(after.texts("#upcoming li").len(), 10, "{after:?}");
    assert!(
        after.text(".banner").contains("not remind you"),
        "{after:?}"
    );
    let last = after.text("#upcoming li:last-child");
    assert!(last.contains("No reminder"), "{last}");

    let at = app.at(&format!("/certificates/{print}"));
    let page = ana.visit(&at).await;
    let never = page.form("form#silence");
    let page = ana.submit_and_follow(&never).await.expect_status(200);
    assert!(page.url.as_str().starts_with(&at), "{page:?}");
    assert!(page.text(".banner").contains("not remind you"), "{page:?}");
    assert!(page.text("form#silence").contains("Remind me again"));
    let page = ana.submit_and_follow(&page.form("form#silence")).await;
    assert!(page.text("form#silence").contains("Do not remind me"));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_test_is_offered_where_nobody_would_get_it() {
    let app = App::spawn_with("", |config| {
        let mut mail = super::config("smtp://127.0.0.1:9");
        mail.policy.alerts_to.clear();
        config.data.mail = Some(mail);
    });
    let app = app.await;
    let desk = admin::signed_in(&app).await;
    let page = desk.visit(&app.at("/admin/mail")).await;
    assert!(page.has("#mail-nobody") && page.has("#empty"), "{page:?}");
    assert!(!page.has("form[action='/admin/mail/test']"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_sent_because_mail_is_off_does_not_seem_to_be_on_its_way() {
    let (app, ana) = App::spawn_signed_in().await;
    app.sandbox
        .fault("csr_finalize", "after", "drop", json!(null), 1)
        .await;
    app.issue(&ana, "Lost").await;
    let desk = admin::signed_in(&app).await;
    let page = desk.visit(&app.at("/admin/mail")).await;
    let off = page.text("#mail-off");
    assert!(off.contains("RUBRICA_MAIL_FROM"), "{page:?}");
    assert!(!page.has("form[action='/admin/mail/test']"), "{page:?}");
    let row = page.text("tbody tr");
    assert!(row.contains("Not sent as long as"), "{row}");
}
