//! What stands in the way of one user: permission, password, group.

use serde_json::json;

use super::{ENGLISH_AND_SPANISH, Words, says, speak};
use crate::connection_test::{Desk, Findings};
use crate::support::app::{App, state_of};
use crate::support::browser::Browser;

/// The refused request says so, in both languages.
async fn a_refused_request_names(app: &App, user: &str, cause: Words, fix: Words) {
    for (at, language) in ENGLISH_AND_SPANISH.into_iter().enumerate() {
        let browser = Browser::speaking(language);
        app.sign_in(&browser, user).await;
        let page = app.issue(&browser, "ANA").await;
        assert_eq!(state_of(&page), "refused", "{page:?}");
        says(&page, "main", cause[at]);
        says(&page, "main", fix[at]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn user_may_not_issue() {
    let app = App::spawn().await;
    let cause = [
        "This user may not issue certificates",
        "Este usuario no puede emitir certificados",
    ];
    let fix = [
        "Ask the people who manage Redtrust in your organisation for that permission",
        "Pida ese permiso a quien administra Redtrust en su organización",
    ];
    a_refused_request_names(&app, "noperm", cause, fix).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn group_mandatory() {
    let app = App::spawn().await;
    let dialect = json!({"group_mandatory": true});
    app.sandbox.put("dialect", dialect).await;
    let cause = [
        "Redtrust requires a certificate group, and this portal offers none",
        "Redtrust exige un grupo de certificados y este portal no ofrece ninguno",
    ];
    let fix = [
        "have to add groups to this connection",
        "tiene que añadir grupos a esta conexión",
    ];
    a_refused_request_names(&app, "demo", cause, fix).await;
}

/// Named to the administrator who tests, and to the user who signs in.
#[tokio::test(flavor = "multi_thread")]
async fn user_must_change_the_password() {
    let desk = Desk::new().await;
    desk.app
        .sandbox
        .refuse("login", "CHANGE_PASSWORD", "Cambie la clave")
        .await;
    let cause = [
        "must change the password first",
        "El usuario debe cambiar antes la contraseña",
    ];
    let fix = [
        "Change the user’s password in Redtrust",
        "Cambie la contraseña del usuario en Redtrust",
    ];
    for (at, language) in ENGLISH_AND_SPANISH.into_iter().enumerate() {
        speak(&desk, language).await;
        let page = desk.pressed_with("ra-app", "ra-app").await;
        let found = Findings::of_page(&page.expect_status(200));
        found.fails("direct_login", cause[at], fix[at]);
        let user = Browser::speaking(language);
        let form = user.visit(&desk.app.at("/sign-in")).await;
        let form = form.form("form[action='/sign-in/direct']");
        let form = form.set("username", "ra-app").set("password", "ra-app");
        let page = user.submit(&form).await.expect_status(422);
        let told = [
            "Change it in Redtrust first",
            "Cámbiela primero en Redtrust",
        ];
        says(&page, "#error-summary", told[at]);
    }
}
