//! Mail: who is told of what, and that nobody is told twice.

mod after;
mod holders;
mod killed;
mod list;
mod officers;
mod periods;

use std::time::Duration;

use futures_util::future::join;
use jiff::tz::TimeZone;
use rubrica::config::MailConfig;
use rubrica::domain::mail::{Policy, State};
use rubrica::domain::secret::Secret;
use rubrica::mail::{Letterhead, Sender, send_due};
use rubrica::storage::mail::newest;
use serde_json::json;

use crate::support::admin;
use crate::support::app::{App, state_of};
use crate::support::browser::Browser;
use crate::support::postgres;
use crate::support::smtp::{Manner, Received, SmtpServer};

const ALERTS: &str = "guardia@example.com";
const DAY: Duration = Duration::from_secs(24 * 3600);

/// A portal whose own worker reaches no mail server; only the test has mail sent.
struct Mailing {
    app: App,
    smtp: SmtpServer,
    sender: Sender,
    head: Letterhead,
}

fn config(url: &str) -> MailConfig {
    MailConfig {
        smtp_url: Secret::new(url.to_owned()),
        from: "Portal <portal@example.com>".to_owned(),
        policy: Policy {
            reminder_days: "60,30,1".parse().unwrap(),
            alerts_to: vec![ALERTS.to_owned()],
        },
    }
}

impl Mailing {
    async fn start(database_url: &str) -> Self {
        let smtp = SmtpServer::start().await;
        let sender = Sender::new(&config(&smtp.url)).unwrap();
        // Nothing listens at this port.
        let mail = config("smtp://127.0.0.1:9");
        let app = App::spawn_with(database_url, |config| config.data.mail = Some(mail)).await;
        let head = Letterhead {
            origin: app.url.clone(),
            partner: "Prueba".to_owned(),
            zone: TimeZone::UTC,
        };
        Self {
            app,
            smtp,
            sender,
            head,
        }
    }

    async fn send(&self) {
        send_due(&self.app.portal, &self.sender, &self.head)
            .await
            .unwrap();
    }

    /// Sends; so many were accepted since the start.
    async fn accepted(&self, number: usize) -> Vec<Received> {
        self.send().await;
        let accepted = self.smtp.accepted();
        assert_eq!(accepted.len(), number, "{accepted:#?}");
        accepted
    }

    /// A user who has given an address.
    async fn ana(&self) -> Browser {
        let browser = Browser::new();
        self.app.sign_in_directly(&browser, "ra-app").await;
        let page = browser.visit(&self.app.at("/account")).await;
        assert!(page.has("a[href='/account/mail']"), "{page:?}");
        let page = browser.visit(&self.app.at("/account/mail")).await;
        let form = page.form("main form#step").set("email", "ana.example");
        browser.submit(&form).await.expect_status(422);
        let form = form.set("email", "Ana <ana@example.com>");
        let page = browser.submit_and_follow(&form).await.expect_status(200);
        let form = page.form("main form#step");
        assert_eq!(form.value("email"), Some("ana@example.com"));
        browser
    }

    async fn states(&self) -> Vec<State> {
        let all = newest(&self.app.portal.storage, 100).await.unwrap();
        all.iter().map(|one| one.state).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_changes_the_address_often_gets_one_welcome_and_has_to_wait() {
    let mailing = Mailing::start("").await;
    let ana = mailing.ana().await;
    let mut page = ana.visit(&mailing.app.at("/account/mail")).await;
    for number in 2..=5 {
        let address = format!("ana{number}@example.com");
        let form = page.form("main form#step").set("email", &address);
        page = ana.submit_and_follow(&form).await.expect_status(200);
    }
    let form = page.form("main form#step").set("email", "eva@example.com");
    let refused = ana.submit(&form).await.expect_status(429);
    let form = refused.form("main form#step");
    assert_eq!(form.value("email"), Some("eva@example.com"));
    assert_eq!(mailing.accepted(1).await[0].to, ["ana5@example.com"]);
    // Whoever is not told any more has nobody to tell so.
    ana.submit_and_follow(&form.set("email", ""))
        .await
        .expect_status(200);
    mailing.accepted(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_was_changed_in_another_window_is_not_lost() {
    let mailing = Mailing::start("").await;
    let ana = mailing.ana().await;
    let own = mailing.app.at("/account/mail");
    let stale = ana.visit(&own).await.form("main form#step");
    let first = stale.clone().set("email", "new@example.com");
    ana.submit(&first).await.expect_status(303);
    let late = stale.set("reminders", "");
    let page = ana.submit(&late).await.expect_status(409);
    let joined = page.form("main form#step");
    assert_eq!(joined.value("email"), Some("new@example.com"), "{page:?}");
    ana.submit(&joined).await.expect_status(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_that_could_not_be_sent_for_three_days_is_not_sent_when_the_server_is_back() {
    let mailing = Mailing::start("").await;
    mailing.ana().await;
    mailing.app.clock.advance(DAY * 4);
    mailing.accepted(0).await;
    assert_eq!(mailing.states().await, [State::Failed]);
    let desk = admin::signed_in(&mailing.app).await;
    let page = desk.visit(&mailing.app.at("/admin/mail")).await;
    assert!(page.text("table").contains("Not sent"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asked_hears_of_the_outcome_and_those_in_charge_of_an_unknown_one() {
    let mailing = Mailing::start("").await;
    let app = &mailing.app;
    let ana = mailing.ana().await;
    app.issue(&ana, "Rosa <Iglesias>").await;
    app.sandbox
        .refuse("csr_create", "INVALID_PARAM", "no")
        .await;
    app.issue(&ana, "Nobody").await;
    app.sandbox
        .fault("csr_finalize", "after", "drop", json!(null), 1)
        .await;
    let unknown = app.issue(&ana, "Lost").await;
    assert_eq!(state_of(&unknown), "unknown");
    let mails = mailing.accepted(5).await;
    let told = |to: &str, words: &str| {
        let is_it = |mail: &&Received| mail.to == [to] && mail.header("Subject").contains(words);
        let found: Vec<_> = mails.iter().filter(is_it).collect();
        assert_eq!(found.len(), 1, "{to} {words}: {mails:#?}");
        found[0].clone()
    };
    let welcome = told("ana@example.com", "Mail from Prueba").plain();
    assert!(welcome.contains("So will reminders"), "{welcome}");
    let issued = told("ana@example.com", "Certificate issued");
    told("ana@example.com", "No certificate");
    told("ana@example.com", "Outcome not known");
    let alert = told(ALERTS, "Outcome not known");
    assert!(!alert.text.contains("Lost"), "no names where nobody asked");
    for part in [
        "text/plain",
        "text/html",
        "Rosa &#60;Iglesias&#62;",
        "Rosa <Iglesias>",
    ] {
        assert!(issued.plain().contains(part), "{part}: {}", issued.text);
    }
    assert_eq!(issued.header("Auto-Submitted"), "auto-generated");
    assert!(issued.header("Message-ID").ends_with("@example.com>"));
    mailing.send().await;
    assert_eq!(mailing.smtp.accepted().len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_may_have_taken_is_never_sent_again_and_what_it_refused_for_now_is() {
    let mailing = Mailing::start("").await;
    mailing.smtp.behave(Manner::TakeAndHangUp);
    mailing.ana().await;
    mailing.accepted(1).await;
    mailing.smtp.behave(Manner::Accept);
    mailing.app.clock.advance(DAY);
    mailing.accepted(1).await;
    assert_eq!(mailing.states().await, [State::Unknown]);

    let desk = admin::signed_in(&mailing.app).await;
    let page = desk.visit(&mailing.app.at("/admin/mail")).await;
    assert!(page.text("table").contains("Not known"), "{page:?}");
    mailing.smtp.behave(Manner::Answer(451));
    let test = page.form("form[action='/admin/mail/test']");
    desk.submit_and_follow(&test).await.expect_status(200);
    mailing.send().await;
    mailing.smtp.behave(Manner::Accept);
    mailing.app.clock.advance(DAY);
    let mails = mailing.accepted(2).await;
    assert_eq!(mails[1].to, [ALERTS]);
    mailing.smtp.behave(Manner::Answer(550));
    let desk = admin::signed_in(&mailing.app).await;
    let page = desk.visit(&mailing.app.at("/admin/mail")).await;
    let test = page.form("form[action='/admin/mail/test']");
    desk.submit_and_follow(&test).await.expect_status(200);
    mailing.send().await;
    mailing.app.clock.advance(DAY);
    mailing.accepted(2).await;
    let states = mailing.states().await;
    assert_eq!(states, [State::Failed, State::Sent, State::Unknown]);

    // Whoever looks after the portal may decide to send the last one again.
    let desk = admin::signed_in(&mailing.app).await;
    let page = desk.visit(&mailing.app.at("/admin/mail")).await;
    assert_eq!(page.texts("form[action='/admin/mail/again']").len(), 2);
    let again = page.form("tr:first-child form[action='/admin/mail/again']");
    mailing.smtp.behave(Manner::Accept);
    desk.submit_and_follow(&again).await.expect_status(200);
    desk.submit(&again).await.expect_status(404);
    mailing.accepted(3).await;
    assert_eq!(mailing.states().await[0], State::Sent);
    let audit = desk.visit(&mailing.app.at("/admin/audit")).await;
    assert!(audit.body.contains("Mail sent again"), "{audit:?}");
}

/// What dies is the future that sends: whatever it had not written down is lost.
#[tokio::test(flavor = "multi_thread")]
async fn who_dies_before_the_text_has_sent_nothing_and_who_dies_after_it_leaves_it_unknown() {
    let mailing = Mailing::start("").await;
    let desk = admin::signed_in(&mailing.app).await;
    let page = desk.visit(&mailing.app.at("/admin/mail")).await;
    let test = page.form("form[action='/admin/mail/test']");
    for (at, sent_again) in [
        ("EHLO", true),
        ("MAIL", true),
        ("RCPT", true),
        ("DATA", true),
        (".", false),
    ] {
        let before = mailing.smtp.accepted().len();
        desk.submit_and_follow(&test).await.expect_status(200);
        mailing.smtp.behave(Manner::SilentAt(at));
        tokio::select! {
            () = mailing.send() => panic!("sent at {at}"),
            () = mailing.smtp.silent.notified() => {}
        }
        mailing.smtp.behave(Manner::Accept);
        mailing.app.clock.advance(Duration::from_secs(15));
        mailing.accepted(before + 1).await;
        let expected = if sent_again {
            State::Sent
        } else {
            State::Sending
        };
        assert_eq!(mailing.states().await[0], expected, "{at}");
    }
    mailing.app.clock.advance(DAY);
    mailing.accepted(5).await;
    assert_eq!(mailing.states().await[0], State::Unknown);
}

/// Copies of the one certificate of a portal.
async fn copies(app: &App, number: usize) {
    let work = app.portal.storage.write(move |conn| {
        Box::pin(async move {
            for copy in 0..number {
                sqlx::query(
                    "INSERT INTO certificates (id, connection_id, owner_id, origin, recorded_at, \
                     certificate_id, thumbprint, holder, subject, issued_at, not_after, exact, \
                     proven) SELECT $1, connection_id, owner_id, 'file', recorded_at, \
                     certificate_id, $2, $1, subject, issued_at, not_after, exact, proven \
                     FROM certificates WHERE issuance_id IS NOT NULL",
                )
                .bind(format!("copy-{copy:04}"))
                .bind(format!("{copy:040X}"))
                .execute(&mut *conn)
                .await?;
            }
            Ok(())
        })
    });
    work.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn many_certificates_that_expire_together_make_one_mail_whichever_node_sends_it() {
    let Some(url) = postgres::migrated().await else {
        return;
    };
    let mailing = Mailing::start(&url).await;
    let app = &mailing.app;
    let ana = mailing.ana().await;
    app.issue(&ana, "Copied").await;
    copies(app, 501).await;
    mailing.accepted(2).await;
    let other = app.second_node(&url).await;
    // Of another size, the other node would not be asked to send.
    let sql = "SELECT MIN(not_after) FROM certificates";
    let ends: i64 = sqlx::query_scalar(sql)
        .fetch_one(app.portal.storage.pool())
        .await
        .unwrap();
    let left = Duration::from_millis(u64::try_from(ends - app.clock.now().0).unwrap());
    for node in [app, &other] {
        node.clock.advance(left - DAY * 29);
    }
    let here = || send_due(&app.portal, &mailing.sender, &mailing.head);
    for _ in 0..5 {
        let (one, another) = join(here(), here()).await;
        one.unwrap();
        another.unwrap();
    }
    let mails = mailing.accepted(3).await;
    let reminder = &mails[2];
    assert!(
        reminder
            .header("Subject")
            .contains("502 certificates expire soon"),
        "{reminder:?}"
    );
    assert_eq!(reminder.text.matches("- copy-").count(), 499);
    assert!(reminder.plain().contains("And 2 more."), "{reminder:?}");

    // A day later there is nothing new; with a replaced one the next period is silent.
    let replaced = app.portal.storage.write(|conn| {
        Box::pin(async move {
            let sql = "UPDATE certificates SET replaced_by = 'AB' WHERE holder <> 'Copied'";
            sqlx::query(sql).execute(conn).await?;
            Ok(())
        })
    });
    replaced.await.unwrap();
    app.clock.advance(DAY);
    mailing.accepted(3).await;
    // Of the other one its owner changes their mind twice.
    let silence = async |says: &str| {
        let ana = Browser::new();
        app.sign_in_directly(&ana, "ra-app").await;
        let page = ana.visit(&app.at("/account/mail")).await;
        let form = page.form("#upcoming form");
        let strange = form.clone().set("certificate", "another's");
        ana.submit(&strange).await.expect_status(404);
        let page = ana.submit_and_follow(&form).await;
        assert_eq!(page.texts("#upcoming li").len(), 1, "{page:?}");
        assert!(page.text("#upcoming").contains(says), "{page:?}");
    };
    silence("No reminder").await;
    app.clock.advance(DAY * 27);
    mailing.accepted(3).await;
    silence("We write on").await;
    app.clock.advance(Duration::from_secs(23 * 3600 + 1));
    let mails = mailing.accepted(4).await;
    assert!(
        mails[3]
            .header("Subject")
            .contains("A certificate expires soon")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_mail_server_nobody_is_asked_for_an_address() {
    let (app, browser) = App::spawn_signed_in().await;
    let page = browser.visit(&app.at("/account")).await;
    assert!(!page.has("a[href='/account/mail']"));
    browser
        .get(&app.at("/account/mail"))
        .await
        .expect_status(404);
}
