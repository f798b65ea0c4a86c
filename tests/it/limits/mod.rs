//! Strangers: how often they may try passwords and come back from Redtrust, what they
//! cannot take from those who are signed in, and what the log says of them.

mod codes;
mod passwords;
mod strangers;
mod who;

use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::{Form, Page};

/// A portal that takes a client's address from `X-Forwarded-For`.
async fn behind_a_proxy(database_url: &str) -> App {
    App::spawn_with(database_url, |config| {
        config.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    })
    .await
}

/// Submits a form as somebody at this address.
async fn submit_from(browser: &Browser, form: &Form, address: &str) -> Page {
    browser
        .submit_with(form, &[("x-forwarded-for", address)])
        .await
}

/// The form for application users, filled in with the right password of `ra-app`.
async fn users_form(app: &App, browser: &Browser) -> Form {
    let page = browser.visit(&app.at("/sign-in")).await;
    let form = page.form("form[action='/sign-in/direct']");
    form.set("username", "ra-app").set("password", "ra-app")
}

/// Refused by a limit, with the time to wait.
#[track_caller]
fn must_wait(page: Page) -> u64 {
    let page = page.expect_status(429);
    assert_eq!(page.problem(), "too_many", "{page:?}");
    let seconds: u64 = page.header("retry-after").parse().unwrap();
    assert!((1..=600).contains(&seconds), "{seconds}");
    seconds
}
