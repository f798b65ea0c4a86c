//! Every refusal is a page of ours; a form with mistakes keeps what was typed.

use super::csrf::signed_in;
use super::site;
use crate::support::browser::Browser;
use crate::support::page::Form;

#[actix_web::test]
async fn every_refusal_is_our_page_with_a_reference_and_a_way_on() {
    let site = site::start().await;
    let browser = Browser::new();
    for (path, status, code) in [
        ("/nothing", 404, "not_found"),
        ("/admin/nothing", 404, "not_found"),
        ("/sign-out", 404, "not_found"),
        ("/issue", 404, "not_found"),
        ("/static/nothing.css", 404, "not_found"),
        ("/fault", 500, "internal"),
    ] {
        let page = browser.get(&site.at(path)).await.expect_status(status);
        assert!(page.header("content-type").starts_with("text/html"));
        assert_eq!(page.problem(), code, "{page:?}");
        assert_eq!(page.text("#request-id").len(), 12, "{page:?}");
        assert_eq!(page.header("x-request-id"), page.text("#request-id"));
        let home = if path.starts_with("/admin") {
            "/admin"
        } else {
            "/"
        };
        assert!(page.has(&format!("main a[href='{home}']")), "{page:?}");
    }
}

#[actix_web::test]
async fn a_way_of_asking_that_a_path_does_not_have_is_our_page_too() {
    let site = site::start().await;
    let form = Form::empty(&site.at("/static/app.css"));
    let page = Browser::new().submit(&form).await.expect_status(405);
    assert_eq!(page.problem(), "not_found", "{page:?}");
    assert_eq!(page.header("allow"), "GET");
}

#[actix_web::test]
async fn a_page_for_signed_in_people_leads_to_sign_in_and_back() {
    let site = site::start().await;
    let browser = Browser::new();
    browser
        .get(&site.at("/"))
        .await
        .expect_redirect_to("/sign-in");
    let (_, form) = signed_in(&site, "ana").await;
    let page = browser.submit(&form).await.expect_redirect_to("/sign-in");
    assert_eq!(
        page.location().unwrap().query(),
        Some("go=issue&out=undone")
    );
    browser
        .get(&site.at("/admin"))
        .await
        .expect_redirect_to("/admin/sign-in");
}

#[actix_web::test]
async fn a_form_with_mistakes_says_so_above_and_beside_and_keeps_the_answers() {
    let site = site::start().await;
    let (browser, form) = signed_in(&site, "ana").await;
    let sent = form
        .without("kind")
        .set("given_names", "<b>Mar\u{ed}a0")
        .set("password", "canary")
        .forge("provider", "seal")
        .forge("confirm", "yes");
    let page = browser.submit(&sent).await.expect_status(422);
    assert!(page.text("title").starts_with("Error: "), "{page:?}");
    assert_eq!(page.texts("#error-summary a").len(), 2);
    for name in ["kind", "given_names"] {
        let link = format!("#error-summary a[href='#{name}']");
        let beside = page.text(&format!("#{name}-error"));
        assert_eq!(format!("Error: {}", page.text(&link)), beside);
        assert!(page.has(&format!("#{name}")), "{page:?}");
    }
    let again = page.form("form#step");
    assert_eq!(again.value("given_names"), Some("<b>Mar\u{ed}a0"));
    assert_eq!(again.value("provider"), Some("seal"));
    assert_eq!(again.value("confirm"), Some("yes"));
    assert!(!page.body.contains("canary") && !page.body.contains("<b>Mar"));
    let described = page.attribute("#given_names", "aria-describedby").unwrap();
    assert_eq!(described, "given_names-hint given_names-error");
}

#[actix_web::test]
async fn a_database_that_is_gone_is_a_page_about_later_and_not_about_a_fault() {
    let site = site::start().await;
    let (browser, _) = signed_in(&site, "ana").await;
    assert_eq!(browser.get(&site.at("/readyz")).await.body, "ok\n");
    site.state.portal.storage.close().await;
    site.state.sessions.forget_all();
    let page = browser.get(&site.at("/")).await.expect_status(503);
    assert_eq!(page.problem(), "unavailable", "{page:?}");
    assert!(
        page.header("content-security-policy")
            .starts_with("default-src 'none'")
    );
    browser.get(&site.at("/readyz")).await.expect_status(503);
    browser.get(&site.at("/healthz")).await.expect_status(200);
}
