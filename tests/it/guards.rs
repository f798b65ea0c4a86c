//! No route without its guard: every entry of the table that routes are
//! registered from is asked by somebody who may not.

use rubrica::web::ALL_ROUTES;
use rubrica::web::routes::{Guard, Route};

use crate::support::admin;
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::{Form, Page};

/// Every registered route, with its path filled in.
fn routes() -> impl Iterator<Item = (&'static Route, String)> {
    let all = ALL_ROUTES.iter().copied().flatten();
    all.map(|route| (route, filled(route.path)))
}

pub fn filled(pattern: &str) -> String {
    let id = "018f4d2e-0000-7000-8000-000000000001";
    pattern
        .replace("{id}", id)
        .replace("{slug}", "demo")
        .replace("{step}", "check")
        .replace("{reference}", "0123456789")
        .replace("{thumbprint}", &"AB".repeat(20))
        .replace("{file}", "app.0.css")
        .replace("{secret}", "nobodys")
}

#[tokio::test(flavor = "multi_thread")]
async fn b08_somebody_who_is_not_signed_in_sees_the_sign_in_pages_only() {
    let app = App::spawn().await;
    for (route, path) in routes() {
        let browser = Browser::new();
        let is_form = route.method == "POST";
        let page = match is_form {
            false => browser.get(&app.at(&path)).await,
            true => browser.submit(&Form::empty(&app.at(&path))).await,
        };
        let status = page.status.as_u16();
        let to = page.location().map(|to| to.path().to_owned());
        let is_led_to = |sign_in| to.as_deref() == Some(sign_in) || is_form && status == 403;
        let is_right = match route.guard {
            // The address of a calendar is its own secret.
            Guard::Open if route.path.starts_with("/calendar/") => status == 404,
            Guard::Open => status == 200,
            Guard::User => is_led_to("/sign-in"),
            Guard::Admin | Guard::Auditor | Guard::Officer | Guard::Account => {
                is_led_to("/admin/sign-in")
            }
            Guard::BeforeSignIn | Guard::BeforeAdminSignIn if is_form => status == 403,
            // A callback without a token and a link that was never made are refused.
            Guard::BeforeSignIn | Guard::BeforeAdminSignIn => matches!(status, 200 | 400 | 404),
        };
        assert!(is_right, "{} {path}: {page:?}", route.method);
    }
}

/// Ways of sending a form that is not ours, each of them refused.
async fn forge(browser: &Browser, form: &Form, other: &str) -> Vec<(&'static str, Page)> {
    let site = [("sec-fetch-site", "cross-site")];
    vec![
        (
            "no token",
            browser.submit(&form.clone().without("csrf")).await,
        ),
        (
            "another session's token",
            browser.submit(&form.clone().forge("csrf", other)).await,
        ),
        (
            "a foreign origin",
            browser
                .submit_with(form, &[("origin", "https://evil.example")])
                .await,
        ),
        (
            "no origin at all",
            browser.submit_with(form, &[("origin", "null")]).await,
        ),
        ("from another site", browser.submit_with(form, &site).await),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a04_a_form_that_is_not_ours_changes_nothing() {
    let app = App::spawn().await;
    let (ana, bea) = (Browser::new(), Browser::new());
    let before = ana.get(&app.at("/sign-in")).await;
    let token_before = before.form("form[action='/sign-in/redtrust']");
    let token_before = token_before.value("csrf").unwrap().to_owned();
    let home = app
        .sign_in(&ana, "demo")
        .await
        .form("form[action='/sign-out']");
    let others = app.sign_in_directly(&bea, "ra-app").await;
    let others = others.form("form[action='/sign-out']");
    let others = others.value("csrf").unwrap();
    admin::make_admin(&app).await;
    let admin = admin::signed_in(&app).await;
    let desk = admin.get(&app.at("/admin")).await;
    let desk = desk.form("form[action='/admin/sign-out']");
    for (route, path) in routes().filter(|(route, _)| route.method == "POST") {
        let (browser, form) = match route.guard {
            guard if guard.is_of_accounts() => (&admin, &desk),
            _ => (&ana, &home),
        };
        let form = form.clone().to(&app.at(&path));
        for (how, page) in forge(browser, &form, others).await {
            assert_eq!(page.status.as_u16(), 403, "{path}, {how}: {page:?}");
        }
        let stale = form.forge("csrf", &token_before);
        let page = browser.submit(&stale).await;
        assert!(
            route.guard == Guard::BeforeSignIn || page.status == 403,
            "{path}, a token from before: {page:?}"
        );
    }
    assert!(ana.visit(&app.url).await.has("#signed-in-as"));
}
