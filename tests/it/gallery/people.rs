//! Accounts, invitations, and what auditors and officers see.

use rubrica::domain::secret::Secret;
use rubrica::services::accounts::Role;
use rubrica::storage::admins;

use super::Gallery;
use crate::support::admin::{self, PASSWORD, USERNAME, tamper};
use crate::support::browser::Browser;
use crate::support::people::{account, page_of, with_role};

/// Everything about accounts, before the admins' other pages have changed connections.
pub async fn walk(gallery: &mut Gallery) {
    let ana = gallery.browser();
    admin::sign_in(&gallery.app, &ana, USERNAME, PASSWORD).await;
    gallery.visit(&ana, "people", "/admin/people").await;
    invitations(gallery, &ana).await;
    one(gallery, &ana).await;
    auditor(gallery).await;
    officers(gallery).await;
}

async fn invitations(gallery: &mut Gallery, ana: &Browser) {
    let page = ana.visit(&gallery.app.at("/admin/people/invite")).await;
    let form = page.form("main form#step");
    gallery.keep("people-invite", page);
    gallery.submit(ana, "people-invite-error", &form, 422).await;
    let form = form
        .set("note", "Eva Núñez, asesoría")
        .set("role", "officer");
    gallery
        .submit(ana, "people-invite-no-connection", &form, 422)
        .await;
    let page = ana.submit(&form.set("connection", "demo")).await;
    let form = page.form("main form#step").set("password", PASSWORD);
    gallery.keep("people-confirm", page);
    let page = ana.submit(&form).await.expect_status(200);
    let link = page.text("#invitation-link");
    gallery.keep("people-invited", page);
    gallery
        .visit(ana, "people-invitations", "/admin/people")
        .await;
    let page = gallery.browser().visit(&link).await.expect_status(200);
    gallery.keep("people-setup", page);
}

/// An officer with a second factor; the last admin; a broken row.
async fn one(gallery: &mut Gallery, ana: &Browser) {
    let app = &gallery.app;
    with_role(app, "mia", Role::Officer, &["demo"]).await;
    let id = account(app, "mia").await.id;
    let keys = app.portal.keys.clone();
    let now = app.clock.now();
    let set = app.portal.storage.write(move |conn| {
        Box::pin(async move {
            let secret = Secret::new("JBSWY3DP");
            let factor = Some((&secret, [].as_slice()));
            admins::set_second_factor(conn, &keys, &id, factor, now).await
        })
    });
    assert_eq!(set.await, Ok(true));
    let page = page_of(&gallery.app, ana, "mia").await;
    gallery.keep("people-officer", page);
    let page = page_of(&gallery.app, ana, USERNAME).await;
    let form = page.form("main form#step").set("enabled", "no");
    gallery.keep("people-admin", page);
    let page = ana.submit(&form).await;
    let form = page.form("main form#step").set("password", PASSWORD);
    gallery.submit(ana, "people-last-admin", &form, 422).await;
    with_role(&gallery.app, "broken", Role::Auditor, &[]).await;
    tamper(
        &gallery.app,
        "UPDATE admins SET enabled = 0 WHERE username = 'broken'",
    )
    .await;
    gallery.visit(ana, "people-changed", "/admin/people").await;
    let page = page_of(&gallery.app, ana, "broken").await;
    gallery.keep("people-broken", page);
}

/// Signed in as this account.
async fn signed_in(gallery: &Gallery, name: &str) -> Browser {
    let browser = gallery.browser();
    let page = admin::sign_in(&gallery.app, &browser, name, PASSWORD).await;
    browser.follow(page).await.expect_status(200);
    browser
}

async fn auditor(gallery: &mut Gallery) {
    with_role(&gallery.app, "eva", Role::Auditor, &[]).await;
    let eva = signed_in(gallery, "eva").await;
    for (name, path) in [
        ("auditor-home", "/admin"),
        ("auditor-connections", "/admin/connections"),
        ("auditor-connection", "/admin/connections/demo"),
        ("auditor-redirect-urls", "/admin/redirect-urls"),
        ("auditor-diagnostics", "/admin/diagnostics"),
        ("auditor-people", "/admin/people"),
        ("auditor-refused", "/admin/connections/new"),
    ] {
        gallery.visit(&eva, name, path).await;
    }
}

async fn officers(gallery: &mut Gallery) {
    with_role(&gallery.app, "leo", Role::Officer, &["demo"]).await;
    let leo = signed_in(gallery, "leo").await;
    gallery.visit(&leo, "attention", "/attention").await;
    gallery
        .visit(&leo, "attention-unfinished", "/attention?show=unfinished")
        .await;
    gallery
        .visit(&leo, "attention-certificates", "/attention/certificates")
        .await;
    let list = leo.visit(&gallery.app.at("/attention")).await;
    for (name, table) in [
        ("attention-issued", "#issuances"),
        ("attention-unknown", "#unfinished"),
    ] {
        let link = list.attribute(&format!("{table} tbody a"), "href");
        let link = link.unwrap_or_else(|| panic!("no {table} in {list:?}"));
        gallery.visit(&leo, name, &link).await;
    }
    gallery
        .visit(&leo, "officer-account", "/admin/account")
        .await;
    let mail = leo.visit(&gallery.app.at("/admin/account/mail")).await;
    let form = mail.form("main form#step");
    gallery.keep("officer-mail", mail);
    let wrong = form.set("email", "leo.example");
    gallery
        .submit(&leo, "officer-mail-error", &wrong, 422)
        .await;
    let right = wrong.set("email", "leo@example.com");
    gallery
        .submit(&leo, "officer-mail-saved", &right, 200)
        .await;
    gallery.visit(&leo, "officer-refused", "/admin").await;
    with_role(&gallery.app, "nil", Role::Officer, &[]).await;
    let nil = signed_in(gallery, "nil").await;
    gallery.visit(&nil, "attention-none", "/attention").await;
    gallery
        .visit(&nil, "attention-no-certificates", "/attention/certificates")
        .await;
}
