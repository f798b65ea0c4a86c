//! Helpers for tests of the admin pages.

use std::sync::Arc;

use rubrica::domain::connection::Connection;
use rubrica::domain::secret::Secret;
use rubrica::services::accounts::{AccountProblem, NewAccount, create_admin};
use rubrica::services::{Actor, Source};
use rubrica::storage::connections;

use super::app::App;
use super::browser::Browser;
use super::moved_tokens::move_tokens;
use super::page::{Form, Page};

pub const USERNAME: &str = "ana";
pub const PASSWORD: &str = "correct horse battery staple";

/// A portal with the connection `demo` and an admin.
pub async fn app() -> App {
    let app = App::spawn().await;
    make_admin(&app).await;
    app
}

/// Creates the admin as the command line does, unless the admin exists.
pub async fn make_admin(app: &App) {
    make(app, USERNAME).await;
}

/// The same for an admin of this name.
pub async fn make(app: &App, username: &str) {
    let actor = Actor {
        name: "system".into(),
        source: Source {
            from: "cli".into(),
            request_id: String::new(),
        },
    };
    let made = create_admin(&app.portal, username, Secret::new(PASSWORD), &actor).await;
    assert!(matches!(
        made.unwrap(),
        NewAccount::Created(_) | NewAccount::Refused(AccountProblem::UsernameTaken)
    ));
}

/// A browser in which the admin is signed in.
pub async fn signed_in(app: &App) -> Browser {
    make_admin(app).await;
    let browser = Browser::new();
    sign_in(app, &browser, USERNAME, PASSWORD)
        .await
        .expect_redirect_to("/admin");
    browser
}

/// Sends the sign-in form.
pub async fn sign_in(app: &App, browser: &Browser, username: &str, password: &str) -> Page {
    let form = sign_in_form(app, browser).await;
    let form = form.set("username", username).set("password", password);
    browser.submit(&form).await
}

/// The sign-in form, empty.
pub async fn sign_in_form(app: &App, browser: &Browser) -> Form {
    let page = browser.get(&app.at("/admin/sign-in")).await;
    page.expect_status(200).form("main form#step")
}

/// Presses the button that moves the connection's redirect URL to the state `to`.
pub async fn move_url(app: &App, browser: &Browser, slug: &str, to: &str) -> Page {
    let page = browser.visit(&app.at("/admin/redirect-urls")).await;
    let row = format!("tr[data-connection='{slug}']");
    let form = match page.attribute(&format!("{row} a[href$='/off']"), "href") {
        Some(ask) if to == "disabled" => browser.visit(&app.at(&ask)).await.form("form#switch"),
        _ => page.form(&format!("{row} form:has(input[name='to'][value='{to}'])")),
    };
    browser.submit_and_follow(&form).await
}

/// Disables a connection, through the page that asks.
pub async fn disable(app: &App, browser: &Browser, slug: &str) -> Page {
    let ask = app.at(&format!("/admin/connections/{slug}/off"));
    let form = browser.visit(&ask).await.form("form#switch");
    saved(browser, &form).await.expect_status(200)
}

/// Sends a form, types the password where it is asked for, and goes on.
pub async fn saved(browser: &Browser, form: &Form) -> Page {
    let page = browser.submit_and_follow(form).await;
    confirmed(browser, page).await
}

/// Sends a key on the page of a connection that is for it: `key` or `next-key`.
pub async fn send_key(app: &App, browser: &Browser, (slug, page): (&str, &str), key: &str) -> Page {
    let page = app.at(&format!("/admin/connections/{slug}/{page}"));
    let form = browser.visit(&page).await.form("main form#step");
    let answer = browser
        .submit_and_follow(&form.set("shared_key", key))
        .await;
    confirmed(browser, answer).await
}

/// Takes the steps from a page that asks whether the connection is to lead to another
/// server: with the same key, and not the same users.
pub async fn led_on(app: &App, browser: &Browser, page: Page) -> Page {
    if !page.has("form#step[action$='/server']") {
        return page;
    }
    app.portal.connections.changed();
    let all = app.portal.connections.all().await.unwrap();
    let form = page.form("main form#step");
    let form = form.set("shared_key", all[0].shared_key.expose());
    let page = browser.submit(&form).await;
    confirmed(browser, page).await.expect_status(200)
}

/// Types the password where a page asks for it, and goes on.
pub async fn confirmed(browser: &Browser, page: Page) -> Page {
    if !page.has("main form#step input[name=password]") {
        return page;
    }
    let form = page.form("main form#step").set("password", PASSWORD);
    browser.submit_and_follow(&form).await
}

/// The state of a connection's redirect URL, as shown on the page.
pub async fn url_state(app: &App, browser: &Browser, slug: &str) -> String {
    let page = browser.visit(&app.at("/admin/redirect-urls")).await;
    page.attribute(&format!("tr[data-connection='{slug}']"), "data-state")
        .unwrap_or_else(|| panic!("no redirect URL of {slug} on\n{page:?}"))
}

/// The arguments that make an admin whose password is in the file `password`.
pub const fn create(username: &str) -> [&str; 6] {
    [
        "admin",
        "create",
        "--username",
        username,
        "--password-file",
        "password",
    ]
}

/// Changes a connection, as an admin could.
pub async fn change_connection(app: &App, slug: &str, change: impl FnOnce(&mut Connection)) {
    let portal = &app.portal;
    let all = portal.connections.all().await.unwrap();
    let connection = all.iter().find(|one| one.slug.as_str() == slug);
    let mut connection = connection.unwrap().clone();
    let from = connection.server();
    change(&mut connection);
    let to = connection.server();
    let (keys, now) = (Arc::clone(&portal.keys), app.clock.now());
    let changed = portal
        .storage
        .write(move |conn| {
            Box::pin(async move { connections::update(conn, &keys, &connection, now).await })
        })
        .await;
    assert_eq!(changed, Ok(true));
    portal.connections.changed();
    if from != to {
        move_tokens(app, &from, &to).await;
    }
}

/// Changes the database without going through the portal.
pub async fn tamper(app: &App, sql: &'static str) {
    app.portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                sqlx::query(sql).execute(conn).await?;
                Ok(())
            })
        })
        .await
        .unwrap();
}

/// The objects and actions on the audit page, newest first.
pub async fn audited(app: &App, browser: &Browser) -> Vec<String> {
    let page = browser.visit(&app.at("/admin/audit")).await;
    page.expect_status(200).texts("tbody tr")
}
