//! Redtrust misbehaves: what the person sees, what is stored, what Redtrust
//! itself has done. Each fault is judged by the sandbox's ledger.

mod calls;
mod code_classes;
mod codes;
mod codes_at_sign_in;
mod finalizing;
mod kept_forms;
mod mismatches;
mod nodes;
mod sign_in;
mod submits;
mod tokens;
mod upstream;

use std::time::Duration;

use rubrica::domain::connection::Connection;

use serde_json::Value;

use crate::support::admin::change_connection;
use crate::support::app::{App, state_of};
use crate::support::browser::Browser;
use crate::support::page::Page;

/// A portal, and somebody who is signed in.
async fn signed_in() -> (App, Browser) {
    let (app, ana) = (App::spawn().await, Browser::new());
    app.sign_in_directly(&ana, "ra-app").await;
    (app, ana)
}

/// Sets one fault. Where it is a delay Redtrust has less time than that: long
/// enough for a key on a busy machine.
async fn fault(app: &App, operation: &str, effect: &str, action: &str, value: Value) {
    if action == "delay" {
        change(app, |connection| {
            connection.settings.issue_timeout = "3".parse().unwrap()
        })
        .await;
    }
    app.sandbox.fault(operation, effect, action, value, 1).await;
}

/// A fault that ends longer after than any limit of these tests.
const TOO_LATE: u64 = 8_000;

/// Changes the connection `demo`, as an admin could.
pub async fn change(app: &App, change: impl FnOnce(&mut Connection)) {
    let slug = app.portal.connections.all().await.unwrap()[0].slug.clone();
    change_connection(app, slug.as_str(), change).await;
}

/// Asserts where an issuance stands, in what words, and what its page offers.
#[track_caller]
fn stands(page: &Page, state: &str, words: &[&str]) {
    assert_eq!(state_of(page), state, "{page:?}");
    let said = page.text("main");
    for words in words {
        assert!(said.contains(words), "{words:?} is not said: {page:?}");
    }
}

/// How often `csr_create` and `csr_finalize` came, and how many key pairs and
/// certificates there are.
async fn ledger(app: &App) -> [usize; 4] {
    let sandbox = &app.sandbox;
    [
        sandbox.count("call", "csr_create").await,
        sandbox.count("call", "csr_finalize").await,
        sandbox.count("key_pair", "csr_create").await,
        sandbox.count("certificate", "csr_finalize").await,
    ]
}

/// The same once Redtrust has done what it was asked for: an answer that is
/// not waited for does not keep it from that.
#[track_caller]
fn is_settled(app: &App, expected: [usize; 4]) -> impl Future<Output = ()> {
    let location = std::panic::Location::caller();
    async move {
        for _ in 0..400 {
            if ledger(app).await == expected {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{:?} and not {expected:?} at {location}", ledger(app).await);
    }
}

/// Presses the button that asks again with the same keys.
async fn resume(app: &App, browser: &Browser, page: &Page) -> Page {
    let page = browser
        .submit_and_follow(&page.form("form#resume"))
        .await
        .expect_status(200);
    app.settled(browser, page).await
}
