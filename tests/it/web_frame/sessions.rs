//! Sessions: a new id at sign-in, an end that holds, limits, attempts.

use std::time::Duration;

use rubrica::storage::sessions;

use super::csrf::signed_in;
use super::site;
use crate::support::browser::Browser;

#[actix_web::test]
async fn b01_signing_in_gives_a_new_id_and_the_old_one_is_dead() {
    let site = site::start().await;
    let (browser, _) = signed_in(&site, "eva").await;
    let planted = browser.cookie(&site.url, "rubrica").unwrap();
    let form = browser.get(&site.at("/sign-in")).await.form("form#step");
    let answer = browser.submit(&form.set("given_names", "ana")).await;
    let cookie = answer.header("set-cookie").to_owned();
    for flag in ["rubrica-", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(cookie.contains(flag), "{cookie}");
    }
    assert_ne!(browser.cookie(&site.url, "rubrica").unwrap(), planted);
    let attacker = Browser::new();
    attacker.set_cookie(&site.url, "rubrica", &planted);
    attacker
        .get(&site.at("/"))
        .await
        .expect_redirect_to("/sign-in");
}

#[actix_web::test]
async fn b02_signing_out_removes_row_and_cookie() {
    let site = site::start().await;
    let (browser, form) = signed_in(&site, "ana").await;
    let cookie = browser.cookie(&site.url, "rubrica").unwrap();
    let out = form.to(&site.at("/sign-out"));
    browser.submit(&out).await.expect_redirect_to("/sign-in");
    assert_eq!(browser.cookie(&site.url, "rubrica"), None);
    browser.set_cookie(&site.url, "rubrica", &cookie);
    browser
        .get(&site.at("/"))
        .await
        .expect_redirect_to("/sign-in");
}

#[actix_web::test]
async fn b07_signing_out_everywhere_ends_the_other_browsers_session_too() {
    let site = site::start().await;
    let (one, form) = signed_in(&site, "ana").await;
    let (two, _) = signed_in(&site, "ana").await;
    let (other, _) = signed_in(&site, "eva").await;
    let out = form.to(&site.at("/sign-out/everywhere"));
    one.submit(&out).await.expect_redirect_to("/sign-in");
    two.get(&site.at("/")).await.expect_redirect_to("/sign-in");
    other.get(&site.at("/")).await.expect_status(200);
}

#[actix_web::test]
async fn a_session_that_another_node_ended_does_nothing_by_post() {
    let site = site::start().await;
    let (browser, form) = signed_in(&site, "ana").await;
    browser.get(&site.at("/")).await.expect_status(200);
    let ended = site.state.portal.storage.write(|conn| {
        Box::pin(
            async move { sessions::delete_of_subject(conn, sessions::Kind::User, "ana").await },
        )
    });
    assert_eq!(ended.await.unwrap(), 1);
    browser.submit(&form).await.expect_redirect_to("/sign-in");
}

#[actix_web::test]
async fn b04_a_session_ends_when_idle_and_at_its_limit() {
    let site = site::start().await;
    let (idle, _) = signed_in(&site, "ana").await;
    site.state
        .portal
        .clock
        .advance(Duration::from_secs(15 * 60 + 1));
    idle.get(&site.at("/")).await.expect_redirect_to("/sign-in");
    let (busy, _) = signed_in(&site, "ana").await;
    for _ in 0..47 {
        site.state
            .portal
            .clock
            .advance(Duration::from_secs(10 * 60));
        busy.get(&site.at("/")).await.expect_status(200);
    }
    site.state
        .portal
        .clock
        .advance(Duration::from_secs(10 * 60));
    busy.get(&site.at("/")).await.expect_redirect_to("/sign-in");
}

#[actix_web::test]
async fn users_and_admins_have_sessions_apart() {
    let site = site::start().await;
    let (browser, _) = signed_in(&site, "ana").await;
    let form = browser.get(&site.at("/admin/sign-in")).await;
    let form = form.form("form#step").set("given_names", "root");
    let home = browser.submit_and_follow(&form).await.expect_status(200);
    assert_eq!(home.text("#signed-in-as"), "root");
    assert_eq!(
        browser.get(&site.at("/")).await.text("#signed-in-as"),
        "ana"
    );
    let user = browser.cookie(&site.url, "rubrica").unwrap();
    let other = Browser::new();
    other.set_cookie(&site.url, "rubrica-admin", &user);
    other
        .get(&site.at("/admin"))
        .await
        .expect_redirect_to("/admin/sign-in");
}

#[actix_web::test]
async fn at_most_four_attempts_are_carried_and_the_oldest_makes_room() {
    let site = site::start().await;
    let browser = Browser::new();
    let form = browser.get(&site.at("/sign-in")).await.form("form#step");
    let form = form.to(&site.at("/sign-in/redtrust"));
    let begin = |connection: &str, id: &str| {
        let form = form.clone().forge("kind", connection);
        form.set("given_names", id)
    };
    for (connection, id) in [("a", "1"), ("b", "2"), ("a", "3"), ("a", "4"), ("a", "5")] {
        let answer = browser.submit(&begin(connection, id)).await;
        assert!(
            answer
                .expect_status(303)
                .header("set-cookie")
                .contains("-attempt-")
        );
    }
    assert_eq!(
        browser.cookie_names(&site.url).len(),
        5,
        "four and the pre-session"
    );
    let at = browser.get(&site.at("/callback/a")).await;
    assert_eq!(at.body, "5 4 3");
    assert_eq!(browser.get(&site.at("/callback/a")).await.body, "4 3");
    assert_eq!(browser.get(&site.at("/callback/b")).await.body, "2");
    let name = browser.cookie_names(&site.url);
    let name = name.iter().find(|name| name.contains("attempt")).unwrap();
    let sealed = browser.cookie(&site.url, name).unwrap();
    let thief = Browser::new();
    thief.set_cookie(&site.url, "rubrica-attempt-XXXX", &sealed);
    assert_eq!(thief.get(&site.at("/callback/a")).await.body, "");
}
