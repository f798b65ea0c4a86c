//! Every open point of the protocol: set on both sides everything works, set
//! on one side only the person is told what is wrong.

use serde_json::{Value, json};

use crate::support::app::{App, state_of};
use crate::support::browser::Browser;
use crate::support::page::Page;

/// A portal whose one connection speaks `dialect` (lines of TOML).
async fn speaking(dialect: &str) -> App {
    App::spawn_acme(&format!("[connection.dialect]\n{dialect}")).await
}

/// Every value of every setting: as the configuration file writes it, and as
/// the sandbox is told.
fn settings() -> Vec<(&'static str, &'static str)> {
    vec![
        ("signed_message", "query"),
        ("signed_message", "{partner}{timestamp}{redirect_url}"),
        (
            "signed_message",
            "{consumer}|{domain}|{redirect_url_encoded}|{timestamp}|{partner}",
        ),
        ("signed_message", "{path}?{query}"),
        (
            "signed_message",
            "{base_url}{lf}{redirect_url:dotnet-lower}{lf}{timestamp}",
        ),
        ("url_encoding", "rfc3986"),
        ("url_encoding", "dotnet-lower"),
        ("url_encoding", "dotnet-upper"),
        ("signature_encoding", "hex"),
        ("signature_encoding", "HEX"),
        ("signature_encoding", "base64"),
        ("signature_encoding", "base64url"),
        ("timestamp_unit", "seconds"),
        ("timestamp_unit", "milliseconds"),
        ("key_encoding", "utf8"),
        ("key_encoding", "utf16le"),
        ("key_encoding", "hex"),
        ("key_encoding", "base64"),
        ("temp_token", "signed"),
        ("temp_token", "opaque"),
        ("temp_token", "auto"),
        ("temp_token_field", "token"),
        ("client_request_code", "off"),
        ("client_request_code", "send"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn set_on_both_sides_sign_in_issue_and_renew_work() {
    for (name, value) in settings() {
        let app = speaking(&format!("{name} = \"{value}\"")).await;
        app.sandbox.put("dialect", json!({ name: value })).await;
        let browser = Browser::new();
        app.sign_in(&browser, "demo").await;
        let issued = app.issue(&browser, "TITULAR").await;
        assert_eq!(state_of(&issued), "issued", "{name} = {value}: {issued:?}");
        let thumbprint = issued.text("#thumbprint").replace(' ', "");
        let path = format!("/renew/{thumbprint}");
        let page = app.walk(&browser, &path, &[("data_changed", "no")]).await;
        let renewed = app.settled(&browser, page).await;
        assert_eq!(
            state_of(&renewed),
            "issued",
            "{name} = {value}: {renewed:?}"
        );
    }
}

/// Sets one side only and walks as far as it goes; answers the last page.
async fn one_sided(name: &str, here: &str, there: &str) -> (App, Page) {
    let app = speaking(&format!("{name} = \"{here}\"")).await;
    app.sandbox.put("dialect", json!({ name: there })).await;
    let browser = Browser::new();
    let page = app.go_to_redtrust_anyhow(&browser).await;
    if !page.status.is_success() {
        return (app, page);
    }
    let form = page
        .form("form")
        .set("username", "demo")
        .set("password", "demo");
    let page = browser.submit_and_follow(&form).await;
    (app, page)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_made_otherwise_is_refused_by_redtrust_with_a_page() {
    for (name, here, there) in [
        (
            "signed_message",
            "{partner}{timestamp}{redirect_url}",
            "query",
        ),
        ("url_encoding", "dotnet-lower", "rfc3986"),
        ("url_encoding", "rfc3986", "dotnet-lower"),
        ("url_encoding", "dotnet-upper", "dotnet-lower"),
        ("signature_encoding", "base64", "hex"),
        ("signature_encoding", "HEX", "base64url"),
        ("timestamp_unit", "milliseconds", "seconds"),
        ("key_encoding", "hex", "utf8"),
        ("key_encoding", "utf16le", "utf8"),
        ("key_encoding", "base64", "utf8"),
    ] {
        let (_app, page) = one_sided(name, here, there).await;
        assert!(page.status.is_client_error(), "{name}: {page:?}");
        assert!(page.has("h1"), "{name}: {page:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opaque_token_where_a_signed_one_is_due_is_refused_before_the_call() {
    let (app, page) = one_sided("temp_token", "signed", "opaque").await;
    let page = page.expect_status(400);
    assert!(page.has("#request-id"), "{page:?}");
    assert_eq!(app.sandbox.count("call", "login_by_temp_token").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_under_another_name_is_refused_by_redtrust_and_said() {
    let (app, page) = one_sided("temp_token_field", "token", "tempToken").await;
    let page = page.expect_status(502);
    assert!(page.has("#request-id"), "{page:?}");
    let entries = app.sandbox.ledger().await;
    let exchange = entries
        .iter()
        .rfind(|entry| entry["operation"] == "login_by_temp_token")
        .unwrap();
    assert_ne!(exchange["result"], Value::from("OK"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_code_that_the_server_replaces_is_never_a_success() {
    let app = speaking("client_request_code = \"send\"").await;
    app.sandbox
        .put("dialect", json!({"client_request_code": "off"}))
        .await;
    let browser = Browser::new();
    app.sign_in(&browser, "demo").await;
    let page = app.issue(&browser, "TITULAR").await;
    assert!(
        ["mismatch", "refused"].contains(&state_of(&page).as_str()),
        "{page:?}"
    );
    assert_eq!(app.sandbox.count("certificate", "csr_finalize").await, 0);
}
