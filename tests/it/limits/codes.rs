//! Codes of a second factor: whoever knows the password has few tries at them, from
//! however many addresses, and the right person gets in.

use std::time::Duration;

use super::{behind_a_proxy, must_wait, submit_from};
use crate::support::admin::{self, USERNAME};
use crate::support::authenticator::{password_given, switch_on};
use crate::support::browser::Browser;

#[tokio::test(flavor = "multi_thread")]
async fn i11_ten_wrong_codes_make_everybody_wait_but_the_browser_that_was_here_before() {
    let app = behind_a_proxy("").await;
    let ana = admin::signed_in(&app).await;
    let (authenticator, _) = switch_on(&app, &ana).await;
    app.clock.advance(Duration::from_secs(30));
    let eve = Browser::new();
    let form = password_given(&app, &eve, USERNAME).await;
    let form = form.form("main form#step");
    let wrong = form.clone().set("totp", &authenticator.wrong_code(&app));
    for at in 0..10 {
        let page = submit_from(&eve, &wrong, &format!("10.0.0.{at}")).await;
        page.expect_status(422);
    }
    let right = form.set("totp", &authenticator.code(&app));
    must_wait(submit_from(&eve, &right, "10.0.1.1").await);
    let known = ana.twin();
    known.forget_cookie(&app.url, "rubrica-admin");
    let page = password_given(&app, &known, USERNAME).await;
    let right = page.form("main form#step");
    let right = right.set("totp", &authenticator.code(&app));
    submit_from(&known, &right, "10.0.1.2")
        .await
        .expect_redirect_to("/admin");
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_an_address_has_ten_tries_at_passwords_and_codes_together() {
    let app = behind_a_proxy("").await;
    let ana = admin::signed_in(&app).await;
    let (authenticator, _) = switch_on(&app, &ana).await;
    let eve = Browser::new();
    let page = password_given(&app, &eve, USERNAME).await;
    let password = admin::sign_in_form(&app, &eve).await;
    let password = password.set("username", USERNAME).set("password", "not it");
    let code = page.form("main form#step");
    let code = code.set("totp", &authenticator.wrong_code(&app));
    for _ in 0..5 {
        for form in [&password, &code] {
            submit_from(&eve, form, "10.0.0.1").await.expect_status(422);
        }
    }
    must_wait(submit_from(&eve, &password, "10.0.0.1").await);
    must_wait(submit_from(&eve, &code, "10.0.0.1").await);
}
