//! Shared keys: replaced by an act of their own, at once or with an overlap.

use std::time::Duration;

use reqwest::Url;
use rubrica::domain::secret::Secret;

use crate::support::admin::{self, audited, confirmed, send_key};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Page;

const NEXT: &str = "canary-next-key";

/// Signs in at the sandbox, and stops at the URL that leads back.
async fn way_back(app: &App, browser: &Browser) -> Url {
    let form = app.go_to_redtrust(browser).await.form("form");
    let form = form.set("username", "demo").set("password", "demo");
    browser.submit(&form).await.location().unwrap()
}

async fn press(app: &App, browser: &Browser, form: &str) -> Page {
    let page = browser.visit(&app.at("/admin/connections/demo")).await;
    let asked = browser.submit_and_follow(&page.form(form)).await;
    let stored = keys(app).await;
    assert!(
        asked.has("main form#step input[name=password]"),
        "{asked:?}"
    );
    let wrong = asked.form("main form#step").set("password", "wrong");
    let asked = browser.submit(&wrong).await.expect_status(422);
    assert_eq!(keys(app).await, stored, "a session alone changes no key");
    confirmed(browser, asked).await.expect_status(200)
}

/// The key in use, and the one beside it.
async fn keys(app: &App) -> (String, Option<Secret>) {
    app.portal.connections.changed();
    let all = app.portal.connections.all().await.unwrap();
    let second = all[0].second_key.as_ref().map(|second| second.key.clone());
    (all[0].shared_key.expose().to_owned(), second)
}

async fn key_in_use(app: &App) -> String {
    keys(app).await.0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_replaced_on_a_page_of_its_own_that_shows_the_old_one_by_its_facts() {
    let app = admin::app().await;
    app.clock.advance(Duration::from_secs(3 * 24 * 3600));
    let ana = admin::signed_in(&app).await;
    let old = key_in_use(&app).await;
    let page = ana.visit(&app.at("/admin/connections/demo/key")).await;
    let facts = page.text("#key-facts");
    for word in [&old.len().to_string(), "SHA-256", "3 days ago"] {
        assert!(facts.contains(word), "{word}: {facts}");
    }
    let user = Browser::new();
    let back = way_back(&app, &user).await;
    let page = send_key(&app, &ana, ("demo", "key"), NEXT).await;
    let page = page.expect_status(200);
    assert!(page.has(".banner.good"), "{page:?}");
    assert_ne!(page.text("#key-facts"), facts);
    assert_eq!(key_in_use(&app).await, NEXT);
    // At once: a token signed with the old key is refused.
    let refused = user.visit(back.as_str()).await;
    assert_eq!(refused.problem(), "token_signature", "{refused:?}");
    assert_eq!(app.sandbox.count("call", "login_by_temp_token").await, 0);
    let rows = audited(&app, &ana).await;
    assert!(rows[0].contains("Shared key replaced"), "{}", rows[0]);
    assert!(!format!("{rows:?}").contains(NEXT));
}

#[tokio::test(flavor = "multi_thread")]
async fn c06_a_next_key_is_accepted_beside_the_one_in_use_and_then_takes_its_place() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let page = send_key(&app, &ana, ("demo", "next-key"), NEXT).await;
    let role = |page: &Page| page.attribute("#second-key-facts", "data-role");
    assert_eq!(role(&page).as_deref(), Some("next"), "{page:?}");
    // Login URLs are still signed with the key in use, and so are tokens.
    app.sign_in(&Browser::new(), "demo").await;
    let user = Browser::new();
    let back = way_back(&app, &user).await;
    let page = press(&app, &ana, "form#use-next-key").await;
    assert_eq!(role(&page).as_deref(), Some("previous"), "{page:?}");
    assert_eq!(key_in_use(&app).await, NEXT);
    // A token signed with the old key is accepted; the sandbox, which has the old key,
    // refuses login URLs.
    let home = user.visit(back.as_str()).await.expect_status(200);
    assert!(home.has("#signed-in-as"), "{home:?}");
    let refused = app.go_to_redtrust_anyhow(&Browser::new()).await;
    assert!(refused.status.is_client_error(), "{refused:?}");
    app.clock.advance(Duration::from_secs(24 * 3600));
    let ana = admin::signed_in(&app).await;
    let page = ana.visit(&app.at("/admin/connections/demo")).await;
    assert_eq!(role(&page), None, "{page:?}");
    rubrica::services::housekeeping::sweep(&app.portal)
        .await
        .unwrap();
    let left: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM connections WHERE second_key IS NOT NULL")
            .fetch_one(app.portal.storage.pool())
            .await
            .unwrap();
    assert_eq!(left, 0);
    let rows = audited(&app, &ana).await.join("\n");
    for word in [
        "Next shared key stored",
        "Next shared key put into use",
        "Next or previous shared key deleted",
    ] {
        assert!(rows.contains(word), "{rows}");
    }
    assert!(!rows.contains(NEXT));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_signed_with_the_next_key_is_accepted_before_it_is_in_use() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let sandboxes = key_in_use(&app).await;
    let (one, two) = (Browser::new(), Browser::new());
    let (first, second) = (way_back(&app, &one).await, way_back(&app, &two).await);
    send_key(&app, &ana, ("demo", "key"), "another key").await;
    send_key(&app, &ana, ("demo", "next-key"), &sandboxes).await;
    let home = one.visit(first.as_str()).await.expect_status(200);
    assert!(home.has("#signed-in-as"), "{home:?}");
    // Dropped: no longer.
    let page = press(&app, &ana, "form#drop-second-key").await;
    assert!(!page.has("#second-key-facts"), "{page:?}");
    let refused = two.visit(second.as_str()).await;
    assert_eq!(refused.problem(), "token_signature", "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_key_is_said_and_the_key_has_to_be_typed_again() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let (old, long) = (key_in_use(&app).await, "canary".repeat(1000));
    for page in ["key", "next-key"] {
        for (key, words) in [
            ("", "Enter the shared key"),
            (" canary", "begins or ends with a blank"),
            ("can\u{0}ary", "cannot be seen"),
            (long.as_str(), "too long"),
            (old.as_str(), "the shared key in use"),
        ] {
            let shown = send_key(&app, &ana, ("demo", page), key).await;
            let shown = shown.expect_status(422);
            let told = shown.text("#shared_key-error");
            assert!(told.contains(words), "{page} {key:?}: {told}");
            assert!(shown.has("#error-summary a[href='#shared_key']"));
            let again = shown.find(".banner[role=status]").unwrap_or_default();
            let is_told = again.contains("Enter the shared key again");
            assert_eq!(is_told, !key.is_empty(), "{shown:?}");
            assert!(!shown.body.contains("canary"), "{shown:?}");
        }
    }
    let page = ana.visit(&app.at("/admin/connections/demo/key")).await;
    let form = page.form("main form#step").set("shared_key", "no hex");
    let wrong = ana.submit(&form.set("key_encoding", "hex")).await;
    let told = wrong.expect_status(422).text("#shared_key-error");
    assert!(told.contains("“How the shared key is written”"), "{told}");
    assert_eq!(key_in_use(&app).await, old);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_admins_who_change_a_key_the_second_is_told() {
    let app = admin::app().await;
    let (ana, eva) = (admin::signed_in(&app).await, admin::signed_in(&app).await);
    let page = app.at("/admin/connections/demo/key");
    let late = eva.visit(&page).await.form("main form#step");
    let first = send_key(&app, &ana, ("demo", "key"), "canary of ana").await;
    first.expect_status(200);
    let late = late.set("shared_key", "canary of eva");
    let told = eva.submit(&late).await.expect_status(409);
    assert!(told.text("main").len() > 100 && told.has(".banner.warning"));
    assert!(!told.body.contains("canary"), "{told:?}");
    assert_eq!(key_in_use(&app).await, "canary of ana");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_a_key_has_no_field_that_a_password_manager_fills() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    for path in ["new", "demo", "demo/key", "demo/next-key", "demo/dialect"] {
        let page = ana
            .visit(&app.at(&format!("/admin/connections/{path}")))
            .await;
        assert!(!page.has("input[type=password]"), "{path}: {page:?}");
        for field in ["#shared_key", "#domain"] {
            let autocomplete = page.attribute(field, "autocomplete");
            assert_ne!(autocomplete.unwrap_or("off".into()), "username");
        }
    }
}
