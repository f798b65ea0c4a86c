//! `csr/finalize` and what can become of it. Whatever happens there is one key
//! pair, and no certificate is lost or called a failure.

use rubrica::domain::dialect::ClientRequestCode;
use serde_json::{Value, json};

use super::{TOO_LATE, change, fault, is_settled, ledger, resume, signed_in, stands};
use crate::support::app::App;
use crate::support::gate::Gate;
use crate::support::page::Page;

const SAFE: &str = "It is safe to ask again";

/// A finalize whose answer says nothing: unknown, asked once; asked again with
/// the same code it ends in the one certificate there is.
async fn is_unknown(effect: &str, action: &str, value: Value, why: &str, certificates: usize) {
    let (app, ana) = signed_in().await;
    fault(&app, "csr_finalize", effect, action, value).await;
    let page = app.issue(&ana, "ANA").await;
    stands(&page, "unknown", &[why, SAFE]);
    assert!(!page.has("form#again"), "{page:?}");
    let code = page.text("#request-code");
    is_settled(&app, [1, 1, 1, certificates]).await;
    let page = resume(&app, &ana, &page).await;
    stands(&page, "issued", &[]);
    assert_eq!(page.text("#request-code"), code);
    assert_eq!(ledger(&app).await, [1, 2, 1, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn e03_a_finalize_that_answers_500_is_unknown() {
    is_unknown("before", "status", json!(500), "server error", 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finalize_that_was_done_and_answers_429_is_unknown() {
    is_unknown("after", "status", json!(429), "server error", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finalize_that_is_cut_is_unknown() {
    is_unknown("before", "drop", json!(null), "connection broke", 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finalize_that_was_done_and_is_cut_is_unknown() {
    is_unknown("after", "drop", json!(null), "connection broke", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn e02_a_finalize_that_is_not_answered_in_time_is_unknown() {
    is_unknown("after", "delay", json!(TOO_LATE), "in the time allowed", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finalize_that_answers_junk_is_unknown() {
    is_unknown("after", "body", json!("junk"), "could not be read", 1).await;
}

/// A finalize under way at a gate that is then shut and refuses.
async fn keys_only() -> (App, crate::support::browser::Browser, Gate, Page) {
    let (app, ana) = signed_in().await;
    let mut gate = Gate::before(&app.sandbox.url).await;
    let url = gate.url.clone();
    change(&app, |connection| {
        connection.settings.base_url = url.parse().unwrap();
    })
    .await;
    app.sandbox
        .fault("csr_create", "after", "delay", json!(600), 1)
        .await;
    let answers = [("kind", "name"), ("common_name", "ANA")];
    let page = app.walk(&ana, "/issue", &answers).await;
    for _ in 0..200 {
        if app.sandbox.count("key_pair", "csr_create").await == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    gate.shut().await;
    // The lease that its worker held stays until it lapses, or ends with the
    // outcome: here that nothing was sent.
    for _ in 0..400 {
        let page = ana.get(page.url.as_str()).await;
        if page.has("form#resume") {
            return (app, ana, gate, page);
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!(
        "never ready to go on: {:?}",
        ana.get(page.url.as_str()).await
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finalize_whose_connection_is_refused_goes_on_later_with_the_same_keys() {
    let (app, ana, mut gate, page) = keys_only().await;
    let words = [
        "The certificate for them has not been issued",
        "safe to go on",
    ];
    stands(&page, "key_created", &words);
    stands(&page, "key_created", &["No connection to Redtrust"]);
    assert_eq!(ledger(&app).await, [1, 0, 1, 0]);
    gate.open().await;
    let page = resume(&app, &ana, &page).await;
    stands(&page, "issued", &[]);
    assert_eq!(ledger(&app).await, [1, 1, 1, 1]);
}

/// What was unknown before a call that could not be sent is unknown after it.
#[tokio::test(flavor = "multi_thread")]
async fn a_finalize_that_cannot_be_sent_after_a_lost_answer_is_still_unknown() {
    for (lost, calls) in [("csr_finalize", [1, 2, 1, 1]), ("csr_create", [1, 1, 1, 1])] {
        let (app, ana) = signed_in().await;
        let dialect = json!({"client_request_code": "send"});
        app.sandbox.put("dialect", dialect).await;
        change(&app, |connection| {
            connection.settings.dialect.client_request_code = ClientRequestCode::Send;
        })
        .await;
        fault(&app, lost, "after", "drop", json!(null)).await;
        let page = app.issue(&ana, "ANA").await;
        stands(&page, "unknown", &[SAFE]);
        let base_url = app.portal.connections.all().await.unwrap()[0]
            .settings
            .base_url
            .clone();
        change(&app, |connection| {
            connection.settings.base_url = "http://127.0.0.1:1".parse().unwrap();
        })
        .await;
        let page = resume(&app, &ana, &page).await;
        stands(&page, "unknown", &["No connection to Redtrust", SAFE]);
        change(&app, |connection| connection.settings.base_url = base_url).await;
        let page = resume(&app, &ana, &page).await;
        stands(&page, "issued", &[]);
        assert_eq!(ledger(&app).await, calls, "{lost}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_finalize_whose_code_has_expired_ends_the_request() {
    let (app, ana) = signed_in().await;
    app.sandbox
        .put("dialect", json!({"request_code_ttl": 0}))
        .await;
    let page = app.issue(&ana, "ANA").await;
    let words = ["No certificate was issued", "You have to begin again"];
    stands(&page, "refused", &words);
    assert!(page.has("form#again"), "{page:?}");
    assert!(!page.has("form#resume"), "{page:?}");
    assert_eq!(ledger(&app).await, [1, 1, 1, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn f06_what_redtrust_calls_finalized_already_stays_unknown_with_its_code() {
    let (app, ana) = signed_in().await;
    let dialect = json!({"finalize_repeat": "already_finalized"});
    app.sandbox.put("dialect", dialect).await;
    app.sandbox
        .fault("csr_finalize", "after", "drop", json!(null), 1)
        .await;
    let page = app.issue(&ana, "ANA").await;
    let page = resume(&app, &ana, &page).await;
    stands(
        &page,
        "unknown",
        &["issued before. Look for it in Redtrust"],
    );
    assert!(
        page.has("form#resume") && !page.has("form#again"),
        "{page:?}"
    );
    assert!(!page.text("#request-code").is_empty());
    assert_eq!(ledger(&app).await, [1, 2, 1, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn f06_a_code_that_expired_after_a_lost_answer_is_never_called_refused() {
    let (app, ana) = signed_in().await;
    app.sandbox
        .put("dialect", json!({"request_code_ttl": 60}))
        .await;
    app.sandbox
        .fault("csr_finalize", "after", "drop", json!(null), 1)
        .await;
    let page = app.issue(&ana, "ANA").await;
    app.clock.advance(std::time::Duration::from_secs(61));
    let page = resume(&app, &ana, &page).await;
    assert_ne!(crate::support::app::state_of(&page), "refused", "{page:?}");
    assert!(!page.text("#request-code").is_empty());
    let calls = ledger(&app).await;
    assert_eq!((calls[0], calls[2], calls[3]), (1, 1, 1), "{calls:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn f07_what_cannot_be_recorded_is_said_to_be_issued_and_recorded_later() {
    let (app, ana) = signed_in().await;
    let meddle = async |sql: &'static str| {
        let write = app.portal.storage.write(move |conn| {
            Box::pin(async move {
                sqlx::query(sql).execute(conn).await?;
                Ok(())
            })
        });
        write.await.unwrap();
    };
    meddle(
        "CREATE TRIGGER no_more BEFORE INSERT ON certificates WHEN NEW.holder = 'ANA' \
         BEGIN SELECT RAISE(ABORT, 'no more'); END",
    )
    .await;
    let answers = [("kind", "name"), ("common_name", "ANA")];
    let mut page = app.walk(&ana, "/issue", &answers).await;
    for _ in 0..400 {
        if page.text("h1").contains("being recorded") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        page = ana.get(page.url.as_str()).await;
    }
    stands(
        &page,
        "finalizing",
        &["being recorded", "Do not start again"],
    );
    assert!(!page.has("main form"), "{page:?}");
    meddle("DROP TRIGGER no_more").await;
    let page = app.settled(&ana, page).await;
    stands(&page, "issued", &[]);
    assert_eq!(ledger(&app).await, [1, 1, 1, 1]);
}
