//! The signed login URL: who refuses what, and which single change is accepted.

use serde_json::json;

use super::Desk;
use crate::support::raw_server::{RawServer, Reply, answer};

const PARTNER: &str = "RUBRICA-DEMO";

impl Desk {
    pub fn redirect_url(&self) -> String {
        self.app.at("/callback/demo")
    }

    pub async fn unregister(&self) {
        let body = json!({"url": self.redirect_url(), "partner": PARTNER});
        self.app.sandbox.delete("redirect-urls", body).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_partner_is_named() {
    let desk = Desk::new().await;
    desk.edit(&[("partner", "NOBODY")]).await;
    let found = desk.tested().await;
    found.passes("api", "answers");
    found.fails(
        "login_url",
        "does not know the partner NOBODY",
        "exact name",
    );
    found.fails("login_url", "Redtrust said: UNKNOWN_PARTNER", "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_url_that_is_not_registered_is_named_exactly() {
    let desk = Desk::new().await;
    desk.unregister().await;
    let found = desk.tested().await;
    let fix = format!(
        "Register exactly this URL in Redtrust: {}",
        desk.redirect_url()
    );
    found.fails("login_url", "not registered in Redtrust", &fix);
    assert!(found.of("login_url").fix.ends_with(&desk.redirect_url()));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_differs_in_the_last_slash_is_named_with_both() {
    let desk = Desk::new().await;
    desk.unregister().await;
    let registered = format!("{}/", desk.redirect_url());
    let body = json!({"url": registered, "partner": PARTNER});
    desk.app.sandbox.post("redirect-urls", body).await;
    let found = desk.tested().await;
    let cause = format!("with another end: {registered}");
    found.fails(
        "login_url",
        &cause,
        &format!("exactly this URL in Redtrust: {}", desk.redirect_url()),
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_is_a_refused_signature_and_points_to_the_dialect() {
    let desk = Desk::new().await;
    let partner = json!({"name": "OTHER", "shared_key": "another key"});
    desk.app.sandbox.post("partners", partner).await;
    desk.edit(&[("partner", "OTHER")]).await;
    let found = desk.tested().await;
    found.fails(
        "login_url",
        "refuses the signature",
        "find out its settings",
    );
    found.fails(
        "login_url",
        "Redtrust said: INVALID_HMAC",
        "shared key again",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_single_setting_that_is_wrong_is_found_by_trying() {
    let desk = Desk::new().await;
    for (setting, right, said) in [
        ("timestamp_unit", "milliseconds", "STALE_TIMESTAMP"),
        ("signature_encoding", "base64", "INVALID_HMAC"),
        ("signature_encoding", "HEX", "INVALID_HMAC"),
        ("url_encoding", "dotnet-lower", "INVALID_HMAC"),
        ("key_encoding", "hex", "INVALID_HMAC"),
        ("key_encoding", "base64", "INVALID_HMAC"),
    ] {
        let before = desk.app.sandbox.get("dialect").await[setting].clone();
        desk.app
            .sandbox
            .put("dialect", json!({ setting: right }))
            .await;
        let found = desk.tested().await;
        let cause = format!("accepts it with {setting} = {right}");
        found.fails("login_url", &cause, &format!("Set {setting} to {right}"));
        found.fails("login_url", said, "");
        desk.app
            .sandbox
            .put("dialect", json!({ setting: before }))
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_setting_is_found_before_the_redirect_url_is_registered() {
    let desk = Desk::new().await;
    desk.unregister().await;
    let dialect = json!({"signature_encoding": "base64url"});
    desk.app.sandbox.put("dialect", dialect).await;
    let found = desk.tested().await;
    found.fails(
        "login_url",
        "signature_encoding = base64url",
        "Set signature_encoding",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_name_of_the_token_field_is_found_by_trying() {
    let desk = Desk::new().await;
    for right in ["temp_token", "tkn", "TempToken"] {
        let dialect = json!({"temp_token_field": right});
        desk.app.sandbox.put("dialect", dialect).await;
        let found = desk.tested().await;
        let cause =
            format!("does not know the field tempToken: it expects the temporary token in {right}");
        found.fails("api", &cause, &format!("Enter {right}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_redirect_url_in_use_redtrust_is_still_asked() {
    let desk = Desk::new().await;
    crate::support::admin::move_url(&desk.app, &desk.ana, "demo", "disabled").await;
    let page = desk.pressed().await.expect_status(200);
    let found = super::Findings::of_page(&page);
    found.fails(
        "login_url",
        "the portal does not use it yet",
        "mark it as registered",
    );
}

/// Servers that are not Redtrust, or in front of it.
#[tokio::test(flavor = "multi_thread")]
async fn other_servers_are_told_from_redtrust() {
    let desk = Desk::new().await;
    let page = "<title>Router</title><body><h1>Welcome</h1></body>";
    let to = answer(
        "302 Found",
        "Location: https://idp.example/sso?hmac=1\r\n",
        "",
    );
    for (reply, api, login_url) in [
        (
            Reply::http("404 Not Found", page),
            "not the RA API: “Router”",
            "refuses the login URL (status 404)",
        ),
        (
            Reply::http("503 Unavailable", ""),
            "not available (status 503)",
            "status 503",
        ),
        (Reply::Bytes(to), "redirect to https://idp.example/sso", ""),
        (Reply::Close, "No usable answer", "No usable answer"),
    ] {
        let server = RawServer::start(vec![reply]).await;
        desk.edit(&[("base_url", &server.url)]).await;
        let found = desk.tested().await;
        found.fails("api", api, "");
        match login_url {
            "" => found.passes("login_url", "leads on to https://idp.example/sso."),
            words => found.fails("login_url", words, ""),
        }
    }
}
