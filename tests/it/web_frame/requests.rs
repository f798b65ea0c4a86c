//! Requests that go no further.

use super::site;
use crate::support::browser::Browser;

#[actix_web::test]
async fn another_host_leads_to_the_public_origin() {
    let site = site::start().await;
    let browser = Browser::new();
    let evil = [("host", "evil.example")];
    let page = browser.get_with(&site.at("/issue?x=1"), &evil).await;
    let to = page.expect_status(303).location().unwrap();
    assert_eq!(to.as_str(), site.at("/issue?x=1&sent-to-public-url"));
    // There the mark goes; if a proxy hides the host, there is no circle, without cookies too.
    let page = browser.get(to.as_str()).await;
    let last = page.expect_status(303).location().unwrap();
    assert_eq!(last.as_str(), site.at("/issue?x=1"));
    let hidden = Browser::new().get_with(to.as_str(), &evil).await;
    hidden.expect_status(421);
    browser
        .get_with(&site.at("/healthz"), &evil)
        .await
        .expect_status(200);
    let form = browser.get(&site.at("/sign-in")).await.form("form#step");
    browser.submit_with(&form, &evil).await.expect_status(421);
    for headers in [
        "X-Forwarded-Host: evil.example",
        "Forwarded: host=evil.example",
    ] {
        let host = site.url.split("://").nth(1).unwrap();
        let request = format!(
            "GET /sign-in HTTP/1.1\r\nHost: {host}\r\n{headers}\r\nConnection: close\r\n\r\n"
        );
        let answer = site.raw(&request).await;
        assert!(answer.starts_with("HTTP/1.1 200") && !answer.contains("evil"));
    }
}

#[actix_web::test]
async fn an_absolute_target_or_two_hosts_do_not_get_round_the_check() {
    let site = site::start().await;
    let host = site.url.split("://").nth(1).unwrap();
    let absolute = format!(
        "GET http://evil.example/issue HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    );
    let answer = site.raw(&absolute).await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(answer.contains(&format!("location: {}/issue", site.url)));
    let twice = format!(
        "GET / HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    );
    let answer = site.raw(&twice).await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
}

#[actix_web::test]
async fn two_ways_to_tell_the_length_are_refused_and_the_connection_closed() {
    let site = site::start().await;
    let host = site.url.split("://").nth(1).unwrap();
    for lengths in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Transfer-Encoding: identity\r\nContent-Length: 5",
        "Content-Length: 0\r\nTransfer-Encoding: chunked",
    ] {
        let request = format!(
            "POST /sign-out HTTP/1.1\r\nHost: {host}\r\n{lengths}\r\n\r\n0\r\n\r\n\
             GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n"
        );
        let answer = site.raw(&request).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
        assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{lengths}: {answer}");
        let answer = answer.to_lowercase();
        assert!(answer.contains("connection: close"), "{lengths}: {answer}");
    }
}

#[actix_web::test]
async fn head_is_answered_as_get_without_a_body() {
    let site = site::start().await;
    let host = site.url.split("://").nth(1).unwrap();
    let answer = site
        .raw(&format!(
            "HEAD /sign-in HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        ))
        .await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n") && !answer.contains("<html"));
}
