//! Partner, redirect URL, and what is signed in which form.

use serde_json::json;

use super::{says, speak, the_comparison_names, the_test_names};
use crate::connection_test::{Desk, Findings};
use crate::support::browser::Browser;

/// Redtrust expects `right` where the connection has the default.
async fn the_setting_is_named(setting: &str, right: &str) {
    let desk = Desk::new().await;
    let dialect = json!({ setting: right });
    desk.app.sandbox.put("dialect", dialect).await;
    let found = desk.tested().await;
    let cause = format!("accepts it with {setting} = {right}");
    found.fails("login_url", &cause, &format!("Set {setting} to {right}."));
    speak(&desk, "es").await;
    let found = Findings::of_page(&desk.pressed().await.expect_status(200));
    let cause = format!("la acepta con {setting} = {right}");
    found.fails("login_url", &cause, &format!("Ponga {setting} en {right}."));
    desk.edit(&[(setting, right)]).await;
    Findings::of_page(&desk.pressed().await).passes("login_url", "página de inicio de sesión");
}

#[tokio::test(flavor = "multi_thread")]
async fn partner_unknown() {
    let desk = Desk::new().await;
    desk.edit(&[("partner", "NOBODY")]).await;
    let cause = [
        "does not know the partner NOBODY",
        "no conoce al partner NOBODY",
    ];
    let fix = [
        "Ask for the exact name",
        "Pregunte cómo se llama exactamente",
    ];
    the_test_names(&desk, "login_url", cause, fix).await;
}

/// The portal always sends capital letters, so the mistake is another program's.
#[tokio::test(flavor = "multi_thread")]
async fn partner_in_lower_case() {
    let desk = Desk::new().await;
    desk.edit(&[("partner", "rubrica-demo")]).await;
    desk.tested().await.passes("login_url", "sign-in page");
    let url = desk
        .app
        .login_url(&Browser::new())
        .await
        .replace("=RUBRICA", "=rubrica");
    let words = [
        "require capital letters, as this portal sends it: correct the other program",
        "pide mayúsculas, como lo envía este portal: corrija el otro programa",
    ];
    the_comparison_names(&desk, &url, "partner_case", words).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn timestamp_unit_wrong() {
    the_setting_is_named("timestamp_unit", "milliseconds").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signature_text_form_wrong() {
    the_setting_is_named("signature_encoding", "base64").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn escaping_wrong() {
    the_setting_is_named("url_encoding", "dotnet-lower").await;
}

/// The documented message is found by trying; any other one from an example.
#[tokio::test(flavor = "multi_thread")]
async fn message_wrong() {
    let desk = Desk::new().await;
    desk.edit(&[("signed_message", "{partner}{timestamp}")])
        .await;
    let cause = [
        "accepts it with signed_message = query",
        "la acepta con signed_message = query",
    ];
    let fix = [
        "Set signed_message to query",
        "Ponga signed_message en query",
    ];
    the_test_names(&desk, "login_url", cause, fix).await;

    let desk = Desk::new().await;
    let dialect = json!({"signed_message": "{partner}{timestamp}"});
    desk.app.sandbox.put("dialect", dialect).await;
    let cause = ["refuses the signature", "rechaza la firma"];
    let fix = [
        "find out its settings with one login URL that works",
        "averigüe sus ajustes con una URL de inicio de sesión que funcione",
    ];
    the_test_names(&desk, "login_url", cause, fix).await;
    let finder = desk
        .pressed()
        .await
        .attribute("#check-login_url a.finder", "href");
    assert_eq!(finder.as_deref(), Some("/admin/connections/demo/dialect"));
}

/// The diagnostics see only who comes back, and say so; their button leads to the test.
#[tokio::test(flavor = "multi_thread")]
async fn redirect_url_not_registered() {
    let desk = Desk::new().await;
    desk.unregister().await;
    let cause = [
        "The redirect URL is not registered in Redtrust",
        "La URL de redirección no está registrada en Redtrust",
    ];
    let fix = [
        "Register exactly this URL in Redtrust: http://localhost:",
        "Registre en Redtrust exactamente esta URL: http://localhost:",
    ];
    the_test_names(&desk, "login_url", cause, fix).await;
    for (language, words, cause) in [
        ("en", "redirect URL not registered", cause[0]),
        ("es", "URL de redirección sin registrar", cause[1]),
    ] {
        let path = format!("/admin/diagnostics?lang={language}");
        let page = desk.ana.visit(&desk.app.at(&path)).await;
        says(&page, "main", words);
        let page = desk.ana.submit(&page.form("#tests form")).await;
        let found = Findings::of_page(&page.expect_status(200));
        found.fails("login_url", cause, &desk.redirect_url());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn redirect_url_that_differs_in_a_trailing_slash() {
    let desk = Desk::new().await;
    desk.unregister().await;
    let registered = json!({"url": format!("{}/", desk.redirect_url()), "partner": "RUBRICA-DEMO"});
    desk.app.sandbox.post("redirect-urls", registered).await;
    let cause = [
        "Redtrust has the redirect URL with another end: http://localhost:",
        "Redtrust tiene la URL de redirección con otro final: http://localhost:",
    ];
    let fix = [
        "Register exactly this URL in Redtrust: http://localhost:",
        "Registre en Redtrust exactamente esta URL: http://localhost:",
    ];
    the_test_names(&desk, "login_url", cause, fix).await;
    let url = desk
        .app
        .login_url(&Browser::new())
        .await
        .replace("%2Fdemo&", "%2Fdemo%2F&");
    let words = [
        "differ in a slash at the end",
        "difieren en una barra final",
    ];
    the_comparison_names(&desk, &url, "redirect_url_slash", words).await;
}
