//! A browser that has saved the admin's login: it fills the admins' sign-in page, and
//! no other form of this portal.

use fantoccini::Locator;
use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection};
use tempfile::TempDir;

use crate::support::admin::{self, PASSWORD, USERNAME};
use crate::support::app::App;
use crate::support::chromium::{Chromium, Look};

const LOOK: Look = Look {
    language: "en",
    width: 1024,
    javascript: true,
};

/// A profile in which the admin's login for this portal is saved, as if the admin had
/// agreed to save it.
async fn profile_with_login(app: &App) -> Option<TempDir> {
    let first = Chromium::start(LOOK).await?;
    first.goto(&app.at("/admin/sign-in")).await;
    let profile = first.close().await;
    let file = profile.path().join("Default/Login Data");
    let address = format!("sqlite://{}", file.display());
    let mut logins = SqliteConnection::connect(&address).await.unwrap();
    let origin = format!("{}/", app.url);
    sqlx::query(
        "INSERT INTO logins (origin_url, action_url, username_element, username_value, \
         password_element, password_value, submit_element, signon_realm, date_created, \
         blacklisted_by_user, scheme, times_used, form_data, date_last_used, \
         moving_blocked_for, date_password_modified, sender_email, sender_name, \
         sharing_notification_displayed) \
         VALUES ($1, $1, 'username', $2, 'password', $3, '', $4, \
         13300000000000000, 0, 0, 1, x'', 13300000000000000, x'', 13300000000000000, '', '', 0)",
    )
    .bind(app.at("/admin/sign-in"))
    .bind(USERNAME)
    .bind(saved_password())
    .bind(origin)
    .execute(&mut logins)
    .await
    .unwrap();
    logins.close().await.unwrap();
    Some(profile)
}

/// The admin's password as Chromium stores it where it has no key store, with its fixed
/// key: `openssl enc -aes-128-cbc -K fd621fe5a2b402539dfa147ca9272778 -iv 2020...20`.
fn saved_password() -> Vec<u8> {
    assert_eq!(PASSWORD, "correct horse battery staple");
    let encrypted = b"6c7a64a6e71e09d40d8d41e7787334b2d1bfb221e393b0ef3893560dcd886d83";
    let encrypted = data_encoding::HEXLOWER.decode(encrypted).unwrap();
    [b"v10".as_slice(), &encrypted].concat()
}

/// The names of the fields that the browser has filled by itself.
async fn filled(chromium: &Chromium) -> Value {
    let script = "return [...document.querySelectorAll('input:autofill')].map(one => one.name)";
    chromium.client.execute(script, Vec::new()).await.unwrap()
}

/// Waits until the browser has filled the page, or has had the time to.
async fn settled(chromium: &Chromium) -> Value {
    for _ in 0..30 {
        let filled = filled(chromium).await;
        if filled != json!([]) {
            return filled;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    json!([])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_admin_login_changes_nothing_but_what_was_typed() {
    let app = admin::app().await;
    let Some(profile) = profile_with_login(&app).await else {
        return;
    };
    let chromium = Chromium::start_in(LOOK, profile).await;
    // The browser fills where it should, so it would fill elsewhere too.
    chromium.goto(&app.at("/admin/sign-in")).await;
    assert_eq!(settled(&chromium).await, json!(["username", "password"]));
    chromium.press("form#step button").await;
    assert_eq!(chromium.text("#signed-in-as").await, USERNAME);

    let before = app.portal.connections.all().await.unwrap()[0].clone();
    chromium.goto(&app.at("/admin/connections/demo")).await;
    assert_eq!(settled(&chromium).await, json!([]));
    chromium.fill("#name", "Another name").await;
    chromium.press("form#step button[type=submit]").await;
    // What people are shown asks for the password.
    chromium.fill("#password", PASSWORD).await;
    chromium.press("form#step button[type=submit]").await;
    assert_eq!(chromium.text("main h1").await, "Another name");
    app.portal.connections.changed();
    let mut after = app.portal.connections.all().await.unwrap()[0].clone();
    after.settings.name.clone_from(&before.settings.name);
    after.version = before.version;
    assert_eq!(after, before);

    for path in [
        "/admin/connections/new",
        "/admin/connections/demo/key",
        "/admin/connections/demo/next-key",
        "/admin/redirect-urls",
        "/sign-in?connection=demo",
    ] {
        chromium.goto(&app.at(path)).await;
        let open = "document.querySelectorAll('details').forEach(one => { one.open = true; })";
        chromium.client.execute(open, Vec::new()).await.unwrap();
        // Clicking into each field is what makes a browser offer what it has saved.
        let fields = Locator::Css("form input:not([type=hidden])");
        for field in chromium.client.find_all(fields).await.unwrap() {
            field.click().await.unwrap();
        }
        assert_eq!(settled(&chromium).await, json!([]), "{path}");
    }
}
