//! What people see who are not signed in, the sandbox's pages among them.

use std::time::Duration;

use serde_json::json;

use super::Gallery;
use crate::support::app::App;
use crate::support::page::Form;

/// Sign-in, the ways back that fail, and the problem pages.
pub async fn walk(gallery: &mut Gallery) {
    sign_in(gallery).await;
    limits(gallery).await;
    ways_back(gallery).await;
    sandbox(gallery).await;
    let browser = gallery.browser();
    gallery.visit(&browser, "not-found", "/nothing-here").await;
    gallery.visit(&browser, "wrong-method", "/sign-out").await;
    let forged = Form::empty(&gallery.app.at("/sign-in/redtrust"));
    gallery.submit(&browser, "cookies-off", &forged, 403).await;
    browser.visit(&gallery.app.at("/sign-in")).await;
    gallery.submit(&browser, "forged", &forged, 403).await;
    let ana = gallery.signed_in("demo").await;
    ana.forget_cookie(&gallery.app.url, "rubrica-just-in");
    gallery
        .visit(&ana, "callback-still-signed-in", "/callback/demo?tkn=x")
        .await;
}

async fn sign_in(gallery: &mut Gallery) {
    let browser = gallery.browser();
    gallery.visit(&browser, "help", "/help").await;
    let unknown = "/verify/0000000000";
    gallery.visit(&browser, "verify-unknown", unknown).await;
    let out = "/sign-in?out=here";
    gallery.visit(&browser, "sign-in-signed-out", out).await;
    gallery.visit(&browser, "sign-in", "/sign-in").await;
    let page = browser.visit(&gallery.app.at("/sign-in")).await;
    let wrong = page
        .form("form[action='/sign-in/direct']")
        .set("username", super::HOSTILE)
        .set("password", "wrong");
    gallery.submit(&browser, "sign-in-wrong", &wrong, 422).await;
    let sandbox = &gallery.app.sandbox;
    sandbox
        .refuse("login", "CHANGE_PASSWORD", super::HOSTILE)
        .await;
    gallery
        .submit(&browser, "sign-in-refused", &wrong, 422)
        .await;
    gallery.app.sandbox.mend().await;
    let empty = wrong.set("username", "").set("password", "");
    gallery.submit(&browser, "sign-in-empty", &empty, 422).await;
    gallery
        .visit(&browser, "sign-in-unknown", "/sign-in?connection=nobody")
        .await;
}

/// The states that limits and settings bring, each at a portal of its own.
async fn limits(gallery: &mut Gallery) {
    let browser = gallery.browser();
    let app = App::spawn_with("", |config| config.hide_connections = true).await;
    let page = browser.visit(&app.at("/sign-in")).await;
    gallery.keep("sign-in-short-name", page);
    let page = browser.visit(&app.at("/sign-in?connection=demo")).await;
    let form = page.form("form[action='/sign-in/direct']");
    let wrong = form.set("username", "ana").set("password", "wrong");
    for _ in 0..10 {
        browser.submit(&wrong).await.expect_status(422);
    }
    let page = browser.submit(&wrong).await.expect_status(429);
    gallery.keep("sign-in-too-many", page);
}

async fn ways_back(gallery: &mut Gallery) {
    let browser = gallery.browser();
    let stranger = gallery.browser();
    gallery
        .visit(&stranger, "callback-no-attempt", "/callback/demo?tkn=x")
        .await;
    gallery.app.go_to_redtrust(&browser).await;
    gallery
        .visit(&browser, "callback-cancelled", "/callback/demo")
        .await;
    gallery
        .visit(&browser, "callback-unreadable", "/callback/demo?tkn=x")
        .await;
    let callback = gallery.app.at("/callback/demo");
    let ahead = browser
        .get_with(&callback, &[("purpose", "prefetch")])
        .await;
    gallery.keep("callback-not-opened", ahead);
    let form = gallery.app.go_to_redtrust(&browser).await.form("form");
    let form = form.set("username", "demo").set("password", "demo");
    let back = browser.submit(&form).await.location().unwrap();
    gallery
        .app
        .sandbox
        .fault("login_by_temp_token", "before", "status", json!(503), 1)
        .await;
    let page = browser.get(back.as_str()).await;
    gallery.keep("callback-redtrust-down", page);
    let warned = browser.visit(&gallery.app.at("/sign-in")).await;
    assert!(warned.has(".banner"), "no warning on {warned:?}");
    gallery.keep("sign-in-warned", warned);
    let page = stranger.get(back.as_str()).await;
    gallery.keep("callback-used", page);
    let form = gallery.app.go_to_redtrust(&browser).await.form("form");
    let form = form.set("username", "demo").set("password", "demo");
    let back = browser.submit(&form).await.location().unwrap();
    gallery.app.clock.advance(Duration::from_secs(601));
    let page = browser.get(back.as_str()).await;
    gallery.keep("callback-late", page);
}

async fn sandbox(gallery: &mut Gallery) {
    let browser = gallery.browser();
    let page = gallery.app.go_to_redtrust(&browser).await;
    let form = page.form("form").set("username", "demo");
    gallery.keep("sandbox-sign-in", page);
    let wrong = browser.submit(&form.set("password", "wrong")).await;
    gallery.keep("sandbox-sign-in-wrong", wrong);
    let at = |path: &str| format!("{}{path}", gallery.app.sandbox.url);
    let refused = at("/authclient/auth/loginrequest?Consumer=RA_API");
    let (home, refused) = (at("/sandbox"), browser.get(&refused).await);
    gallery.keep("sandbox-refused", refused);
    let home = browser.get(&home).await.expect_status(200);
    let register = home.form("form#register").set("url", "nowhere");
    let form = home.form("form#check");
    gallery.keep("sandbox-home", home);
    let refused = browser.submit(&register).await.expect_status(422);
    gallery.keep("sandbox-home-url-refused", refused);
    let signed_in = gallery.app.go_to_redtrust(&browser).await;
    let wrong = signed_in.url.to_string().replace("partner=R", "partner=r");
    for (name, url) in [
        ("sandbox-check", signed_in.url.as_str()),
        ("sandbox-check-wrong", &wrong),
        ("sandbox-check-unreadable", "nonsense"),
    ] {
        let page = browser.submit(&form.clone().set("url", url)).await;
        gallery.keep(name, page);
    }
}
