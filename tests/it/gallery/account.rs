//! The own account of an admin, and the second step of signing in.

use std::time::Duration;

use super::Gallery;
use crate::support::admin::{self, PASSWORD, USERNAME};
use crate::support::authenticator::{password_given, switch_on};
use crate::support::browser::Browser;
use crate::support::page::Form;

/// Password, second factor and recovery codes, each in every state. At the end the
/// second factor is off again.
pub async fn walk(gallery: &mut Gallery) {
    let browser = gallery.browser();
    admin::sign_in(&gallery.app, &browser, USERNAME, PASSWORD)
        .await
        .expect_redirect_to("/admin");
    let form = kept(gallery, &browser, "admin-account", "/admin/account").await;
    let wrong = form.set("password", PASSWORD).set("new_password", "ana");
    gallery
        .submit(&browser, "admin-account-error", &wrong, 422)
        .await;
    let on = "/admin/account/second-factor";
    let form = kept(gallery, &browser, "admin-second-factor", on).await;
    gallery
        .submit(&browser, "admin-second-factor-error", &form, 422)
        .await;
    let (authenticator, codes) = switch_on(&gallery.app, &browser).await;
    gallery
        .visit(&browser, "admin-account-on", "/admin/account")
        .await;
    second_step(gallery, &codes[0]).await;
    for (name, path) in [
        ("admin-recovery-codes", "/admin/account/recovery-codes"),
        (
            "admin-second-factor-off",
            "/admin/account/second-factor/off",
        ),
    ] {
        let form = kept(gallery, &browser, name, path).await;
        let form = form.set("password", PASSWORD);
        let wrong = form.clone().set("totp", "1");
        let error = format!("{name}-error");
        gallery.submit(&browser, &error, &wrong, 422).await;
        gallery.app.clock.advance(Duration::from_secs(30));
        let right = form.set("totp", &authenticator.code(&gallery.app));
        let done = format!("{name}-done");
        gallery.submit(&browser, &done, &right, 200).await;
    }
}

async fn second_step(gallery: &mut Gallery, code: &str) {
    let browser = gallery.browser();
    let page = password_given(&gallery.app, &browser, USERNAME).await;
    let form = page.form("main form#step");
    gallery.keep("admin-sign-in-code", page);
    gallery
        .submit(&browser, "admin-sign-in-code-error", &form, 422)
        .await;
    let right = form.set("totp", code);
    browser.submit(&right).await.expect_redirect_to("/admin");
    let form = right.to(&gallery.app.at("/admin/sign-in/code"));
    gallery
        .submit(&browser, "admin-sign-in-over", &form, 400)
        .await;
}

/// Keeps a page, and hands its form on.
async fn kept(gallery: &mut Gallery, browser: &Browser, name: &str, path: &str) -> Form {
    let page = browser.visit(&gallery.app.at(path)).await;
    let form = page.form("main form#step");
    gallery.keep(name, page);
    form
}
