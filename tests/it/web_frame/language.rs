//! The language of the pages.

use super::csrf::signed_in;
use super::site;
use crate::support::browser::Browser;

#[actix_web::test]
async fn the_browser_chooses_until_a_person_does() {
    let site = site::start().await;
    for (speaks, lang) in [("en-GB", "en"), ("es", "es"), ("fr", "es")] {
        let page = Browser::speaking(speaks).get(&site.at("/sign-in")).await;
        assert_eq!(page.attribute("html", "lang").as_deref(), Some(lang));
    }
    let browser = Browser::speaking("en");
    let page = browser.get(&site.at("/sign-in?connection=acme")).await;
    let link = page.attribute("a[hreflang=es]", "href").unwrap();
    assert_eq!(link, "/sign-in?connection=acme&lang=es");
    let answer = browser.get(&site.at(&link)).await.expect_status(303);
    let to = answer.location().unwrap();
    assert_eq!(to.as_str(), site.at("/sign-in?connection=acme"));
    let page = browser.follow(answer).await;
    assert_eq!(page.attribute("html", "lang").as_deref(), Some("es"));
    assert_eq!(page.text("title"), "Emitir un certificado – rubrica");
    let lost = browser.get(&site.at("/nothing")).await;
    assert_eq!(lost.text("h1"), "Página no encontrada");
}

#[actix_web::test]
async fn a09_a_language_link_never_leads_elsewhere() {
    let site = site::start().await;
    for path in [
        "//evil.example?lang=es",
        "//evil.example/%2e%2e?lang=en&x=//y",
        "/\\evil?lang=es",
    ] {
        let answer = site.raw_get(path).await;
        assert!(answer.starts_with("HTTP/1.1 "), "{path}: {answer}");
        if let Some(to) = answer.lines().find(|line| line.starts_with("location: ")) {
            assert!(to.starts_with(&format!("location: {}/", site.url)), "{to}");
        }
    }
    let unknown = Browser::new().get(&site.at("/sign-in?lang=xx")).await;
    unknown.expect_status(200);
}

#[actix_web::test]
async fn a_page_answered_by_post_names_another_for_its_language_links() {
    let site = site::start().await;
    let (browser, form) = signed_in(&site, "ana").await;
    let page = browser
        .submit(&form.without("kind"))
        .await
        .expect_status(422);
    let link = page.attribute("a[hreflang=es]", "href").unwrap();
    assert_eq!(link, "/?lang=es");
    let callback = browser.get(&site.at("/callback/NO?tkn=canary")).await;
    assert!(!callback.expect_status(404).body.contains("canary"));
}

#[actix_web::test]
async fn i21_the_cookie_of_the_language_has_the_prefix_of_the_others() {
    let site = site::start_as(|_| "https://portal.example:8443".to_owned()).await;
    let answer = site.raw_get("/sign-in?lang=es").await;
    let cookie = "set-cookie: __Host-lang-8443=es; ";
    assert!(answer.contains(cookie), "{answer}");
}
