//! Forms are taken from our own pages only.

use super::site::{self, Site};
use crate::support::browser::{Browser, cookie_name};
use crate::support::page::Form;

/// A browser signed in as `name`, and the form of its home page.
pub async fn signed_in(site: &Site, name: &str) -> (Browser, Form) {
    let browser = Browser::new();
    let page = browser.get(&site.at("/sign-in")).await.expect_status(200);
    let form = page.form("form#step").set("given_names", name);
    let home = browser.submit_and_follow(&form).await.expect_status(200);
    assert_eq!(home.text("#signed-in-as"), name);
    let form = home.form("form#step").forge("kind", "person");
    (browser, form)
}

#[actix_web::test]
async fn a_form_of_our_own_page_is_taken() {
    let site = site::start().await;
    let (browser, form) = signed_in(&site, "ana").await;
    browser.submit(&form).await.expect_redirect_to("/issuances");
}

#[actix_web::test]
async fn b06_a_form_without_the_right_token_is_refused() {
    let site = site::start().await;
    let (browser, form) = signed_in(&site, "ana").await;
    let (_, of_another) = signed_in(&site, "eva").await;
    let before = browser.get(&site.at("/sign-in")).await.form("form#step");
    let tokens = [
        "",
        "x",
        of_another.value("csrf").unwrap(),
        before.value("csrf").unwrap(),
    ];
    for token in tokens {
        let page = browser.submit(&form.clone().forge("csrf", token)).await;
        let page = page.expect_status(403);
        assert!(page.has("#request-id"), "{page:?}");
        assert_eq!(page.text("#signed-in-as"), "ana");
    }
    browser
        .submit(&form.clone().without("csrf"))
        .await
        .expect_status(403);
    let admin = browser.get(&site.at("/admin/sign-in")).await;
    let token = admin.form("form#step").value("csrf").unwrap().to_owned();
    browser
        .submit(&before.forge("csrf", &token))
        .await
        .expect_status(403);
}

#[actix_web::test]
async fn b06_a_form_from_elsewhere_is_refused_whatever_its_token() {
    let site = site::start().await;
    let (browser, form) = signed_in(&site, "ana").await;
    let sources: [&[(&'static str, &str)]; 6] = [
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "http://localhost")],
    ];
    for source in sources {
        browser.submit_with(&form, source).await.expect_status(403);
    }
}

#[actix_web::test]
async fn before_sign_in_the_token_is_bound_to_the_cookie() {
    let site = site::start().await;
    let (one, two) = (Browser::new(), Browser::new());
    let form = one.get(&site.at("/sign-in")).await.form("form#step");
    two.get(&site.at("/sign-in")).await.expect_status(200);
    two.submit(&form).await.expect_status(403);
    two.set_cookie(&site.url, "rubrica-pre", "x");
    two.submit(&form).await.expect_status(403);
    Browser::new().submit(&form).await.expect_status(403);
    one.submit(&form).await.expect_redirect_to("/");
}

#[actix_web::test]
async fn two_tabs_of_the_sign_in_page_share_one_cookie() {
    let site = site::start().await;
    let browser = Browser::new();
    let first = browser.get(&site.at("/sign-in")).await;
    let name = cookie_name(&site.url, "rubrica-pre");
    assert!(first.header("set-cookie").starts_with(&name), "{first:?}");
    let second = browser.get(&site.at("/sign-in")).await;
    assert_eq!(second.header("set-cookie"), "");
    browser
        .submit(&first.form("form#step"))
        .await
        .expect_redirect_to("/");
}

#[actix_web::test]
async fn d08_what_is_no_form_or_too_large_is_refused() {
    let site = site::start().await;
    let (browser, form) = signed_in(&site, "ana").await;
    let large = "x".repeat(17 * 1024);
    browser
        .submit(&form.clone().forge("given_names", &large))
        .await
        .expect_status(413);
    let json = [("content-type", "application/json")];
    browser.submit_with(&form, &json).await.expect_status(415);
}

#[actix_web::test]
async fn d08_a_file_comes_with_the_form_up_to_a_limit() {
    let site = site::start().await;
    let (browser, form) = signed_in(&site, "ana").await;
    let form = form.set("given_names", "ana").to(&site.at("/renew"));
    let with = |size| {
        form.clone()
            .attach("certificate_file", "a.cer", &vec![1; size])
    };
    let page = browser.submit(&with(5)).await.expect_status(200);
    assert_eq!(page.body, "ana 5");
    assert_eq!(browser.submit(&with(0)).await.body, "ana 0");
    browser
        .submit(&with(1024 * 1024 + 1))
        .await
        .expect_status(413);
    browser
        .submit(&with(2 * 1024 * 1024))
        .await
        .expect_status(413);
    browser
        .submit(&with(5).forge("given_names", &"x".repeat(17 * 1024)))
        .await
        .expect_status(413);
    browser
        .submit(&with(5).without("csrf"))
        .await
        .expect_status(403);
    let elsewhere = [("origin", "null")];
    browser
        .submit_with(&with(5), &elsewhere)
        .await
        .expect_status(403);
    // Without a file it may come as any other form does, checked in the same way.
    assert_eq!(browser.submit(&form).await.body, "ana 0");
    let forged = form.clone().without("csrf");
    browser.submit(&forged).await.expect_status(403);
    let large = form.clone().forge("given_names", &"x".repeat(17 * 1024));
    browser.submit(&large).await.expect_status(413);
    let json = [("content-type", "application/json")];
    browser.submit_with(&form, &json).await.expect_status(415);
}
