//! People click twice, reload and go back: the same sign-in asked for more than once.

#[cfg(test)]
mod in_chromium;

use std::time::Duration;

use reqwest::Url;
use serde_json::json;

use crate::callback::{exchanges, refused, way_back};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::raw_server::{RawServer, Reply};

/// Every exchange takes so many milliseconds from now on.
async fn slow_exchanges(app: &App, millis: u64) {
    app.sandbox
        .fault("login_by_temp_token", "before", "delay", json!(millis), 0)
        .await;
}

/// The ways back of so many clicks on one of Redtrust's pages.
async fn clicks(app: &App, browser: &Browser, times: usize) -> Vec<Url> {
    let form = app.go_to_redtrust(browser).await.form("form");
    let form = form.set("username", "demo").set("password", "demo");
    let mut ways = Vec::new();
    for _ in 0..times {
        ways.push(browser.submit(&form).await.location().unwrap());
    }
    ways
}

fn session_of(app: &App, browser: &Browser) -> Option<String> {
    browser.cookie(&app.url, "rubrica")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_click_signs_in_although_the_first_answer_was_lost() {
    let (app, ana) = (App::spawn().await, Browser::new());
    let ways = clicks(&app, &ana, 2).await;
    ana.twin().get(ways[0].as_str()).await.expect_status(303);
    assert_eq!(session_of(&app, &ana), None);
    let home = ana.visit(ways[1].as_str()).await.expect_status(200);
    assert!(home.text("#signed-in-as").contains("demo"), "{home:?}");
    assert_eq!(exchanges(&app).await, 2);
    let names = ana.cookie_names(&app.url);
    assert!(
        !names.iter().any(|name| name.contains("attempt")),
        "{names:?}"
    );
}

/// The first click's request is given up by the browser; that it was right counts all the
/// same, or a few people behind one address would have to wait.
#[tokio::test(flavor = "multi_thread")]
async fn many_double_clicks_from_one_address_all_end_signed_in() {
    let app = App::spawn().await;
    slow_exchanges(&app, 100).await;
    for round in 0..25 {
        let ana = Browser::new();
        let ways = clicks(&app, &ana, 2).await;
        let twin = ana.twin();
        let first = twin.get(ways[0].as_str());
        let given_up = tokio::time::timeout(Duration::from_millis(30), first).await;
        assert!(
            given_up.is_err(),
            "round {round}: the exchange was too quick"
        );
        let home = ana.visit(ways[1].as_str()).await;
        assert!(home.has("#signed-in-as"), "round {round}: {home:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_leads_to_four_tokens_and_no_more() {
    let (app, ana) = (App::spawn().await, Browser::new());
    let ways = clicks(&app, &ana, 5).await;
    for way in &ways[..4] {
        ana.twin().get(way.as_str()).await.expect_status(303);
    }
    refused(ana.get(ways[4].as_str()).await, 400, "no_attempt");
    assert_eq!(exchanges(&app).await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_during_the_exchange_gets_the_same_session() {
    let (app, ana) = (App::spawn().await, Browser::new());
    let back = way_back(&app, &ana).await;
    slow_exchanges(&app, 1_000).await;
    let twins = [ana.twin(), ana.twin(), ana.twin()];
    let answers = twins.each_ref().map(|twin| twin.get(back.as_str()));
    for answer in futures_util::future::join_all(answers).await {
        answer.expect_redirect_to("/");
    }
    let first = session_of(&app, &twins[0]);
    assert!(first.is_some());
    for twin in &twins {
        assert_eq!(session_of(&app, twin), first);
        let home = twin.get(&app.url).await.expect_status(200);
        assert!(home.text("#signed-in-as").contains("demo"));
    }
    assert_eq!(exchanges(&app).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exchange_goes_on_when_its_request_is_given_up() {
    let (app, ana) = (App::spawn().await, Browser::new());
    let back = way_back(&app, &ana).await;
    slow_exchanges(&app, 800).await;
    let given_up = ana.twin();
    let soon = Duration::from_millis(200);
    let first = tokio::time::timeout(soon, given_up.get(back.as_str())).await;
    assert!(first.is_err(), "{first:?}");
    ana.get(back.as_str()).await.expect_redirect_to("/");
    ana.get(&app.url).await.expect_status(200);
    assert_eq!(exchanges(&app).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_given_again_until_one_signs_out() {
    let (app, ana) = (App::spawn().await, Browser::new());
    let back = way_back(&app, &ana).await;
    let (lost, later) = (ana.twin(), ana.twin());
    lost.get(back.as_str()).await.expect_status(303);
    app.clock.advance(Duration::from_secs(200));
    let home = ana.visit(back.as_str()).await.expect_status(200);
    assert_eq!(session_of(&app, &ana), session_of(&app, &lost));
    let out = home.form("form[action='/sign-out']");
    ana.submit_and_follow(&out).await;
    refused(later.get(back.as_str()).await, 400, "token_used");
    assert_eq!(session_of(&app, &later), None);
    assert_eq!(exchanges(&app).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_gives_nothing_to_a_browser_with_another_attempt() {
    let (app, ana, eve) = (App::spawn().await, Browser::new(), Browser::new());
    let back = way_back(&app, &ana).await;
    app.go_to_redtrust(&eve).await;
    app.sandbox
        .fault("login_by_temp_token", "before", "delay", json!(500), 1)
        .await;
    let twin = ana.twin();
    let (first, stolen) = tokio::join!(twin.get(back.as_str()), async {
        app.sandbox.struck().await;
        eve.get(back.as_str()).await
    });
    first.expect_status(303);
    refused(stolen, 400, "token_used");
    assert_eq!(session_of(&app, &eve), None);
    app.clock.advance(Duration::from_secs(601));
    refused(ana.get(back.as_str()).await, 400, "token_used");
    assert_eq!(exchanges(&app).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_shown_to_the_request_that_waited_for_it() {
    let (app, ana) = (App::spawn().await, Browser::new());
    let back = way_back(&app, &ana).await;
    let fault = |action: &str, value: serde_json::Value| {
        json!({"operation": "login_by_temp_token", "effect": "before", "action": action,
            "value": value, "times": 1})
    };
    let faults = [fault("delay", json!(500)), fault("status", json!(500))];
    app.sandbox.put("faults", json!({"faults": faults})).await;
    let twin = ana.twin();
    let both = tokio::join!(ana.get(back.as_str()), twin.get(back.as_str()));
    refused(both.0, 502, "redtrust_bad_answer");
    refused(both.1, 502, "redtrust_bad_answer");
}

#[tokio::test(flavor = "multi_thread")]
async fn going_back_to_redtrust_when_signed_in_says_who_is_signed_in() {
    let app = App::spawn().await;
    for (language, words) in [
        ("en", "still signed in as demo"),
        ("es", "sigue abierta como demo"),
    ] {
        let ana = Browser::speaking(language);
        let form = app.go_to_redtrust(&ana).await.form("form");
        let form = form.set("username", "demo").set("password", "demo");
        ana.submit_and_follow(&form).await.expect_status(200);
        let session = session_of(&app, &ana);
        // At once it is the second of two clicks.
        let second = ana.submit_and_follow(&form).await.expect_status(200);
        assert_eq!(second.text("#signed-in-as"), "demo");
        assert_eq!(second.url.path(), "/");
        ana.forget_cookie(&app.url, "rubrica-just-in");
        let again = ana.submit_and_follow(&form).await;
        let page = refused(again, 400, "no_attempt");
        assert!(page.text(".banner").contains(words), "{page:?}");
        let said = page.text("main");
        assert!(
            !said.contains("Nobody") && !said.contains("Nadie"),
            "{said}"
        );
        assert_eq!(page.attribute("#problem a", "href").as_deref(), Some("/"));
        assert_eq!(session_of(&app, &ana), session);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plus_in_the_token_may_arrive_unescaped() {
    let tokens = Reply::success(r#"{"accessToken":"a.b.c","refreshToken":"r"}"#);
    for spelled in ["ab+c/d==", "ab%2Bc%2Fd%3D%3D", "ab%20c/d=="] {
        let server = RawServer::start(vec![tokens.clone()]).await;
        let app = App::spawn().await;
        crate::faults::change(&app, |connection| {
            connection.settings.base_url = server.url.parse().unwrap();
            connection.settings.dialect.temp_token = "opaque".parse().unwrap();
        })
        .await;
        let ana = Browser::new();
        let form = ana.visit(&app.at("/sign-in")).await;
        let form = form.form("form[action='/sign-in/redtrust']");
        ana.submit(&form).await.expect_status(303);
        let back = app.at(&format!("/callback/demo?tkn={spelled}"));
        ana.get(&back).await.expect_redirect_to("/");
        let sent = server.requests();
        assert!(sent[0].contains("ab+c/d=="), "{sent:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_cookies_one_is_told_that_they_are_needed() {
    let app = App::spawn().await;
    for (language, words) in [("en", "needs cookies"), ("es", "necesita cookies")] {
        for (path, action) in [
            ("/sign-in", "/sign-in/redtrust"),
            ("/sign-in", "/sign-in/direct"),
            ("/admin/sign-in", "/admin/sign-in"),
        ] {
            let form = Browser::speaking(language).visit(&app.at(path)).await;
            let form = form.form(&format!("form[action='{action}']"));
            // Another browser: one that keeps no cookie is new each time.
            let page = Browser::speaking(language).submit(&form).await;
            let page = refused(page, 403, "cookies_needed");
            assert!(page.text("h1").contains(words), "{page:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_portals_on_one_host_do_not_disturb_each_other() {
    let (one, two) = (App::spawn().await, App::spawn().await);
    let ana = Browser::new();
    let pending = way_back(&one, &ana).await;
    for _ in 0..5 {
        two.go_to_redtrust(&ana).await;
    }
    two.sign_in_directly(&ana, "ra-app").await;
    ana.visit(&two.at("/sign-in?lang=es")).await;
    ana.visit(pending.as_str()).await.expect_status(200);
    let home = ana.get(&two.url).await.expect_status(200);
    assert!(home.text("#signed-in-as").contains("ra-app"));
    let out = ana.get(&two.url).await.form("form[action='/sign-out']");
    ana.submit(&out).await.expect_status(303);
    let home = ana.get(&one.url).await.expect_status(200);
    assert!(home.text("#signed-in-as").contains("demo"));
    assert_eq!(home.attribute("html", "lang").as_deref(), Some("en"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_in_any_other_address_is_taken_out_and_never_sent_on() {
    let app = App::spawn().await;
    let ana = Browser::new();
    for (address, clean) in [
        ("/Callback/demo?tkn=canary", "/Callback/demo"),
        ("/callback/demo/?tkn=canary", "/callback/demo/"),
        ("/callback//demo?tkn=canary&x=1", "/callback//demo?x=1"),
        ("/nothing?TKN=canary", "/nothing"),
        ("/nothing?%74kn=canary", "/nothing"),
        (
            "/sign-in?connection=demo&tkn=canary",
            "/sign-in?connection=demo",
        ),
        ("/callback/demo&tkn=canary", "/callback/demo"),
        ("/admin/x?tkn=canary&lang=es", "/admin/x?lang=es"),
    ] {
        let page = ana.get(&app.at(address)).await.expect_status(303);
        assert_eq!(page.header("referrer-policy"), "no-referrer", "{address}");
        let to = page.header("location").replace(&app.url, "");
        assert_eq!(to, clean, "{address}");
        let page = ana.follow(page).await;
        assert!(!format!("{page:?}").contains("canary"), "{page:?}");
    }
    for address in ["/callback/demo?tkn=canary", "/callback/nobody?tkn=canary"] {
        let page = ana.get(&app.at(address)).await;
        assert!((400..500).contains(&page.status.as_u16()), "{page:?}");
        assert_eq!(page.header("referrer-policy"), "no-referrer", "{address}");
        assert!(!page.body.contains("canary"), "{page:?}");
    }
    let form = ana.visit(&app.at("/sign-in")).await;
    let form = form.form("form[action='/sign-in/redtrust']");
    let page = ana.submit(&form.to(&app.at("/nothing?tkn=canary"))).await;
    assert_eq!(page.header("referrer-policy"), "no-referrer", "{page:?}");
    assert!(!page.body.contains("canary"), "{page:?}");
}
