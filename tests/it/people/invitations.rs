//! Invitations through the pages.

use std::time::Duration;

use rubrica::services::accounts::Role;

use crate::support::admin::{self, PASSWORD, audited, confirmed};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::{Form, Page};
use crate::support::people::account;

/// The form that invites somebody as this role, filled in.
async fn form(app: &App, ana: &Browser, role: &str) -> Form {
    let page = ana.visit(&app.at("/admin/people/invite")).await;
    let form = page.form("main form#step");
    form.set("note", "Leo Gómez").set("role", role)
}

/// Invites an officer of `demo`. Returns the link.
async fn invited(app: &App, ana: &Browser) -> String {
    let form = form(app, ana, "officer").await.set("connection", "demo");
    let page = confirmed(ana, ana.submit(&form).await).await;
    page.expect_status(200).text("#invitation-link")
}

/// The form behind the link, filled in.
fn choosing(page: Page, name: &str) -> Form {
    let form = page.expect_status(200).form("main form#step");
    form.set("username", name).set("password", PASSWORD)
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_whoever_has_the_link_makes_one_account_with_the_role_it_says() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let link = invited(&app, &ana).await;
    assert!(link.starts_with(&app.at("/admin/setup?link=")), "{link}");
    let list = ana.visit(&app.at("/admin/people")).await;
    assert!(list.text("#invitations").contains("Leo Gómez"), "{list:?}");
    assert!(!list.body.contains(link.split('=').next_back().unwrap()));
    let (leo, late) = (Browser::new(), Browser::new());
    let page = leo.get(&link).await;
    assert!(page.text("main").contains("Officer"), "{page:?}");
    let first = choosing(page, "leo");
    let second = choosing(late.get(&link).await, "eve");
    let home = leo.submit(&first).await.expect_redirect_to("/attention");
    let home = leo.follow(home).await.expect_status(200);
    assert_eq!(home.text("#signed-in-as"), "leo");
    let refused = late.submit(&second).await.expect_status(404);
    assert_eq!(refused.problem(), "setup_link_gone");
    late.get(&link).await.expect_status(404);
    let leo = account(&app, "leo").await;
    assert_eq!((leo.role, leo.connections.len()), (Role::Officer, 1));
    let list = ana.visit(&app.at("/admin/people")).await;
    assert!(!list.has("#invitations"), "{list:?}");
    let row = list.text("#people tr[data-username='leo']");
    assert!(!row.contains("Never"), "{row}");
    let rows = audited(&app, &ana).await;
    for what in ["Account created", "Invitation made"] {
        let row = rows.iter().find(|row| row.contains(what));
        assert!(
            row.is_some_and(|row| row.contains("Role: Officer")),
            "{rows:?}"
        );
    }
    let made = rows.iter().find(|row| row.contains("Invitation made"));
    assert!(
        made.is_some_and(|row| row.contains("Connections: ") && !row.contains('[')),
        "connections by their names: {rows:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_nobody_is_invited_without_the_admins_password() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let form = form(&app, &ana, "admin").await;
    let page = ana.submit(&form).await.expect_status(200);
    let question = page.form("main form#step");
    let page = ana.submit(&question.set("password", "wrong")).await;
    let page = page.expect_status(422);
    assert!(page.has("#error-summary"), "{page:?}");
    let list = ana.visit(&app.at("/admin/people")).await;
    assert!(!list.has("#invitations"), "{list:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_an_invitation_that_was_taken_back_or_is_three_days_old_is_none() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let link = invited(&app, &ana).await;
    let open = choosing(Browser::new().get(&link).await, "leo");
    let list = ana.visit(&app.at("/admin/people")).await;
    let list = ana.submit_and_follow(&list.form("#invitations form")).await;
    assert!(!list.has("#invitations"), "{list:?}");
    Browser::new().get(&link).await.expect_status(404);
    let browser = Browser::new();
    browser.get(&app.at("/admin/sign-in")).await;
    assert!(browser.submit(&open).await.status.is_client_error());
    let rows = audited(&app, &ana).await;
    assert!(rows[0].contains("Invitation taken back"), "{}", rows[0]);

    let link = invited(&app, &ana).await;
    app.clock.advance(Duration::from_secs(72 * 3600 - 1));
    let leo = Browser::new();
    let open = choosing(leo.get(&link).await, "leo");
    app.clock.advance(Duration::from_secs(1));
    leo.get(&link).await.expect_status(404);
    leo.submit(&open).await.expect_status(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_an_invitation_stands_at_its_field() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let page = ana.visit(&app.at("/admin/people/invite")).await;
    let empty = page.form("main form#step").set("note", " ");
    for (form, field) in [
        (empty.clone(), "note"),
        (empty.clone().set("note", "Leo"), "role"),
        (form(&app, &ana, "officer").await, "connection"),
    ] {
        let page = ana.submit(&form).await.expect_status(422);
        let links = page.attributes("#error-summary a", "href");
        assert_eq!(links, [format!("#{field}")]);
        assert!(page.has(&format!("#{field}-error")), "{page:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i07_nobody_is_called_so_that_one_would_be_taken_for_another() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let link = invited(&app, &ana).await;
    let new = Browser::new();
    for alike in ["\u{E1}na", "\u{1D00}\u{274}\u{1D00}", "\u{FF41}na"] {
        let refused = new.submit(&choosing(new.get(&link).await, alike)).await;
        let told = refused.expect_status(422).text("#username-error");
        assert!(told.contains("looks like another account"), "{told}");
    }
    let other = choosing(new.get(&link).await, "anna");
    let home = new.submit(&other).await;
    home.expect_redirect_to("/attention");
}
