//! From a draft to its end, by each answer Redtrust can give.

use rubrica::domain::dialect::ClientRequestCode;
use rubrica::domain::issuance::{Cause, State, TimelineEntry};
use rubrica::services::issue::Submitted;
use rubrica::services::may_issue;
use rubrica::storage::audit::{Verified, list, verify};
use rubrica::storage::issuances::timeline;

use super::given::{CREATE, FINALIZE, FINALIZED, Given, created, signed_in};
use crate::support::database::{Database, on_both_engines};
use crate::support::raw_server::Reply;

const REFRESH: &str = "PUT /raapi/v1/auth/refresh-token";

async fn two_good_answers_lead_to_issued(db: Database) {
    let given = Given::redtrust(db, vec![created(), Reply::success(FINALIZED)]).await;
    let id = given.draft().await;
    assert_eq!(given.submit(&id).await, Submitted::Submitted);
    let issuance = given.read(&id).await;
    assert_eq!(issuance.state, State::Issued);
    assert_eq!(issuance.certificate_id.as_deref(), Some("7"));
    assert_eq!(issuance.request_code.as_deref(), Some("r-1"));
    assert_eq!(given.calls(), [CREATE, FINALIZE]);
}

async fn every_step_stands_in_the_audit_in_the_owners_name(db: Database) {
    let given = Given::redtrust(db, vec![created(), Reply::success(FINALIZED)]).await;
    let id = given.draft().await;
    given.submit(&id).await;
    let entries = list(&given.portal.storage, 0, 10).await.unwrap();
    let actions: Vec<_> = entries.iter().map(|entry| &*entry.what.action).collect();
    assert_eq!(
        actions,
        [
            "issuance.create_intended",
            "issuance.key_created",
            "issuance.finalize_intended",
            "issuance.issued"
        ]
    );
    for entry in &entries {
        let what = &entry.what;
        assert_eq!(what.object, format!("issuance {id}"));
        assert_eq!(
            (&*what.actor, &*what.from, &*what.request_id),
            ("ana", "203.0.113.9", "req")
        );
    }
    let last = &entries[3].what;
    let (before, after) = (last.before.as_deref(), last.after.as_deref().unwrap());
    assert_eq!(before, Some(r#"{"state":"finalizing"}"#));
    for fact in ["\"issued\"", "\"r-1\"", "\"7\"", "ABABAB"] {
        assert!(after.contains(fact), "{fact} is not in {after}");
    }
    assert!(!after.contains("Ana"), "{after}");
    let verified = verify(&given.portal.storage, &given.portal.keys).await;
    assert_eq!(verified, Ok(Verified::Intact { entries: 4 }));
}

/// A create whose answer is `lost`: unknown, and never sent again.
async fn without_an_answer(db: Database, lost: Reply) {
    let given = Given::redtrust(db, vec![lost]).await;
    let id = given.draft().await;
    given.submit(&id).await;
    assert_eq!(given.state(&id).await, State::Unknown);
    let again = given.submit(&id).await;
    assert_eq!(again, Submitted::AlreadySubmitted);
    assert_eq!(given.calls(), [CREATE]);
}

async fn a_create_that_is_cut_is_unknown_and_never_sent_again(db: Database) {
    without_an_answer(db, Reply::Close).await;
}

async fn a_create_that_a_proxy_answers_is_unknown_and_never_sent_again(db: Database) {
    without_an_answer(db, Reply::http("502 X", "")).await;
}

async fn a_create_with_an_unreadable_answer_is_unknown_and_never_sent_again(db: Database) {
    without_an_answer(db, Reply::http("200 OK", "junk")).await;
}

async fn a_server_that_is_not_there_leaves_a_draft_that_can_be_submitted_again(db: Database) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let given = Given::with(db, vec![Reply::Hang], |connection| {
        connection.settings.base_url = url.parse().unwrap();
    })
    .await;
    let id = given.draft().await;
    given.submit(&id).await;
    let issuance = given.read(&id).await;
    assert_eq!(issuance.state, State::Draft);
    assert_eq!(issuance.cause, Some(Cause::Unreachable));
    assert_eq!(given.submit(&id).await, Submitted::Submitted);
}

async fn a_refusal_is_told_in_redtrusts_words(db: Database) {
    let no = Reply::error("403 No", "NO_PERMISSION", "may not issue");
    let given = Given::redtrust(db, vec![no]).await;
    let id = given.draft().await;
    given.submit(&id).await;
    let issuance = given.read(&id).await;
    assert_eq!(issuance.state, State::Refused);
    let error = issuance.error.unwrap();
    assert_eq!(
        (error.code.as_str(), error.text.as_str()),
        ("NO_PERMISSION", "may not issue")
    );
}

async fn a_401_leads_to_one_refresh_and_one_repeat(db: Database) {
    let expired = || Reply::http("401 Unauthorized", "");
    let fresh = Reply::success(r#"{"accessToken":"access-2","refreshToken":"refresh-2"}"#);
    let script = vec![expired(), fresh, created(), Reply::success(FINALIZED)];
    let given = Given::redtrust(db, script).await;
    let id = given.draft().await;
    given.submit(&id).await;
    assert_eq!(given.state(&id).await, State::Issued);
    assert_eq!(given.calls(), [CREATE, REFRESH, CREATE, FINALIZE]);
    let last = given.redtrust.requests().pop().unwrap();
    assert!(last.contains("Bearer access-2"), "{last}");
}

async fn a_second_401_asks_for_a_new_sign_in_and_nothing_is_lost(db: Database) {
    let given = Given::redtrust(db, vec![Reply::http("401 Unauthorized", "")]).await;
    let id = given.draft().await;
    given.submit(&id).await;
    let issuance = given.read(&id).await;
    assert_eq!(issuance.state, State::Draft);
    assert_eq!(issuance.cause, Some(Cause::SignInAgain));
    assert_eq!(given.calls(), [CREATE, REFRESH]);
}

async fn a_fresh_token_that_is_refused_too_means_that_this_user_may_not_issue(db: Database) {
    let no = || Reply::error("403 No", "UNAUTHORIZED", "may not");
    let fresh = Reply::success(r#"{"accessToken":"access-2","refreshToken":"refresh-2"}"#);
    let script = vec![no(), fresh, no(), created(), Reply::success(FINALIZED)];
    let given = Given::redtrust(db, script).await;
    let id = given.draft().await;
    given.submit(&id).await;
    let issuance = given.read(&id).await;
    assert_eq!(issuance.state, State::Refused);
    assert_eq!(issuance.cause, Some(Cause::MayNotIssue));
    assert_eq!(given.calls(), [CREATE, REFRESH, CREATE]);
    let known = async || may_issue::refusal(&given.portal, &given.ana).await.unwrap();
    assert_eq!(known().await.map(|may_not| may_not.said), issuance.error);
    // Whoever tries again and succeeds is not told so any more.
    let other = given.draft().await;
    given.submit(&other).await;
    assert_eq!(given.state(&other).await, State::Issued);
    assert!(known().await.is_none());
}

async fn signing_in_again_is_never_asked_for_in_a_circle(db: Database) {
    let no = Reply::error("403 No", "UNAUTHORIZED", "may not");
    let mut given = Given::redtrust(db, vec![no]).await;
    let id = given.draft().await;
    for cause in [Cause::SignInAgain, Cause::MayNotIssue] {
        given.submit(&id).await;
        let issuance = given.read(&id).await;
        assert_eq!(issuance.cause, Some(cause));
        assert_eq!(issuance.error.unwrap().code, "UNAUTHORIZED");
        given.ana = signed_in(&given.portal, &given.connection, "ana").await;
    }
}

async fn what_a_warning_says_is_kept_with_the_step_and_the_work_goes_on(db: Database) {
    let warning = |data: &str, text: &str| {
        let envelope = format!(
            r#"{{"message":"{text}","messageType":"WARNING","errorCode":"SOON","data":{data}}}"#
        );
        Reply::http("200 OK", &envelope)
    };
    let script = vec![
        warning(r#"{"requestCode":"r-1"}"#, "old licence"),
        warning(FINALIZED, "short life"),
    ];
    let given = Given::redtrust(db, script).await;
    let id = given.draft().await;
    given.submit(&id).await;
    let issuance = given.read(&id).await;
    assert_eq!(issuance.state, State::Issued);
    assert_eq!(issuance.error.unwrap().text, "short life");
    let timeline = timeline(&given.portal.storage, &id).await.unwrap();
    let text = |entry: &TimelineEntry| entry.said.clone().map(|said| said.text);
    let texts: Vec<_> = timeline.iter().map(text).collect();
    let texts: Vec<_> = texts.iter().map(Option::as_deref).collect();
    assert_eq!(texts, [None, Some("old licence"), None, Some("short life")]);
}

async fn a_warning_without_data_is_an_answer_that_cannot_be_used(db: Database) {
    let envelope = r#"{"message":"m","messageType":"WARNING","errorCode":"X","data":{}}"#;
    let given = Given::redtrust(db, vec![Reply::http("200 OK", envelope)]).await;
    let id = given.draft().await;
    given.submit(&id).await;
    let issuance = given.read(&id).await;
    assert_eq!(issuance.state, State::Unknown);
    assert_eq!(issuance.cause, Some(Cause::Unreadable));
}

/// What is known of an issuance for which Redtrust answers with a token of the session.
async fn is_unreadable(db: Database, script: Vec<Reply>) {
    let given = Given::redtrust(db, script).await;
    let id = given.draft().await;
    given.submit(&id).await;
    let issuance = given.read(&id).await;
    assert_eq!(issuance.state, State::Unknown);
    assert_eq!(issuance.cause, Some(Cause::Unreadable));
    let known = format!("{issuance:?}");
    assert!(!known.contains("access-1") && !known.contains("refresh-1"));
}

async fn a_request_code_that_is_a_token_is_not_believed(db: Database) {
    let created = Reply::success(r#"{"requestCode":"refresh-1"}"#);
    is_unreadable(db, vec![created]).await;
}

async fn a_certificate_id_that_is_a_token_is_not_believed(db: Database) {
    let finalized = FINALIZED.replace('7', r#""access-1""#);
    is_unreadable(db, vec![created(), Reply::success(&finalized)]).await;
}

async fn a_code_of_our_own_is_stored_before_it_is_sent(db: Database) {
    let given = Given::with(db, vec![Reply::Close], |connection| {
        connection.settings.dialect.client_request_code = ClientRequestCode::Send;
    })
    .await;
    let id = given.draft().await;
    given.submit(&id).await;
    let issuance = given.read(&id).await;
    assert_eq!(issuance.state, State::Unknown);
    assert!(issuance.code_from_client);
    let code = issuance.request_code.unwrap();
    let sent = given.redtrust.requests().pop().unwrap();
    assert!(
        sent.contains(&format!(r#""requestCode":"{code}""#)),
        "{sent}"
    );
}

async fn another_code_than_ours_in_the_answer_is_a_mismatch(db: Database) {
    let given = Given::with(db, vec![created()], |connection| {
        connection.settings.dialect.client_request_code = ClientRequestCode::Send;
    })
    .await;
    let id = given.draft().await;
    given.submit(&id).await;
    let issuance = given.read(&id).await;
    assert_eq!(issuance.state, State::Mismatch);
    assert_eq!(issuance.cause, Some(Cause::OtherRequestCode));
}

async fn a_thumbprint_that_another_issuance_owns_is_a_mismatch(db: Database) {
    let second = Reply::success(r#"{"requestCode":"r-2"}"#);
    let done = || Reply::success(FINALIZED);
    let given = Given::redtrust(db, vec![created(), done(), second, done()]).await;
    let (first, other) = (given.draft().await, given.draft().await);
    given.submit(&first).await;
    given.submit(&other).await;
    assert_eq!(given.state(&first).await, State::Issued);
    let issuance = given.read(&other).await;
    assert_eq!(issuance.state, State::Mismatch);
    assert_eq!(issuance.cause, Some(Cause::ThumbprintTaken));
}

async fn a_request_code_that_another_issuance_owns_is_a_mismatch(db: Database) {
    let script = vec![created(), Reply::Close, created()];
    let given = Given::redtrust(db, script).await;
    let (first, other) = (given.draft().await, given.draft().await);
    given.submit(&first).await;
    given.submit(&other).await;
    assert_eq!(given.state(&first).await, State::Unknown);
    let issuance = given.read(&other).await;
    assert_eq!(issuance.state, State::Mismatch);
    assert_eq!(issuance.request_code, None);
}

on_both_engines!(
    every_step_stands_in_the_audit_in_the_owners_name,
    two_good_answers_lead_to_issued,
    a_create_that_is_cut_is_unknown_and_never_sent_again,
    a_create_that_a_proxy_answers_is_unknown_and_never_sent_again,
    a_create_with_an_unreadable_answer_is_unknown_and_never_sent_again,
    a_server_that_is_not_there_leaves_a_draft_that_can_be_submitted_again,
    a_refusal_is_told_in_redtrusts_words,
    a_401_leads_to_one_refresh_and_one_repeat,
    a_second_401_asks_for_a_new_sign_in_and_nothing_is_lost,
    a_fresh_token_that_is_refused_too_means_that_this_user_may_not_issue,
    signing_in_again_is_never_asked_for_in_a_circle,
    what_a_warning_says_is_kept_with_the_step_and_the_work_goes_on,
    a_warning_without_data_is_an_answer_that_cannot_be_used,
    a_request_code_that_is_a_token_is_not_believed,
    a_certificate_id_that_is_a_token_is_not_believed,
    a_code_of_our_own_is_stored_before_it_is_sent,
    another_code_than_ours_in_the_answer_is_a_mismatch,
    a_thumbprint_that_another_issuance_owns_is_a_mismatch,
    a_request_code_that_another_issuance_owns_is_a_mismatch,
);
