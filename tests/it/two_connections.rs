//! Two connections with partners and keys of their own: what belongs to one
//! never works at the other.

use reqwest::Url;
use rubrica::services::accounts::Role;
use serde_json::json;

use crate::support::app::{App, acme, state_of};
use crate::support::browser::{Browser, cookie_name};
use crate::support::page::Page;
use crate::support::people::signed_in_as;

const OTHER_PARTNER: &str = "GESTORÍA & CO";
const OTHER_KEY: &str = "another key, of ñandú & co";

async fn app() -> App {
    let app = App::spawn_from_toml(|redtrust, key, origin| {
        format!(
            "{}dialect = {{ temp_token = \"signed\" }}\n\
             [[connection]]\nslug = \"beta\"\nname = \"Beta\"\nbase_url = \"{redtrust}\"\n\
             partner = \"{OTHER_PARTNER}\"\nshared_key = \"{OTHER_KEY}\"\n\
             redirect_url = \"{origin}/callback/beta\"\n\
             dialect = {{ temp_token = \"signed\" }}\n",
            acme(redtrust, key, origin)
        )
    })
    .await;
    let partner = json!({"name": OTHER_PARTNER, "shared_key": OTHER_KEY});
    app.sandbox.post("partners", partner).await;
    for (slug, partner) in [("acme", "RUBRICA-DEMO"), ("beta", OTHER_PARTNER)] {
        let url = app.at(&format!("/callback/{slug}"));
        let body = json!({"url": url, "partner": partner});
        app.sandbox.post("redirect-urls", body).await;
    }
    app
}

/// Signs in at one connection and stops at the URL that leads back.
async fn way_back(app: &App, browser: &Browser, slug: &str) -> Url {
    let page = browser
        .visit(&app.at(&format!("/sign-in?connection={slug}")))
        .await;
    let form = page.form("form[action='/sign-in/redtrust']");
    let page = browser.submit_and_follow(&form).await.expect_status(200);
    let form = page
        .form("form")
        .set("username", "demo")
        .set("password", "demo");
    let page = browser.submit(&form).await;
    page.location().unwrap_or_else(|| panic!("{page:?}"))
}

async fn sign_in(app: &App, browser: &Browser, slug: &str) -> Page {
    let back = way_back(app, browser, slug).await;
    browser.visit(back.as_str()).await.expect_status(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn with_several_connections_people_choose() {
    let app = app().await;
    let browser = Browser::new();
    let page = browser.visit(&app.at("/sign-in")).await.expect_status(200);
    assert!(!page.has("form[action='/sign-in/redtrust']"), "{page:?}");
    assert_eq!(page.texts("main ul a"), ["Acme", "Beta"]);
    for slug in ["acme", "beta"] {
        assert!(
            sign_in(&app, &Browser::new(), slug)
                .await
                .has("#signed-in-as")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chooser_begins_with_the_connection_that_was_used_last() {
    let app = app().await;
    let browser = Browser::new();
    let way_back = way_back(&app, &browser, "beta").await;
    assert_eq!(browser.cookie(&app.url, "rubrica-last"), None);
    let signed_in = browser.get(way_back.as_str()).await.expect_status(303);
    let set: Vec<_> = signed_in.headers.get_all("set-cookie").iter().collect();
    let set = set.iter().filter_map(|cookie| cookie.to_str().ok());
    let name = cookie_name(&app.url, "rubrica-last");
    let ours: Vec<_> = set.filter(|set| set.starts_with(&name)).collect();
    let flags = "HttpOnly; SameSite=Lax; Path=/; Max-Age=31536000";
    assert_eq!(ours, [format!("{name}=beta; {flags}")]);

    let home = browser.visit(&app.url).await;
    browser
        .submit_and_follow(&home.form("form[action='/sign-out']"))
        .await;
    let chooser = browser.visit(&app.at("/sign-in")).await.expect_status(200);
    assert_eq!(chooser.texts("main ul a"), ["Beta", "Acme"], "{chooser:?}");
    assert_eq!(chooser.texts("#last"), ["Used last in this browser"]);
    let described = chooser.find("a[aria-describedby=last]");
    assert_eq!(described.as_deref(), Some("Beta"), "{chooser:?}");
    let spanish = browser.visit(&app.at("/sign-in?lang=es")).await;
    let said = spanish.text("#last");
    assert_eq!(said, "Usado por última vez en este navegador");
    for unknown in ["gone", "<b>", "beta.", ""] {
        let browser = Browser::new();
        browser.set_cookie(&app.url, "rubrica-last", unknown);
        let chooser = browser.visit(&app.at("/sign-in")).await.expect_status(200);
        assert_eq!(chooser.texts("main ul a"), ["Acme", "Beta"], "{unknown}");
        assert!(!chooser.has("#last"), "{chooser:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a07_a_token_of_one_connection_is_refused_at_the_other_before_any_call() {
    let app = app().await;
    let browser = Browser::new();
    way_back(&app, &browser, "beta").await;
    let mut to_beta = way_back(&app, &browser, "acme").await;
    to_beta.set_path("/callback/beta");
    let page = browser.get(to_beta.as_str()).await.expect_status(400);
    assert!(page.has("#request-id"), "{page:?}");
    let only_acme = Browser::new();
    let mut to_beta = way_back(&app, &only_acme, "acme").await;
    to_beta.set_path("/callback/beta");
    only_acme.get(to_beta.as_str()).await.expect_status(400);
    assert_eq!(app.sandbox.count("call", "login_by_temp_token").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_user_at_two_connections_is_two_owners() {
    let app = app().await;
    let (at_acme, at_beta) = (Browser::new(), Browser::new());
    sign_in(&app, &at_acme, "acme").await;
    sign_in(&app, &at_beta, "beta").await;
    let (acme, beta) = tokio::join!(
        app.issue(&at_acme, "EN ACME"),
        app.issue(&at_beta, "EN BETA")
    );
    assert_eq!(state_of(&acme), "issued");
    assert_eq!(state_of(&beta), "issued");
    at_beta.get(acme.url.as_str()).await.expect_status(404);
    at_acme.get(beta.url.as_str()).await.expect_status(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn officers_see_in_the_tab_of_each_connection_what_is_unfinished_there() {
    let app = app().await;
    let user = Browser::new();
    sign_in(&app, &user, "beta").await;
    let faults = json!({"faults": [
        {"operation": "csr_create", "effect": "after", "action": "drop", "times": 0},
    ]});
    app.sandbox.put("faults", faults).await;
    assert_eq!(state_of(&app.issue(&user, "EVA").await), "unknown");
    let leo = signed_in_as(&app, "leo", Role::Officer, &["acme", "beta"]).await;
    let page = leo.visit(&app.at("/attention")).await.expect_status(200);
    // The first in which there is something to do, not the first by name.
    let current = page.text("#connections a[aria-current]");
    assert!(current.contains("1 unfinished"), "{page:?}");
    assert!(!page.has("#nothing-unfinished"), "{page:?}");
    let acme = app.at("/attention?connection=acme");
    let page = leo.visit(&acme).await.expect_status(200);
    let nothing = page.text("#nothing-unfinished");
    assert!(nothing.contains("Acme"), "{page:?}");
    assert_eq!(page.text("#connections a[aria-current]"), "Acme");
    let other = page.text("#connections a:not([aria-current])");
    assert!(other.contains("1 unfinished"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_comes_back_to_the_list_of_the_connection_and_to_what_it_showed() {
    let app = app().await;
    let user = Browser::new();
    sign_in(&app, &user, "beta").await;
    let issued = app.issue(&user, "EVA").await;
    let seen = issued.url.path().replace("/issuances/", "/attention/");
    let leo = signed_in_as(&app, "leo", Role::Officer, &["acme", "beta"]).await;
    for (list, back) in [
        ("/attention", "/attention?connection=beta"),
        (
            "/attention/certificates?sort=last",
            "/attention/certificates?connection=beta&sort=last",
        ),
        ("/admin/account", "/attention?connection=beta"),
    ] {
        let from = app.at(list);
        let page = leo.get_with(&app.at(&seen), &[("referer", &from)]).await;
        let page = page.expect_status(200);
        let links = page.attributes("main a", "href");
        let is_back = |link: &String| link.split('#').next() == Some(back);
        assert!(links.iter().any(is_back), "{back}: {links:?}");
    }
    let unfinished = app.at("/attention?connection=beta&show=unfinished");
    let form = leo.visit(&unfinished).await.form("form#filter");
    let refused = leo.submit(&form.set("from", "soon")).await;
    let again = refused.expect_status(422).form("form#filter");
    assert_eq!(again.value("show"), Some("unfinished"));
    let found = leo.submit_and_follow(&again.set("from", "")).await;
    let address = found.url.query().unwrap_or_default();
    assert_eq!(address, "connection=beta&show=unfinished");
}

#[tokio::test(flavor = "multi_thread")]
async fn a06_two_tabs_at_two_connections_come_back_in_either_order() {
    let app = app().await;
    let browser = Browser::new();
    let acme = way_back(&app, &browser, "acme").await;
    let beta = way_back(&app, &browser, "beta").await;
    browser.visit(beta.as_str()).await.expect_status(200);
    let page = browser.visit(acme.as_str()).await.expect_status(200);
    assert!(page.has("#signed-in-as"), "{page:?}");
    assert!(
        browser
            .visit(&app.at("/account"))
            .await
            .body
            .contains("Acme")
    );
}
