//! An issuance in every state it can be found in.

use serde_json::{Value, json};

use super::{Gallery, HOSTILE};
use crate::support::app::state_of;
use crate::support::browser::Browser;
use crate::support::forger::{forged, shown};
use crate::support::page::Page;

/// Under way, refused in every way, unknown in both ways, mismatch, nothing sent,
/// given up, by a user who may not issue.
pub async fn walk(gallery: &mut Gallery) {
    under_way(gallery).await;
    let browser = gallery.signed_in("demo").await;
    unknown(gallery, &browser).await;
    shown_by_owner(gallery, &browser).await;
    refused(gallery, &browser).await;
    let other = json!({"message": "", "messageType": "SUCCESS", "errorCode": "OK",
        "data": {"idCertificate": 7, "requestCode": "another",
                 "thumbprint": "ABABABABABABABABABABABABABABABABABABABAB"}});
    let answer = json!(other.to_string());
    fails(
        gallery,
        &browser,
        "mismatch",
        ("csr_finalize", "body", answer),
    )
    .await;
    signed_out(gallery, &browser).await;
    may_not_issue(gallery).await;
}

/// Unknown, and its owner has shown a certificate that nobody confirms.
async fn shown_by_owner(gallery: &mut Gallery, browser: &Browser) {
    let sandbox = &gallery.app.sandbox;
    sandbox
        .fault("csr_finalize", "after", "drop", Value::Null, 1)
        .await;
    let page = submitted(gallery, browser).await;
    let page = gallery.app.settled(browser, page).await;
    let page = shown(browser, &page, &forged(browser, &page, None).await).await;
    let thumbprint = page.text("#thumbprint").replace(' ', "");
    let receipt = format!("{}/receipt", page.url.path());
    gallery.keep("issuance-shown", page);
    gallery.visit(browser, "receipt-shown", &receipt).await;
    let path = format!("/certificates/{thumbprint}");
    gallery.visit(browser, "certificate-shown", &path).await;
}

/// Refused at either call: for good, for now, with the keys kept.
async fn refused(gallery: &mut Gallery, browser: &Browser) {
    for (name, operation, code) in [
        ("issuance-refused", "csr_create", "NO_PERMISSION"),
        ("issuance-to-correct", "csr_create", "INVALID_PARAM"),
        ("issuance-put-off", "csr_create", "SLAVE_SERVER"),
        ("issuance-of-no-use", "csr_create", "ERR_LICENSE_EXCEEDED"),
        ("issuance-keys-refused", "csr_finalize", "ERR_CONNECTIVITY"),
    ] {
        gallery.app.sandbox.refuse(operation, code, HOSTILE).await;
        let page = submitted(gallery, browser).await;
        let page = gallery.app.settled(browser, page).await;
        assert!(page.text("#redtrust-answer").contains(code), "{page:?}");
        gallery.keep(name, page);
    }
    gallery.app.sandbox.mend().await;
}

/// The token is not accepted, and cannot be refreshed either.
async fn signed_out(gallery: &mut Gallery, browser: &Browser) {
    let refuses = |operation: &str| {
        json!({"operation": operation, "effect": "before", "action": "status",
            "value": 401, "times": 1})
    };
    let faults = [refuses("csr_create"), refuses("refresh_token")];
    let sandbox = &gallery.app.sandbox;
    sandbox.put("faults", json!({"faults": faults})).await;
    let page = submitted(gallery, browser).await;
    let page = gallery.app.settled(browser, page).await;
    assert_eq!(state_of(&page), "draft", "{page:?}");
    gallery.keep("issuance-draft", page);
}

async fn may_not_issue(gallery: &mut Gallery) {
    let browser = gallery.signed_in("noperm").await;
    let page = gallery.app.issue(&browser, HOSTILE).await;
    assert_eq!(state_of(&page), "refused", "{page:?}");
    let again = page.form("form#again-later");
    gallery.keep("issuance-may-not-issue", page);
    gallery.visit(&browser, "may-not-issue", "/issue").await;
    gallery
        .submit(&browser, "issue-check-may-not-issue", &again, 200)
        .await;
}

async fn under_way(gallery: &mut Gallery) {
    let browser = gallery.signed_in("demo").await;
    gallery
        .app
        .sandbox
        .fault("csr_create", "before", "delay", json!(2000), 1)
        .await;
    let page = submitted(gallery, &browser).await;
    assert_eq!(state_of(&page), "creating", "{page:?}");
    let url = page.url.clone();
    gallery.keep("issuance-creating", page);
    let page = browser.get(url.as_str()).await;
    gallery.app.settled(&browser, page).await;
}

async fn unknown(gallery: &mut Gallery, browser: &Browser) {
    for (name, operation) in [
        ("issuance-unknown-code", "csr_finalize"),
        ("issuance-unknown", "csr_create"),
    ] {
        gallery
            .app
            .sandbox
            .fault(operation, "after", "drop", Value::Null, 1)
            .await;
        let page = submitted(gallery, browser).await;
        let page = gallery.app.settled(browser, page).await;
        assert_eq!(state_of(&page), "unknown", "{page:?}");
        let abandon = page.form("#abandon form");
        gallery.keep(name, page);
        if operation == "csr_create" {
            let gone = browser.submit_and_follow(&abandon).await;
            assert_eq!(state_of(&gone), "abandoned", "{gone:?}");
            gallery.keep("issuance-abandoned", gone);
        }
    }
}

async fn fails(
    gallery: &mut Gallery,
    browser: &Browser,
    state: &str,
    (operation, action, value): (&str, &str, Value),
) {
    gallery
        .app
        .sandbox
        .fault(operation, "before", action, value, 2)
        .await;
    let page = submitted(gallery, browser).await;
    let page = gallery.app.settled(browser, page).await;
    assert_eq!(state_of(&page), state, "{page:?}");
    gallery.keep(&format!("issuance-{state}"), page);
    gallery.app.sandbox.mend().await;
}

async fn submitted(gallery: &Gallery, browser: &Browser) -> Page {
    let answers = [("kind", "name"), ("common_name", HOSTILE)];
    gallery.app.walk(browser, "/issue", &answers).await
}
