//! Accounts: the first run, signing in and out, wrong passwords.

use std::time::Duration;

use rubrica::services::accounts::setup_link;

use crate::support::admin::{self, PASSWORD, USERNAME, sign_in, sign_in_form};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::{Form, Page};

async fn setup_url(app: &App) -> String {
    let secret = setup_link::make(&app.portal).await.unwrap().unwrap();
    app.at(&format!("/admin/setup?link={}", secret.expose()))
}

fn account(page: Page) -> Form {
    let form = page.expect_status(200).form("main form#step");
    form.set("username", USERNAME).set("password", PASSWORD)
}

#[tokio::test(flavor = "multi_thread")]
async fn c15_the_setup_link_makes_one_account_and_no_second() {
    let app = App::spawn().await;
    let url = setup_url(&app).await;
    let (first, second) = (Browser::new(), Browser::new());
    let form = account(first.get(&url).await);
    let late = account(second.get(&url).await);
    let home = first.submit(&form).await.expect_redirect_to("/admin");
    let home = first.follow(home).await.expect_status(200);
    assert_eq!(home.text("#signed-in-as"), USERNAME);
    let refused = second.submit(&late).await.expect_status(404);
    assert!(!refused.text("#request-id").is_empty());
    second.get(&url).await.expect_status(404);
    assert!(setup_link::make(&app.portal).await.unwrap().is_none());
    sign_in(&app, &second, USERNAME, PASSWORD)
        .await
        .expect_redirect_to("/admin");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_or_made_up_setup_link_has_a_page_of_its_own() {
    let app = App::spawn().await;
    let url = setup_url(&app).await;
    let ana = Browser::new();
    let form = account(ana.get(&url).await);
    for made_up in ["/admin/setup", "/admin/setup?link=", "/admin/setup?link=x"] {
        let page = ana.get(&app.at(made_up)).await.expect_status(404);
        assert!(page.has("main a[href='/admin/sign-in']"), "{page:?}");
    }
    app.clock.advance(Duration::from_secs(15 * 60));
    ana.get(&url).await.expect_status(404);
    ana.submit(&form).await.expect_status(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_first_account_stands_at_its_field() {
    let app = App::spawn().await;
    let url = setup_url(&app).await;
    let ana = Browser::new();
    for (field, value) in [
        ("username", "a b"),
        ("username", ""),
        ("password", "eleven char"),
        ("password", &"x".repeat(129)),
    ] {
        let form = account(ana.get(&url).await).set(field, value);
        let page = ana.submit(&form).await.expect_status(422);
        assert!(
            page.has(&format!("#error-summary a[href='#{field}']")),
            "{page:?}"
        );
        assert!(!page.body.contains(PASSWORD) && !page.body.contains("eleven char"));
    }
    ana.submit(&account(ana.get(&url).await))
        .await
        .expect_redirect_to("/admin");
}

#[tokio::test(flavor = "multi_thread")]
async fn c01_a_wrong_password_and_an_unknown_name_are_told_alike() {
    let app = admin::app().await;
    let ana = Browser::new();
    let wrong = sign_in(&app, &ana, USERNAME, "wrong password").await;
    let unknown = sign_in(&app, &ana, "nobody", "wrong password").await;
    let said = wrong.expect_status(422).text("#error-summary");
    assert_eq!(said, unknown.expect_status(422).text("#error-summary"));
    assert!(ana.cookie(&app.url, "rubrica-admin").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_session_whatever_the_browser_keeps() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let cookie = ana.cookie(&app.url, "rubrica-admin").unwrap();
    let home = ana.visit(&app.at("/admin")).await;
    ana.submit(&home.form("form[action='/admin/sign-out']"))
        .await
        .expect_redirect_to("/admin/sign-in");
    ana.set_cookie(&app.url, "rubrica-admin", &cookie);
    ana.get(&app.at("/admin"))
        .await
        .expect_redirect_to("/admin/sign-in");
}

#[tokio::test(flavor = "multi_thread")]
async fn c02_after_ten_wrong_passwords_an_address_waits_and_the_admin_gets_in_from_another() {
    let app = App::spawn_with("", |config| {
        config.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    })
    .await;
    admin::make_admin(&app).await;
    let eve = Browser::new();
    let form = sign_in_form(&app, &eve).await.set("username", USERNAME);
    let from = |address: &'static str| [("x-forwarded-for", address)];
    for at in 0..10 {
        let form = form
            .clone()
            .set("password", &format!("wrong password {at}"));
        eve.submit_with(&form, &from("203.0.113.7"))
            .await
            .expect_status(422);
    }
    let right = form.set("password", PASSWORD);
    let waits = eve.submit_with(&right, &from("203.0.113.7")).await;
    let seconds: u64 = waits.header("retry-after").parse().unwrap();
    assert!((1..=600).contains(&seconds), "{seconds}");
    waits.expect_status(429);
    eve.submit_with(&right, &from("198.51.100.1"))
        .await
        .expect_redirect_to("/admin");
}

#[tokio::test(flavor = "multi_thread")]
async fn c01_a_huge_password_is_refused_before_it_is_looked_at() {
    let app = admin::app().await;
    let ana = Browser::new();
    let huge = "x".repeat(1024 * 1024);
    sign_in(&app, &ana, USERNAME, &huge)
        .await
        .expect_status(413);
    let long = "x".repeat(8 * 1024);
    sign_in(&app, &ana, USERNAME, &long)
        .await
        .expect_status(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admins_session_is_no_users_session() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let page = ana.get(&app.at("/issuances")).await;
    assert_ne!(page.status.as_u16(), 200, "{page:?}");
    let user = Browser::new();
    app.sign_in_directly(&user, "ra-app").await;
    user.get(&app.at("/admin"))
        .await
        .expect_redirect_to("/admin/sign-in");
}
