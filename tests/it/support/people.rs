//! Local accounts with roles, for tests.

use rubrica::services::accounts::people::standing_of;
use rubrica::services::accounts::{Account, Role};
use rubrica::storage::admins;

use super::admin::{PASSWORD, make, sign_in};
use super::app::App;
use super::browser::Browser;
use super::page::Page;

/// An account with the usual password and this role; an officer's connections by slug.
pub async fn with_role(app: &App, name: &str, role: Role, slugs: &[&str]) {
    make(app, name).await;
    let mut standing = standing_of(&account(app, name).await);
    let all = app.portal.connections.all().await.unwrap();
    let named = all.iter().filter(|one| slugs.contains(&one.slug.as_str()));
    standing.role = role;
    standing.connections = named.map(|one| one.id.clone()).collect();
    let (id, keys) = (account(app, name).await.id, app.portal.keys.clone());
    let now = app.clock.now();
    let set = app.portal.storage.write(move |conn| {
        Box::pin(async move { admins::set_standing(conn, &keys, &id, &standing, now).await })
    });
    assert_eq!(set.await, Ok(true));
}

/// The account with this name.
pub async fn account(app: &App, name: &str) -> Account {
    let (storage, keys) = (&app.portal.storage, &app.portal.keys);
    let found = admins::by_username(storage, keys, name).await.unwrap();
    found.unwrap_or_else(|| panic!("there is no {name}"))
}

/// A browser in which an account with this name and role is signed in.
pub async fn signed_in_as(app: &App, name: &str, role: Role, slugs: &[&str]) -> Browser {
    with_role(app, name, role, slugs).await;
    let browser = Browser::new();
    let page = sign_in(app, &browser, name, PASSWORD).await;
    browser.follow(page).await.expect_status(200);
    browser
}

/// The page of this account.
pub async fn page_of(app: &App, browser: &Browser, name: &str) -> Page {
    let list = browser.visit(&app.at("/admin/people")).await;
    let link = format!("#people tr[data-username='{name}'] a");
    let href = list.attribute(&link, "href");
    let href = href.unwrap_or_else(|| panic!("no {name} on {list:?}"));
    browser.visit(&app.at(&href)).await.expect_status(200)
}
