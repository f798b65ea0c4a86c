//! A request whose certificate was made, and whose answer was lost.

use serde_json::json;

use super::app::{App, state_of};
use super::browser::Browser;
use super::page::Page;

/// Its page, and the thumbprint that the sandbox knows.
pub async fn lost(app: &App, browser: &Browser, name: &str) -> (Page, String) {
    app.sandbox
        .fault("csr_finalize", "after", "drop", json!(null), 1)
        .await;
    let page = app.issue(browser, name).await;
    assert_eq!(state_of(&page), "unknown", "{page:?}");
    let entries = app.sandbox.ledger().await;
    let made = entries.iter().rfind(|entry| entry["kind"] == "certificate");
    let thumbprint = made.unwrap()["thumbprint"].as_str().unwrap().to_owned();
    (page, thumbprint)
}
