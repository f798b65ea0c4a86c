//! What admins decide about accounts: role, enabled or not, a lost second factor, a row
//! that was changed past the portal.

use std::time::Duration;

use rubrica::domain::secret::Secret;
use rubrica::services::accounts::Role;
use rubrica::storage::admins;

use crate::support::admin::{self, PASSWORD, USERNAME, audited, confirmed, tamper};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::events::told;
use crate::support::page::Page;
use crate::support::people::{account, page_of, signed_in_as, with_role};
use crate::support::postgres;

/// Changes one field of an account and types the password.
async fn change(app: &App, ana: &Browser, name: &str, (field, to): (&str, &str)) -> Page {
    let form = page_of(app, ana, name).await.form("main form#step");
    confirmed(ana, ana.submit(&form.set(field, to)).await).await
}

/// The names of the admins who can sign in.
async fn admins_left(app: &App) -> Vec<String> {
    let all = admins::all(&app.portal.storage, &app.portal.keys).await;
    let left = all.unwrap().into_iter().filter_map(|one| one.account);
    left.filter(|one| one.enabled && one.role == Role::Admin)
        .map(|one| one.username)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_a_disabled_account_is_signed_out_and_cannot_sign_in() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    with_role(&app, "eva", Role::Auditor, &[]).await;
    let row_of_eva = async || {
        let list = ana.visit(&app.at("/admin/people")).await;
        list.text("#people tr[data-username='eva']")
    };
    assert!(row_of_eva().await.contains("Never"));
    let eva = signed_in_as(&app, "eva", Role::Auditor, &[]).await;
    eva.visit(&app.at("/admin/audit")).await.expect_status(200);
    assert!(!row_of_eva().await.contains("Never"));
    let list = change(&app, &ana, "eva", ("enabled", "no")).await;
    assert!(list.has(".banner.good"), "{list:?}");
    let gone = eva.get(&app.at("/admin/audit")).await;
    gone.expect_redirect_to("/admin/sign-in");
    let refused = admin::sign_in(&app, &eva, "eva", PASSWORD).await;
    refused.expect_status(422);
    let rows = audited(&app, &ana).await;
    let row = rows.iter().find(|row| row.contains("Account changed"));
    let row = row.unwrap_or_else(|| panic!("{rows:?}"));
    assert!(
        row.contains("eva") && row.contains("Enabled: Yes → No"),
        "{row}"
    );
    change(&app, &ana, "eva", ("enabled", "yes")).await;
    let back = admin::sign_in(&app, &eva, "eva", PASSWORD).await;
    back.expect_redirect_to("/admin");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_is_disabled_and_keeps_a_connection_that_cannot_be_read_now() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    with_role(&app, "olga", Role::Officer, &["demo"]).await;
    let before = account(&app, "olga").await.connections;
    tamper(&app, "UPDATE connections SET settings = '{}'").await;
    app.portal.connections.changed();
    let list = change(&app, &ana, "olga", ("enabled", "no")).await;
    assert!(list.has(".banner.good"), "{list:?}");
    let olga = account(&app, "olga").await;
    assert_eq!((olga.enabled, olga.connections), (false, before));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_from_before_an_account_was_disabled_does_not_enable_it_again() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    with_role(&app, "eva", Role::Auditor, &[]).await;
    let stale = page_of(&app, &ana, "eva").await.form("main form#step");
    change(&app, &ana, "eva", ("enabled", "no")).await;
    let late = stale.set("role", "admin");
    let page = ana.submit(&late).await.expect_status(409);
    assert!(page.has(".banner.warning"), "{page:?}");
    assert!(page.text(".banner.info").contains("Sign-in"), "{page:?}");
    let joined = page.form("main form#step");
    let values = [joined.value("role"), joined.value("enabled")];
    assert_eq!(values, [Some("admin"), Some("no")], "{page:?}");
    let eva = account(&app, "eva").await;
    assert_eq!((eva.role, eva.enabled), (Role::Auditor, false));
    let saved = confirmed(&ana, ana.submit(&joined).await).await;
    assert!(saved.has(".banner.good"), "{saved:?}");
    let eva = account(&app, "eva").await;
    assert_eq!((eva.role, eva.enabled), (Role::Admin, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_a_new_role_ends_the_sessions_on_both_nodes_and_holds_from_then_on() {
    let Some(url) = postgres::migrated().await else {
        return;
    };
    let app = App::spawn_with(&url, |_| {}).await;
    let other = app.second_node(&url).await;
    let ana = admin::signed_in(&app).await;
    let bea = signed_in_as(&other, "bea", Role::Admin, &[]).await;
    bea.visit(&other.at("/admin/connections/new"))
        .await
        .expect_status(200);
    change(&app, &ana, "bea", ("role", "auditor")).await;
    other.clock.advance(Duration::from_millis(500));
    let gone = bea.get(&other.at("/admin")).await;
    gone.expect_redirect_to("/admin/sign-in");
    admin::sign_in(&other, &bea, "bea", PASSWORD)
        .await
        .expect_redirect_to("/admin");
    let refused = bea.get(&other.at("/admin/connections/new")).await;
    assert_eq!(refused.problem(), "not_allowed", "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_the_last_admin_can_be_neither_disabled_nor_demoted() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    with_role(&app, "eva", Role::Auditor, &[]).await;
    for wanted in [("enabled", "no"), ("role", "auditor")] {
        let page = change(&app, &ana, USERNAME, wanted).await;
        let page = page.expect_status(422);
        assert!(page.has("#role-error"), "{page:?}");
    }
    assert_eq!(admins_left(&app).await, [USERNAME]);
    ana.visit(&app.at("/admin")).await.expect_status(200);
    change(&app, &ana, "eva", ("role", "admin")).await;
    change(&app, &ana, USERNAME, ("role", "auditor")).await;
    assert_eq!(admins_left(&app).await, ["eva"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_whoever_gives_up_the_own_role_or_account_is_signed_out() {
    for (field, to) in [("role", "auditor"), ("enabled", "no")] {
        let app = admin::app().await;
        let ana = admin::signed_in(&app).await;
        with_role(&app, "eva", Role::Admin, &[]).await;
        change(&app, &ana, USERNAME, (field, to)).await;
        assert_eq!(admins_left(&app).await, ["eva"]);
        let out = ana.get(&app.at("/admin/connections/new")).await;
        out.expect_redirect_to("/admin/sign-in");
        told("session_not_begun", ("level", "info")).await;
    }
}

/// The account is changed when its password has been found to be right.
#[tokio::test(flavor = "multi_thread")]
async fn i11_an_account_that_changes_while_its_password_is_looked_at_is_not_let_in() {
    for change in ["enabled = 0", "role = 'auditor'", "password_hash = 'other'"] {
        let app = admin::app().await;
        let sql = format!(
            "CREATE TRIGGER meanwhile AFTER UPDATE ON tries BEGIN \
             UPDATE admins SET {change}, version = version + 1; END"
        );
        let sql = sqlx::AssertSqlSafe(sql);
        let made = app.portal.storage.write(move |conn| {
            Box::pin(async move {
                sqlx::query(sql).execute(conn).await?;
                Ok(())
            })
        });
        made.await.unwrap();
        let refused = admin::sign_in(&app, &Browser::new(), USERNAME, PASSWORD).await;
        refused.expect_status(422);
        let begun = sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM sessions");
        let begun = begun.fetch_one(app.portal.storage.pool()).await;
        assert_eq!(begun.unwrap(), 0, "{change}");
    }
}

/// Two admins, each at the last step of disabling the other, on these two nodes.
async fn of_two_one_is_left([here, there]: [&App; 2]) {
    let ana = admin::signed_in(here).await;
    let bea = signed_in_as(there, "bea", Role::Admin, &[]).await;
    let mut last = Vec::new();
    for (app, browser, name) in [(here, &ana, "bea"), (there, &bea, USERNAME)] {
        let form = page_of(app, browser, name).await.form("main form#step");
        let page = browser.submit(&form.set("enabled", "no")).await;
        let form = page.expect_status(200).form("main form#step");
        last.push(form.set("password", PASSWORD));
    }
    let (_one, _other) = tokio::join!(ana.submit(&last[0]), bea.submit(&last[1]));
    let left = admins_left(here).await;
    assert_eq!(left.len(), 1, "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_of_two_admins_who_disable_each_other_at_once_one_is_left() {
    let app = admin::app().await;
    of_two_one_is_left([&app, &app]).await;
    let Some(url) = postgres::migrated().await else {
        return;
    };
    let app = App::spawn_with(&url, |_| {}).await;
    let other = app.second_node(&url).await;
    of_two_one_is_left([&app, &other]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_a_lost_second_factor_is_removed_by_an_admin_who_types_the_password() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    with_role(&app, "eva", Role::Auditor, &[]).await;
    let (id, keys) = (account(&app, "eva").await.id, app.portal.keys.clone());
    let now = app.clock.now();
    let set = app.portal.storage.write(move |conn| {
        Box::pin(async move {
            let (secret, codes) = (Secret::new("JBSWY3DP"), ["hash".to_owned()]);
            let factor = Some((&secret, codes.as_slice()));
            admins::set_second_factor(conn, &keys, &id, factor, now).await
        })
    });
    assert_eq!(set.await, Ok(true));
    let page = page_of(&app, &ana, "eva").await;
    assert_eq!(page.text("#second-factor"), "Yes");
    let asked = ana.submit(&page.form("form#reset-second-factor")).await;
    assert!(account(&app, "eva").await.totp_secret.is_some());
    confirmed(&ana, asked).await.expect_status(200);
    let eva = account(&app, "eva").await;
    assert_eq!((eva.totp_secret, eva.recovery_codes.len()), (None, 0));
    let page = page_of(&app, &ana, "eva").await;
    assert!(!page.has("form#reset-second-factor"), "{page:?}");
    let rows = audited(&app, &ana).await;
    assert!(
        rows.iter().any(|row| row.contains("Second factor removed")),
        "{rows:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_an_account_changed_past_the_portal_is_named_deleted_and_its_name_free_again() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    with_role(&app, "eva", Role::Auditor, &[]).await;
    tamper(
        &app,
        "UPDATE admins SET role = 'admin' WHERE username = 'eva'",
    )
    .await;
    let list = ana.visit(&app.at("/admin/people")).await;
    let row = list.text("#people tr[data-username='eva']");
    assert!(row.contains("outside the portal"), "{row}");
    let page = page_of(&app, &ana, "eva").await;
    assert!(!page.has("form#step"), "{page:?}");
    let asked = ana.submit(&page.form("form#delete")).await;
    let list = confirmed(&ana, asked).await.expect_status(200);
    assert!(!list.has("#people tr[data-username='eva']"), "{list:?}");
    let rows = audited(&app, &ana).await;
    assert!(rows.iter().any(|row| row.contains("Account deleted")));
    with_role(&app, "eva", Role::Auditor, &[]).await;
    // A sound account is not deleted by the same form.
    let ours = page.form("form#delete").forge("password", PASSWORD);
    let eva = account(&app, "eva").await;
    let path = app.at(&format!("/admin/people/{}/delete", eva.id));
    ana.submit(&ours.to(&path)).await;
    assert_eq!(account(&app, "eva").await.id, eva.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_a_proxy_that_is_not_trusted_is_named_on_the_overview() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let quiet = ana.visit(&app.at("/admin")).await;
    assert!(!quiet.body.contains("X-Forwarded-For"), "{quiet:?}");
    let from = [("x-forwarded-for", "203.0.113.7")];
    Browser::new().get_with(&app.at("/sign-in"), &from).await;
    let page = ana.visit(&app.at("/admin")).await;
    let warning = page.text(".banner.warning");
    for word in ["127.0.0.1", "RUBRICA_TRUSTED_PROXIES"] {
        assert!(warning.contains(word), "{warning}");
    }
}
