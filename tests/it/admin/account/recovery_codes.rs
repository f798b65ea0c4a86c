//! Recovery codes: each good once, replaced by new ones, and what is left when they are
//! lost too.

use rubrica::services::accounts::people::standing_of;
use rubrica::storage::admins;

use super::next_code;
use crate::support::admin::{self, PASSWORD, USERNAME, audited, sign_in};
use crate::support::app::App;
use crate::support::authenticator::{give, password_given, switch_on};
use crate::support::browser::Browser;
use crate::support::people::account;
use crate::support::process::command;

async fn left(app: &App, browser: &Browser) -> String {
    let page = browser.visit(&app.at("/admin/account")).await;
    page.attribute("#recovery-codes", "data-left").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_a_recovery_code_replaces_the_app_once() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let (_, codes) = switch_on(&app, &ana).await;
    assert_eq!(left(&app, &ana).await, "10");
    let elsewhere = Browser::new();
    let page = password_given(&app, &elsewhere, USERNAME).await;
    let typed = codes[3].to_lowercase().replace('-', " ");
    give(&elsewhere, &page, &typed)
        .await
        .expect_redirect_to("/admin");
    assert_eq!(left(&app, &ana).await, "9");
    let audit = audited(&app, &ana).await;
    assert!(
        audit[0].contains("Second factor: Recovery code"),
        "{audit:#?}"
    );
    assert!(audit[1].contains("Recovery code used") && audit[1].contains("codes left: 9"));
    let eve = Browser::new();
    let page = password_given(&app, &eve, USERNAME).await;
    give(&eve, &page, &codes[3]).await.expect_status(422);
    give(&eve, &page, &codes[4])
        .await
        .expect_redirect_to("/admin");
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_new_recovery_codes_take_the_place_of_all_earlier_ones() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let (authenticator, old) = switch_on(&app, &ana).await;
    next_code(&app);
    let ask = app.at("/admin/account/recovery-codes");
    let form = ana.visit(&ask).await.form("main form#step");
    let form = form.set("password", PASSWORD);
    ana.submit(&form).await.expect_status(422);
    let form = form.set("totp", &authenticator.code(&app));
    let page = ana.submit(&form).await.expect_status(200);
    let new = page.texts("#recovery-codes code");
    assert_eq!(new.len(), 10);
    assert!(new.iter().all(|code| !old.contains(code)));
    let eve = Browser::new();
    let page = password_given(&app, &eve, USERNAME).await;
    give(&eve, &page, &old[0]).await.expect_status(422);
    give(&eve, &page, &new[0])
        .await
        .expect_redirect_to("/admin");
    // Without the app, the last of them switch it off.
    let ask = app.at("/admin/account/second-factor/off");
    let form = eve.visit(&ask).await.form("main form#step");
    let form = form.set("password", PASSWORD).set("totp", &new[1]);
    let off = eve.submit(&form).await;
    off.expect_redirect_to("/admin/account");
}

/// What `rubrica admin reset` says, with these arguments too.
fn reset(app: &App, more: &[&str]) -> String {
    let dir = app.data_dir();
    let url = format!("sqlite://{}", dir.join("rubrica.db").display());
    let key = data_encoding::HEXLOWER.encode(&crate::support::database::MASTER_KEY);
    let variables = [
        ("RUBRICA_DATABASE_URL", url.as_str()),
        ("RUBRICA_MASTER_KEY", &key),
    ];
    std::fs::write(dir.join("password"), PASSWORD).unwrap();
    let mut arguments = admin::create(USERNAME).to_vec();
    arguments[1] = "reset";
    arguments.extend(more);
    let output = command(dir, &arguments, &variables).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let told = [output.stdout, output.stderr].concat();
    String::from_utf8(told).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_says_that_the_account_is_disabled_if_it_is() {
    let app = admin::app().await;
    assert!(!reset(&app, &[]).contains("disabled"));
    let ana = account(&app, USERNAME).await;
    let mut standing = standing_of(&ana);
    standing.enabled = false;
    let (keys, now) = (app.portal.keys.clone(), app.clock.now());
    let set = app.portal.storage.write(move |conn| {
        Box::pin(async move { admins::set_standing(conn, &keys, &ana.id, &standing, now).await })
    });
    assert!(set.await.unwrap());
    let told = reset(&app, &[]);
    assert!(told.contains("ana is disabled"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_a_reset_keeps_the_second_factor_unless_it_is_told_to_clear_it() {
    let app = admin::app().await;
    switch_on(&app, &admin::signed_in(&app).await).await;
    assert!(!reset(&app, &[]).contains("second factor"));
    let ana = Browser::new();
    password_given(&app, &ana, USERNAME).await;
    let told = reset(&app, &["--clear-second-factor"]);
    assert!(told.contains("second factor is removed"), "{told}");
    sign_in(&app, &ana, USERNAME, PASSWORD)
        .await
        .expect_redirect_to("/admin");
    // The command has the machine's clock, so its entries may come first.
    let rows = audited(&app, &ana).await;
    let is_it = |row: &String| row.contains("Password reset") && row.contains("Second factor");
    assert!(rows.iter().any(is_it), "{rows:?}");
}
