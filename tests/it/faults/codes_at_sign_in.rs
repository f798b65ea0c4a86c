//! Error codes at sign-in: who has to do what, in Redtrust's words and ours, and no
//! second call.

use serde_json::json;

use crate::support::app::{App, as_demo};
use crate::support::browser::Browser;
use crate::support::page::Page;

const SAYS: &str = "palabras de Redtrust";

async fn sign_in(app: &App, browser: &Browser, code: &str) -> Page {
    app.sandbox.refuse("login", code, SAYS).await;
    let page = browser.visit(&app.at("/sign-in")).await;
    let form = page
        .form("form[action='/sign-in/direct']")
        .set("username", "ra-app")
        .set("password", "ra-app");
    browser.submit(&form).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_direct_sign_in_says_what_to_do_and_is_not_repeated() {
    let (app, ana) = (App::spawn().await, Browser::speaking("es"));
    for (code, words, quoted) in [
        ("CHANGE_PASSWORD", "Cámbiela primero en Redtrust", true),
        ("MUST_WAIT", "pide que espere", true),
        ("WRONG_PIN", "no acepta el PIN", true),
        ("ERR_INACTIVE_MODULE", "quien administra Redtrust", true),
        ("SLAVE_SERVER", "suele pasar por sí solo", true),
        ("ERROR_WRONG_DOMAIN_TYPE", "dominio SAML", true),
        ("NOBODY_KNOWS", "Compruebe el usuario", true),
        (
            "ERR_INVALID_PASSWORD",
            "No se ha aceptado el usuario",
            false,
        ),
        ("ERR_NOT_FOUND", "No se ha aceptado el usuario", false),
    ] {
        let before = app.sandbox.count("call", "login").await;
        let page = sign_in(&app, &ana, code).await.expect_status(422);
        assert!(
            page.text("#error-summary").contains(words),
            "{code}: {page:?}"
        );
        assert_eq!(page.has("#redtrust-answer"), quoted, "{code}: {page:?}");
        if quoted {
            assert_eq!(page.text("#redtrust-answer q"), SAYS, "{code}");
            let lang = page.attribute("#redtrust-answer q bdi", "lang");
            assert_eq!(lang.as_deref(), Some("en"), "{code}");
        }
        assert_eq!(
            app.sandbox.count("call", "login").await,
            before + 1,
            "{code}"
        );
        assert!(ana.cookie(&app.url, "rubrica").is_none(), "{page:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_after_redtrusts_own_page_says_what_to_do() {
    let (app, ana) = (App::spawn().await, Browser::new());
    for (code, words) in [
        ("CHANGE_PASSWORD", "Change it in Redtrust first"),
        (
            "ERR_LICENSE_EXCEEDED",
            "Only the people who manage Redtrust",
        ),
        (
            "INVALID_PARAM",
            "administrators of this portal have to look",
        ),
        ("NOBODY_KNOWS", "ask for help"),
    ] {
        app.sandbox.refuse("login_by_temp_token", code, SAYS).await;
        let at_redtrust = app.go_to_redtrust(&ana).await;
        let page = ana.submit_and_follow(&as_demo(&at_redtrust)).await;
        let page = page.expect_status(502);
        assert_eq!(page.problem(), "redtrust_rejected", "{page:?}");
        assert!(page.text("main").contains(words), "{code}: {page:?}");
        assert_eq!(page.text("#redtrust-answer q"), SAYS, "{code}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warning_at_sign_in_is_a_success() {
    let (app, ana) = (App::spawn().await, Browser::new());
    let tokens = json!({"message": SAYS, "messageType": "WARNING", "errorCode": "SOON",
        "data": {"accessToken": "a", "refreshToken": "r"}});
    let body = json!(tokens.to_string());
    app.sandbox.fault("login", "before", "body", body, 1).await;
    let page = app.sign_in_directly(&ana, "ra-app").await;
    assert!(page.has("#signed-in-as"), "{page:?}");
}
