//! All headers on all answers, and files that may be kept.

use reqwest::header::HeaderMap;

use super::csrf::signed_in;
use super::site;
use crate::support::browser::Browser;
use crate::support::page::Page;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
    base-uri 'none'";

/// The headers of any answer. A sign-in page may name more targets for its form.
#[track_caller]
pub fn expect_headers(headers: &HeaderMap, path: &str) {
    let text = |name: &str| {
        headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    };
    let policy = text("content-security-policy");
    let (before, targets) = policy.split_once("form-action 'self'").unwrap();
    let (targets, after) = targets.split_once(';').unwrap();
    assert!(targets.is_empty() || path == "/sign-in", "{path}: {policy}");
    let policy = format!("{before}form-action 'self';{after}");
    assert_eq!(policy, POLICY, "{path}: {headers:?}");
    assert_eq!(text("x-content-type-options"), "nosniff");
    let referrer = text("referrer-policy");
    match path.starts_with("/callback/") {
        true => assert_eq!(referrer, "no-referrer"),
        false => assert_eq!(referrer, "same-origin"),
    }
    assert_eq!(text("cross-origin-opener-policy"), "same-origin");
    assert_eq!(text("cross-origin-resource-policy"), "same-origin");
    assert_eq!(text("x-frame-options"), "DENY");
    assert!(text("permissions-policy").contains("camera=()"));
    assert!(!text("cache-control").is_empty());
    for name in ["content-security-policy", "cache-control"] {
        assert_eq!(headers.get_all(name).iter().count(), 1, "{name}");
    }
}

#[track_caller]
fn expect_on(page: &Page) {
    expect_headers(&page.headers, page.url.path());
}

#[actix_web::test]
async fn b09_every_answer_has_every_header() {
    let site = site::start().await;
    let (browser, form) = signed_in(&site, "ana").await;
    let home = browser.get(&site.at("/")).await.expect_status(200);
    let file = home.attribute("link[rel=stylesheet]", "href").unwrap();
    for path in [
        "/",
        "/nothing",
        "/sign-out",
        "/fault",
        "/healthz",
        &file,
        "/static/x",
    ] {
        expect_on(&browser.get(&site.at(path)).await);
    }
    expect_on(&browser.submit(&form).await.expect_status(303));
    let large = form.clone().forge("x", &"x".repeat(20_000));
    expect_on(&browser.submit(&large).await.expect_status(413));
    expect_on(
        &browser
            .submit(&form.without("csrf"))
            .await
            .expect_status(403),
    );
    assert_eq!(home.header("cache-control"), "no-store");
    assert_eq!(home.header("strict-transport-security"), "");
}

#[actix_web::test]
async fn the_sign_in_page_may_name_where_its_form_ends() {
    let site = site::start().await;
    let page = Browser::new().get(&site.at("/sign-in")).await;
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action 'self' https://redtrust.example:8082; frame"));
    let callback = Browser::new().get(&site.at("/callback/demo")).await;
    assert_eq!(callback.header("referrer-policy"), "no-referrer");
}

#[actix_web::test]
async fn b05_on_https_cookies_are_secure_and_wear_the_prefix() {
    let site = site::start_as(|_| "https://portal.example".to_owned()).await;
    let answer = site.raw_get("/sign-in").await;
    assert!(
        answer.contains("strict-transport-security: max-age=31536000; includeSubDomains\r\n"),
        "{answer}"
    );
    let cookie = answer
        .lines()
        .find(|line| line.starts_with("set-cookie"))
        .unwrap();
    assert!(
        cookie.starts_with("set-cookie: __Host-rubrica-pre="),
        "{cookie}"
    );
    for flag in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(cookie.contains(flag), "{cookie}");
    }
}

#[actix_web::test]
async fn a_file_is_kept_for_ever_under_its_hash_and_never_under_another() {
    let site = site::start().await;
    let browser = Browser::new();
    let page = browser.get(&site.at("/sign-in")).await;
    let url = page.attribute("link[rel=stylesheet]", "href").unwrap();
    let file = browser.get(&site.at(&url)).await.expect_status(200);
    assert_eq!(file.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(
        file.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    let old = browser
        .get(&site.at("/static/app.0123456789abcdef.css"))
        .await;
    let old = old.expect_status(200);
    assert_eq!(old.header("cache-control"), "no-cache");
    assert_eq!(old.body, file.body);
}

#[actix_web::test]
async fn d10_a_thousand_ranges_of_a_file_or_a_page_are_ignored() {
    let site = site::start().await;
    let browser = Browser::new();
    let page = browser.get(&site.at("/sign-in")).await;
    let url = page.attribute("link[rel=stylesheet]", "href").unwrap();
    let file = browser.get(&site.at(&url)).await.expect_status(200);
    let ranges = format!("bytes={}", vec!["0-1"; 1000].join(","));
    let ranges = [("range", ranges.as_str())];
    let whole = browser.get_with(&site.at(&url), &ranges).await;
    assert_eq!(whole.expect_status(200).body, file.body);
    let page = browser.get_with(&site.at("/sign-in"), &ranges).await;
    assert!(page.expect_status(200).body.contains("</html>"));
}

#[actix_web::test]
async fn d09_no_path_leads_out_of_the_files() {
    let site = site::start().await;
    for path in [
        "/static/../Cargo.toml",
        "/static/..%2fCargo.toml",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static/%252e%252e%252fCargo.toml",
        "/static/app.css%00",
        "/static/app.0123.css%00.css",
        "/static//etc/passwd",
        "/static/..\\..\\x.y.z",
        "/static/",
        "/static/.",
    ] {
        let answer = site.raw_get(path).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
    }
}
