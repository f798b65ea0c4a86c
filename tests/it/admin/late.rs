//! Whatever comes after a session or an account has ended comes too late: a password that
//! was typed before, and is looked at afterwards, brings nothing back.

use std::time::Duration;

use rubrica::services::accounts::Role;
use rubrica::services::accounts::people::standing_of;
use rubrica::storage::admins::{self, Standing};
use rubrica::storage::sessions::{self, Kind, Session};

use crate::support::admin::{self, PASSWORD, confirmed};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::held::Held;
use crate::support::page::Form;
use crate::support::people::{account, page_of, signed_in_as};
use crate::support::postgres;

/// The form with the password for an invitation.
async fn last_step(app: &App, browser: &Browser) -> Form {
    let page = browser.visit(&app.at("/admin/people/invite")).await;
    let form = page.form("main form#step");
    let form = form.set("note", "Mallory").set("role", "admin");
    let page = browser.submit(&form).await.expect_status(200);
    page.form("main form#step").set("password", PASSWORD)
}

async fn sessions_of(app: &App, name: &str) -> Vec<Session> {
    let (id, now) = (account(app, name).await.id, app.clock.now());
    let live = sessions::live_of(&app.portal.storage, Kind::Admin, &id, now).await;
    live.unwrap()
}

async fn invitations(app: &App) -> usize {
    let open = rubrica::services::accounts::invite::open(&app.portal).await;
    open.unwrap().len()
}

/// Gives the account another standing as an admin does, without a password to be hashed.
async fn stands(app: &App, name: &str, change: impl FnOnce(&mut Standing)) {
    let of = account(app, name).await;
    let (mut standing, id) = (standing_of(&of), of.id);
    change(&mut standing);
    let (keys, now) = (app.portal.keys.clone(), app.clock.now());
    let set = app.portal.storage.write(move |conn| {
        Box::pin(async move {
            admins::set_standing(conn, &keys, &id, &standing, now).await?;
            sessions::delete_of_subject(conn, Kind::Admin, &id).await
        })
    });
    set.await.unwrap();
}

#[derive(Debug, Clone, Copy)]
enum End {
    SignOut,
    ByAnother,
    Disabled,
    Demoted,
}

impl End {
    async fn happens(self, app: &App, bea: &Browser, ana: &Browser) {
        match self {
            Self::SignOut => {
                let page = bea.visit(&app.at("/admin")).await;
                let form = page.form("form[action='/admin/sign-out']");
                bea.twin().submit(&form).await.expect_status(303);
            }
            Self::ByAnother => {
                let page = ana.visit(&app.at("/admin/sessions")).await;
                let others = page.form("#others ~ table.sessions form");
                ana.submit(&others).await.expect_status(303);
            }
            Self::Disabled => stands(app, "bea", |bea| bea.enabled = false).await,
            Self::Demoted => stands(app, "bea", |bea| bea.role = Role::Auditor).await,
        }
    }
}

async fn a_password_that_is_looked_at_too_late_brings_nothing_back(app: App) {
    let ana = admin::signed_in(&app).await;
    for end in [End::SignOut, End::ByAnother, End::Disabled, End::Demoted] {
        let bea = signed_in_as(&app, "bea", Role::Admin, &[]).await;
        let form = last_step(&app, &bea).await;
        let held = Held::of(&app).await;
        let ((), answer) = tokio::join!(
            async {
                held.has_one_waiting().await;
                end.happens(&app, &bea, &ana).await;
                drop(held);
            },
            bea.submit(&form)
        );
        assert!(!answer.status.is_success(), "{end:?}: {answer:?}");
        assert!(sessions_of(&app, "bea").await.is_empty(), "{end:?}");
        assert_eq!(invitations(&app).await, 0, "{end:?}");
        let gone = bea.get(&app.at("/admin/account")).await;
        gone.expect_redirect_to("/admin/sign-in");
        stands(&app, "bea", |bea| bea.enabled = true).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_looked_at_too_late_brings_nothing_back_on_sqlite() {
    a_password_that_is_looked_at_too_late_brings_nothing_back(App::spawn().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_looked_at_too_late_brings_nothing_back_on_postgres() {
    let Some(url) = postgres::migrated().await else {
        return;
    };
    let app = App::spawn_with(&url, |_| {}).await;
    a_password_that_is_looked_at_too_late_brings_nothing_back(app).await;
}

/// Whoever wrote it, and when: it was begun for an account that has changed since.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_written_after_its_account_has_changed_is_none() {
    let app = admin::app().await;
    let changes: [fn(&mut Standing); 3] = [
        |bea| bea.enabled = false,
        |bea| bea.role = Role::Auditor,
        |bea| bea.role = Role::Officer,
    ];
    for change in changes {
        let bea = signed_in_as(&app, "bea", Role::Admin, &[]).await;
        let stored = sessions_of(&app, "bea").await.remove(0);
        stands(&app, "bea", change).await;
        let late = app
            .portal
            .storage
            .write(move |conn| Box::pin(async move { sessions::insert(conn, &stored).await }));
        late.await.unwrap();
        app.clock.advance(Duration::from_secs(1));
        let gone = bea.get(&app.at("/admin/account")).await;
        gone.expect_redirect_to("/admin/sign-in");
        stands(&app, "bea", |bea| bea.enabled = true).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_the_password_gives_a_new_id_and_no_further_hours() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let before = sessions_of(&app, admin::USERNAME).await.remove(0);
    for _ in 0..20 {
        app.clock.advance(Duration::from_secs(10 * 60));
        ana.visit(&app.at("/admin")).await.expect_status(200);
    }
    let page = ana.submit(&last_step(&app, &ana).await).await;
    page.expect_status(200);
    let after = sessions_of(&app, admin::USERNAME).await;
    assert_eq!(after.len(), 1, "{after:?}");
    assert_ne!(after[0].id_hash, before.id_hash);
    assert_eq!(after[0].absolute_until, before.absolute_until);
    for _ in 0..3 {
        app.clock.advance(Duration::from_secs(10 * 60));
        ana.visit(&app.at("/admin")).await.expect_status(200);
    }
    app.clock.advance(Duration::from_secs(10 * 60));
    let gone = ana.get(&app.at("/admin")).await;
    gone.expect_redirect_to("/admin/sign-in");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_invite_any_more_has_invited_nobody() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    for (field, to) in [("enabled", "no"), ("role", "auditor")] {
        let bea = signed_in_as(&app, "bea", Role::Admin, &[]).await;
        let shown = bea.submit(&last_step(&app, &bea).await).await;
        let link = shown.expect_status(200).text("#invitation-link");
        Browser::new().get(&link).await.expect_status(200);
        let page = page_of(&app, &ana, "bea").await;
        let form = page.form("main form#step").set(field, to);
        confirmed(&ana, ana.submit(&form).await)
            .await
            .expect_status(200);
        Browser::new().get(&link).await.expect_status(404);
        assert_eq!(invitations(&app).await, 0);
        stands(&app, "bea", |bea| bea.enabled = true).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_not_called_like_another_in_letters_of_two_alphabets() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let shown = ana.submit(&last_step(&app, &ana).await).await;
    let link = shown.expect_status(200).text("#invitation-link");
    let browser = Browser::new();
    let form = browser.get(&link).await.form("main form#step");
    let form = form.set("password", PASSWORD);
    // Cyrillic letters between the others.
    for name in ["r\u{43E}\u{43E}t1", "\u{430}na"] {
        let page = browser.submit(&form.clone().set("username", name)).await;
        let page = page.expect_status(422);
        assert!(page.has("#username-error"), "{page:?}");
    }
    let page = browser.submit(&form.set("username", "root1")).await;
    page.expect_redirect_to("/admin");
}
