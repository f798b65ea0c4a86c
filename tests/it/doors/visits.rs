//! A return from Redtrust counts only when a browser opens it in a window; what
//! Redtrust answers counts only if it can be read in one way; and what a browser keeps
//! afterwards.

use serde_json::json;

use super::raw::ask;
use crate::callback::{exchanges, refused, way_back};
use crate::support::app::{App, state_of};
use crate::support::browser::Browser;

#[tokio::test(flavor = "multi_thread")]
async fn i21_a_callback_that_nobody_opened_is_neither_used_nor_used_up() {
    let (app, ana) = (App::spawn().await, Browser::new());
    let back = way_back(&app, &ana).await;
    let target = format!("{}?{}", back.path(), back.query().unwrap());
    let head = ask(&app, &ana, "HEAD", &target).await.expect_status(400);
    assert!(head.header("set-cookie").is_empty(), "{head:?}");
    for header in [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "prefetch"),
        ("x-purpose", "preview"),
        ("x-moz", "prefetch"),
        ("sec-fetch-dest", "image"),
        ("sec-fetch-dest", "iframe"),
        ("sec-fetch-dest", "empty"),
        ("sec-fetch-mode", "no-cors"),
        ("sec-fetch-mode", "cors"),
    ] {
        let page = ana.get_with(back.as_str(), &[header]).await;
        let page = refused(page, 400, "not_opened");
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
    }
    assert_eq!(exchanges(&app).await, 0);
    let opened = [
        ("sec-fetch-dest", "document"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-site", "cross-site"),
    ];
    ana.get_with(back.as_str(), &opened)
        .await
        .expect_redirect_to("/");
    assert!(ana.visit(&app.url).await.has("#signed-in-as"));
}

#[tokio::test(flavor = "multi_thread")]
async fn i21_an_answer_that_says_something_twice_is_not_believed() {
    let (app, ana) = App::spawn_signed_in().await;
    let twice = r#"{"message":"","messageType":"ERROR","messageType":"SUCCESS",
        "errorCode":"OK","data":{"idCertificate":"1","thumbprint":"AB"}}"#;
    let answer = json!(twice);
    app.sandbox
        .fault("csr_finalize", "after", "body", answer, 1)
        .await;
    let page = app.issue(&ana, "JUANA PEREZ").await;
    assert_eq!(state_of(&page), "unknown", "{page:?}");
    let eva = Browser::new();
    let back = way_back(&app, &eva).await;
    let twice = r#"{"message":"","messageType":"SUCCESS","errorCode":"OK",
        "data":{"accessToken":"a.b.c","accessToken":"d.e.f","expiration":"1"}}"#;
    let answer = json!(twice);
    app.sandbox
        .fault("login_by_temp_token", "before", "body", answer, 1)
        .await;
    eva.get(back.as_str()).await.expect_status(502);
    assert!(!eva.visit(&app.url).await.has("#signed-in-as"));
}

#[tokio::test(flavor = "multi_thread")]
async fn i21_a_browser_keeps_nothing_of_the_pages_after_sign_out() {
    let (app, ana) = App::spawn_signed_in().await;
    let admin = crate::support::admin::signed_in(&app).await;
    let eva = Browser::new();
    app.sign_in_directly(&eva, "ra-app").await;
    for (browser, page, act) in [
        (&ana, "/", "/sign-out"),
        (&eva, "/account", "/sign-out/everywhere"),
        (&admin, "/admin", "/admin/sign-out"),
    ] {
        let page = browser.visit(&app.at(page)).await;
        let form = page.form(&format!("form[action='{act}']"));
        let answer = browser.submit(&form).await.expect_status(303);
        assert_eq!(answer.header("clear-site-data"), r#""cache", "storage""#);
    }
}
