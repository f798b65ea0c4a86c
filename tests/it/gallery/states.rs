//! An issuance in every state it can be found in.

use serde_json::{Value, json};

use super::{Gallery, HOSTILE};
use crate::support::app::state_of;
use crate::support::browser::Browser;
use crate::support::page::Page;

/// Under way, refused, unknown in both ways, mismatch, nothing sent, given up.
pub async fn walk(gallery: &mut Gallery) {
    under_way(gallery).await;
    let browser = gallery.signed_in("demo").await;
    unknown(gallery, &browser).await;
    let expired = json!({"message": HOSTILE, "messageType": "ERROR",
        "errorCode": "NO_PERMISSION", "data": {}});
    let answer = json!(expired.to_string());
    fails(gallery, &browser, "refused", ("csr_create", "body", answer)).await;
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
    let ended = ("csr_create", "status", json!(401));
    fails(gallery, &browser, "draft", ended).await;
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
    gallery
        .app
        .sandbox
        .put("faults", json!({"faults": []}))
        .await;
}

async fn submitted(gallery: &Gallery, browser: &Browser) -> Page {
    let answers = [("kind", "name"), ("common_name", HOSTILE)];
    gallery.app.walk(browser, "/issue", &answers).await
}
