//! A connection that is led to another server: tokens, the shared key and who the users
//! are were for the server before, and stay with it.

use rubrica::storage::connections;

use crate::support::admin::{self, PASSWORD, audited, confirmed, move_url, url_state};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Page;

/// The same sandbox under another name: for the portal, another server.
fn elsewhere(app: &App) -> String {
    app.sandbox.url.replace("127.0.0.1", "localhost")
}

async fn base_url(app: &App) -> String {
    app.portal.connections.changed();
    let all = app.portal.connections.all().await.unwrap();
    all[0].settings.base_url.to_string()
}

/// The step after the form of the settings, with another address in it.
async fn other_server(app: &App, ana: &Browser) -> Page {
    let page = ana.visit(&app.at("/admin/connections/demo")).await;
    let form = page.form("main form#step").set("base_url", &elsewhere(app));
    ana.submit(&form).await.expect_status(200)
}

/// Leads the connection to the other server, and registers its redirect URL there.
async fn led_there(app: &App, ana: &Browser, same_users: bool) {
    let key = app.portal.connections.all().await.unwrap()[0]
        .shared_key
        .expose()
        .to_owned();
    let form = other_server(app, ana).await.form("main form#step");
    let form = form.set("shared_key", &key);
    let form = match same_users {
        true => form.set("same_users", "yes"),
        false => form,
    };
    let page = ana.submit(&form).await;
    let page = confirmed(ana, page).await.expect_status(200);
    assert!(page.has(".banner.good"), "{page:?}");
    assert_eq!(base_url(app).await, elsewhere(app));
    assert_eq!(url_state(app, ana, "demo").await, "draft");
    move_url(app, ana, "demo", "registered").await;
}

async fn listed(app: &App, browser: &Browser) -> usize {
    let page = browser.visit(&app.at("/issuances")).await;
    page.expect_status(200).texts("tbody tr").len()
}

#[tokio::test(flavor = "multi_thread")]
async fn i05_another_server_needs_the_key_anew_and_the_password() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let before = base_url(&app).await;
    let asked = other_server(&app, &ana).await;
    assert_eq!(base_url(&app).await, before, "without the key");
    let form = asked.form("main form#step");
    let keyless = ana.submit(&form).await.expect_status(422);
    assert!(keyless.has("#shared_key-error"), "{keyless:?}");
    let asked = ana.submit(&form.set("shared_key", "canary-key")).await;
    let asked = asked.expect_status(200);
    assert!(!asked.body.contains("canary"), "{asked:?}");
    assert_eq!(base_url(&app).await, before, "without the password");
    let form = asked.form("main form#step");
    let wrong = ana.submit(&form.clone().set("password", "not it")).await;
    let wrong = wrong.expect_status(422);
    assert!(wrong.has("#password-error"), "{wrong:?}");
    assert_eq!(base_url(&app).await, before, "with a wrong password");
    let done = ana.submit_and_follow(&form.set("password", PASSWORD)).await;
    done.expect_status(200);
    assert_eq!(base_url(&app).await, elsewhere(&app));
    let rows = audited(&app, &ana).await;
    assert!(rows[0].contains("leads to another server"), "{}", rows[0]);
    assert!(rows[0].contains("same users: "), "{}", rows[0]);
    assert!(!format!("{rows:?}").contains("canary"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_has_made_wrong_since_is_said_on_the_form_as_it_was_typed() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let page = ana.visit(&app.at("/admin/connections/demo")).await;
    let form = page.form("main form#step").set("name", "Acme");
    let form = form.set("base_url", &elsewhere(&app));
    let asked = ana.submit(&form).await.expect_status(200);
    let portal = &app.portal;
    let mut other = portal.connections.all().await.unwrap()[0].clone();
    other.id = "other".to_owned();
    other.slug = "acme".parse().unwrap();
    other.settings.name = "Acme".to_owned();
    let (keys, now) = (portal.keys.clone(), app.clock.now());
    let made = portal.storage.write(move |conn| {
        Box::pin(async move { connections::insert(conn, &keys, &other, now).await })
    });
    made.await.unwrap();
    portal.connections.changed();
    let form = asked.form("main form#step").set("shared_key", "canary");
    let wrong = ana.submit(&form).await.expect_status(422);
    assert!(wrong.has("#name-error"), "{wrong:?}");
    assert!(!wrong.body.contains("canary"), "{wrong:?}");
    let again = wrong.form("main form#step");
    assert_eq!(again.value("base_url"), Some(elsewhere(&app).as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn i05_at_another_server_everybody_signs_in_again_and_nobody_is_anybody() {
    let (app, user) = App::spawn_signed_in().await;
    let ana = admin::signed_in(&app).await;
    let issued = app.issue(&user, "Ana").await;
    led_there(&app, &ana, false).await;
    let shut_out = user.visit(&app.at("/issuances")).await;
    assert!(!shut_out.has("#signed-in-as"), "{shut_out:?}");
    app.sandbox.reaches("effect", "logout", 1).await;
    let sql = "SELECT COUNT(*) FROM sign_ins WHERE access_token IS NOT NULL";
    let kept = sqlx::query_scalar::<_, i64>(sql).fetch_one(app.portal.storage.pool());
    assert_eq!(kept.await.unwrap(), 0);
    app.sign_in(&user, "demo").await;
    assert_eq!(listed(&app, &user).await, 0);
    user.get(issued.url.as_str()).await.expect_status(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn i05_users_carry_over_only_if_an_admin_says_so() {
    let (app, user) = App::spawn_signed_in().await;
    let ana = admin::signed_in(&app).await;
    app.issue(&user, "Ana").await;
    led_there(&app, &ana, true).await;
    app.sign_in(&user, "demo").await;
    assert_eq!(listed(&app, &user).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn i05_a_shared_key_is_replaced_only_with_the_password() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    for page in ["key", "next-key"] {
        let page = ana
            .visit(&app.at(&format!("/admin/connections/demo/{page}")))
            .await;
        let form = page.form("main form#step").set("shared_key", "canary-key");
        let asked = ana.submit(&form).await.expect_status(200);
        assert!(!asked.body.contains("canary"), "{asked:?}");
        let form = asked.form("main form#step").set("password", "not it");
        let wrong = ana.submit(&form).await.expect_status(422);
        assert!(wrong.has("#password-error"), "{wrong:?}");
    }
    app.portal.connections.changed();
    let all = app.portal.connections.all().await.unwrap();
    assert_ne!(all[0].shared_key.expose(), "canary-key");
    assert_eq!(all[0].second_key, None);
}
