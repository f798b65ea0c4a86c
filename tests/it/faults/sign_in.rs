//! Signing in where Redtrust does not answer as it should: a page of its own
//! within its time, and nothing is sent twice.

use std::time::{Duration, Instant};

use rubrica::domain::connection::Connection;
use tokio::net::{TcpSocket, TcpStream};

use super::change;
use crate::support::app::{App, free_port};
use crate::support::browser::Browser;
use crate::support::page::Page;
use crate::support::raw_server::{RawServer, Reply, TestCa, TlsServer};

/// The answer to a direct sign-in, and how long it took.
async fn try_to_sign_in(app: &App) -> (Page, Duration) {
    let browser = Browser::new();
    let page = browser.visit(&app.at("/sign-in")).await;
    let form = page
        .form("form[action='/sign-in/direct']")
        .set("username", "ra-app")
        .set("password", "ra-app");
    let started = Instant::now();
    let answer = browser.submit(&form).await;
    assert!(browser.cookie(&app.url, "rubrica").is_none(), "{answer:?}");
    (answer, started.elapsed())
}

/// A portal whose connection is as `adjust` makes it.
async fn connected(adjust: impl FnOnce(&mut Connection)) -> App {
    let app = App::spawn().await;
    change(&app, adjust).await;
    app
}

async fn at(url: &str) -> App {
    let url = url.to_owned();
    connected(|connection| connection.settings.base_url = url.parse().unwrap()).await
}

#[track_caller]
fn told(page: Page, status: u16, words: &str) {
    let page = page.expect_status(status);
    assert!(page.text("main").contains(words), "{page:?}");
    assert!(!page.text("#request-id").is_empty(), "{page:?}");
    assert!(page.has("main a[href]"), "no way on: {page:?}");
}

/// Answered within 3.5 s: nothing was sent.
async fn sends_nothing(app: &App) {
    let (page, took) = try_to_sign_in(app).await;
    told(page, 502, "nothing was sent");
    assert!(took < Duration::from_millis(3500), "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_connection_is_told_as_nothing_sent() {
    sends_nothing(&at(&format!("http://127.0.0.1:{}", free_port())).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_not_found_is_told_as_nothing_sent() {
    let app = connected(|connection| {
        connection.settings.base_url = "https://redtrust.invalid".parse().unwrap();
        connection.settings.private_ca = TestCa::new().pem.parse().ok();
    })
    .await;
    sends_nothing(&app).await;
}

/// A port whose queue of waiting connections is full: further ones hang.
async fn full_queue() -> (tokio::net::TcpListener, Vec<TcpStream>, String) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(Ok(stream)) =
        tokio::time::timeout(Duration::from_millis(300), TcpStream::connect(address)).await
    {
        waiting.push(stream);
        assert!(waiting.len() < 100, "the queue never fills");
    }
    (listener, waiting, format!("http://{address}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_never_made_is_given_up_within_its_time() {
    let (_listener, _waiting, url) = full_queue().await;
    let app = at(&url).await;
    let (page, took) = try_to_sign_in(&app).await;
    told(page, 502, "nothing was sent");
    assert!(took > Duration::from_millis(2500), "it did not hang");
    assert!(took < Duration::from_millis(3500), "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn e07_an_unknown_ca_is_never_passed_over_and_admins_are_told() {
    let impostor = TlsServer::start(TestCa::new().certify("localhost", 2100), "{}");
    let url = impostor.url.clone();
    let app = connected(|connection| {
        connection.settings.base_url = url.parse().unwrap();
        connection.settings.private_ca = TestCa::new().pem.parse().ok();
    })
    .await;
    let admin = crate::support::admin::signed_in(&app).await;
    let home = admin.visit(&app.at("/admin")).await;
    assert!(
        !home.text("body").contains("certificate is not trusted"),
        "{home:?}"
    );
    sends_nothing(&app).await;
    assert_eq!(impostor.requests(), 0);
    let home = admin.visit(&app.at("/admin")).await;
    let banner = home.text(".banner.bad");
    assert!(banner.contains("certificate is not trusted"), "{home:?}");
    // Once the right server answers the banner is gone.
    let sandbox = app.sandbox.url.clone();
    change(&app, |connection| {
        connection.settings.base_url = sandbox.parse().unwrap();
        connection.settings.private_ca = None;
    })
    .await;
    app.sign_in_directly(&Browser::new(), "ra-app").await;
    let home = admin.visit(&app.at("/admin")).await;
    assert!(!home.has(".banner.bad"), "{home:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn e02_a_server_that_never_answers_is_given_up_within_ten_seconds() {
    let server = RawServer::start(vec![Reply::Hang]).await;
    let app = at(&server.url).await;
    let (page, took) = try_to_sign_in(&app).await;
    told(page, 504, "stopped");
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a14_answers_that_cannot_be_used_are_told_as_such_and_nothing_is_sent_again() {
    let half = r#"{"message":"","messageType":"SUCCESS","data":{"access"#;
    for reply in [
        Reply::http("500 X", ""),
        Reply::http("503 X", "<html>"),
        Reply::http("429 X", ""),
        Reply::http("200 OK", "junk"),
        Reply::http("200 OK", half),
        Reply::http("200 OK", &"x".repeat(1024 * 1024 + 1)),
        Reply::success("{}"),
        Reply::Close,
        Reply::CloseAtOnce,
    ] {
        let server = RawServer::start(vec![reply.clone()]).await;
        let app = at(&server.url).await;
        let (page, _) = try_to_sign_in(&app).await;
        assert_eq!(page.status, 502, "{page:?}");
        told(page, 502, "cannot use");
        let calls = server.requests().len();
        assert!(calls <= 1, "{calls} calls");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn e06_clocks_that_differ_are_told_plainly_and_admins_get_the_difference() {
    let app = App::spawn_behind(Duration::from_secs(120)).await;
    let ana = Browser::new();
    let form = app.go_to_redtrust(&ana).await.form("form");
    let form = form.set("username", "demo").set("password", "demo");
    let page = ana.submit_and_follow(&form).await;
    told(page, 400, "The clock of Redtrust");
    assert_eq!(app.sandbox.count("call", "login_by_temp_token").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_failure_the_sign_in_page_warns_until_a_call_gets_through() {
    let app = App::spawn().await;
    let admin = crate::support::admin::signed_in(&app).await;
    let look = async |language| {
        let page = Browser::speaking(language).visit(&app.at("/sign-in")).await;
        page.expect_status(200).find(".banner.warning")
    };
    assert_eq!(look("en").await, None);
    let gone = serde_json::json!(503);
    app.sandbox
        .fault("login", "before", "status", gone, 1)
        .await;
    let (failed, _) = try_to_sign_in(&app).await;
    assert!(failed.status.is_server_error(), "{failed:?}");
    let calls = app.sandbox.ledger().await.len();
    for (language, words) in [
        ("en", "could not reach Redtrust the last time it tried"),
        ("es", "no pudo comunicarse con Redtrust"),
    ] {
        let said = look(language).await.unwrap_or_default();
        assert!(said.contains(words), "{said}");
        assert!(!said.contains("127.0.0.1") && !said.contains("http"));
    }
    assert_eq!(app.sandbox.ledger().await.len(), calls);
    let home = admin.visit(&app.at("/admin")).await;
    assert!(
        home.text(".banner.bad").contains("server fail: status 503"),
        "{home:?}"
    );
    app.sign_in_directly(&Browser::new(), "ra-app").await;
    assert_eq!(look("en").await, None);
    let home = admin.visit(&app.at("/admin")).await;
    assert!(!home.has(".banner.bad"), "{home:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn clocks_more_than_a_minute_apart_are_said_before_somebody_signs_in() {
    let app = App::spawn_behind(Duration::ZERO).await;
    for (seconds, language, words) in [
        (0, "en", None),
        (45, "en", None),
        (45, "en", Some("clock of Redtrust")),
        (0, "es", Some("El reloj de Redtrust")),
    ] {
        app.clock.advance(Duration::from_secs(seconds));
        app.sign_in_directly(&Browser::new(), "ra-app").await;
        let page = Browser::speaking(language).visit(&app.at("/sign-in")).await;
        let said = page.find(".banner.warning");
        assert_eq!(said.is_some(), words.is_some(), "{page:?}");
        let said = said.unwrap_or_default();
        assert!(said.contains(words.unwrap_or_default()), "{page:?}");
        assert!(!said.contains(|c: char| c.is_ascii_digit()), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_minutes_of_difference_are_measured_for_the_admin() {
    let app = App::spawn_behind(Duration::ZERO).await;
    let admin = crate::support::admin::signed_in(&app).await;
    app.sign_in_directly(&Browser::new(), "ra-app").await;
    let home = admin.visit(&app.at("/admin")).await;
    assert!(!home.has(".banner.bad"), "{home:?}");
    // Of the portal alone; the sandbox has a clock of its own.
    app.clock.advance(Duration::from_secs(600));
    app.sign_in_directly(&Browser::new(), "ra-app").await;
    let home = admin.visit(&app.at("/admin")).await;
    let banner = home.text(".banner.bad");
    let seconds = banner
        .split_whitespace()
        .find_map(|word| word.parse::<u64>().ok());
    let seconds = seconds.unwrap_or_else(|| panic!("{home:?}"));
    assert!(banner.contains("behind ours"), "{banner}");
    assert!((540..=601).contains(&seconds), "{banner}");
}
