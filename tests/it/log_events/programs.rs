//! Faults of the program, of who reads an answer, and of what surrounds the process.

use std::future::pending;
use std::io;
use std::pin::Pin;
use std::time::Duration;

use actix_web::body::{BodyStream, BoxBody, MessageBody as _};
use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use askama::Template;
use futures_util::stream;
use rubrica::clock::Clock;
use rubrica::domain::millis::Millis;
use rubrica::i18n::Lang;
use rubrica::startup::Application;
use rubrica::web::middleware::silence;
use rubrica::web::page::{Text, render};

use crate::support::app::config;
use crate::support::deployed::Deployed;
use crate::support::events::{listen, note_all, told};

#[test]
fn a_text_that_is_missing_or_lacks_a_gap_is_told_by_its_name() {
    listen();
    assert_eq!(Lang::En.text_with("no-such-text", &[]), "no-such-text");
    assert_eq!(&*Text::of(Lang::Es, "no-such-title"), "?");
    Lang::En.text_with("admin-code-lead", &[]);
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        for (name, id, lang) in [
            ("text_missing", "no-such-text", "en"),
            ("text_missing", "no-such-title", "es"),
            ("text_broken", "admin-code-lead", "en"),
        ] {
            let event = told(name, ("id", id)).await;
            assert_eq!((&*event["level"], &*event["lang"]), ("error", lang));
        }
    });
}

/// Cannot be shown.
struct Broken;

impl std::fmt::Display for Broken {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Err(std::fmt::Error)
    }
}

#[derive(Template)]
#[template(source = "{{ broken }}", ext = "txt")]
struct BrokenPage {
    broken: Broken,
}

#[tokio::test]
async fn a_page_that_cannot_be_built_is_a_fault_and_told() {
    listen();
    let answer = render(&BrokenPage { broken: Broken }, StatusCode::OK);
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let event = told("page_not_rendered", ("level", "error")).await;
    assert!(!event["error"].is_empty());
}

#[tokio::test]
async fn i01_a_body_that_falls_silent_ends_with_an_error() {
    listen();
    let never = stream::pending::<Result<Bytes, io::Error>>();
    let never = BoxBody::new(BodyStream::new(never));
    let mut body = silence::limit(never, Duration::from_millis(5));
    let next = std::future::poll_fn(|cx| Pin::new(&mut body).poll_next(cx)).await;
    assert!(matches!(next, Some(Err(_))), "{next:?}");
    told("answer_fell_silent", ("level", "warn")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_does_not_wait_for_ever_for_what_is_under_way() {
    listen();
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::manual(Millis(1_800_000_000_000));
    let portal = Application::build(config(dir.path(), ""), clock)
        .await
        .unwrap();
    portal.portal().in_flight.spawn(pending());
    let stopped = portal
        .start()
        .until_or_after(async {}, Duration::from_millis(50));
    stopped.await.unwrap();
    told("stopped_with_work_under_way", ("level", "warn")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_is_told_and_so_is_a_service_manager_that_cannot_be_told() {
    let deployed = Deployed::start(None, 1).await;
    let variables = [
        ("RUBRICA_LOG", "info"),
        ("NOTIFY_SOCKET", "/nonexistent/socket"),
    ];
    let mut node = crate::support::process::Process::try_start(deployed.serving(0, &variables), 1)
        .unwrap_or_else(|why| panic!("{why}"));
    node.signal("HUP");
    let log = || std::fs::read_to_string(deployed.log_of(0)).unwrap();
    node.settles(|| log().contains("configuration_reloaded"));
    assert_eq!(node.terminate(), Some(0));
    let events = note_all(&log());
    let level = |name| {
        let event = events.iter().find(|event| event["event"] == name);
        event.unwrap_or_else(|| panic!("no {name} in {events:?}"))["level"].clone()
    };
    assert_eq!(level("configuration_reloaded"), "info");
    assert_eq!(level("service_manager_not_told"), "warn");
}
