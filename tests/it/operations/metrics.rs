//! What Prometheus reads.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::database::{Database, on_both_engines};
use crate::support::page::Page;
use crate::support::require;

async fn with_metrics(database_url: &str) -> App {
    let listen = Some(([127, 0, 0, 1], 0).into());
    App::spawn_with(database_url, |config| config.metrics_listen = listen).await
}

on_both_engines!(
    certificates_are_grouped_by_the_days_that_pages_show,
    metrics_count_requests_calls_issuances_and_what_is_in_use,
);

async fn metrics(app: &App) -> Page {
    let page = Browser::new().get(app.metrics.as_ref().unwrap()).await;
    let page = page.expect_status(200);
    assert!(
        page.header("content-type")
            .starts_with("text/plain; version=0.0.4")
    );
    page
}

/// The value of a sample; `None` if there is none.
fn value(page: &Page, sample: &str) -> Option<f64> {
    let line = page
        .body
        .lines()
        .find_map(|line| line.strip_prefix(sample))?;
    Some(line.trim().parse().unwrap())
}

async fn metrics_count_requests_calls_issuances_and_what_is_in_use(database: Database) {
    let app = with_metrics(&database.url).await;
    let ana = Browser::new();
    app.sign_in(&ana, "demo").await;
    app.issue(&ana, "Ana Secreta").await;
    ana.get(&app.at("/certificates/nobodys?q=secret")).await;
    let page = metrics(&app).await;
    let route = "rubrica_http_request_duration_seconds_count";
    let home = format!("{route}{{method=\"GET\",route=\"/\",status=\"200\"}}");
    assert!(value(&page, &home) >= Some(1.0), "{page:?}");
    let call =
        "rubrica_redtrust_call_duration_seconds_count{operation=\"csr_finalize\",outcome=\"ok\"}";
    assert_eq!(value(&page, call), Some(1.0), "{page:?}");
    let connections = f64::from(app.portal.storage.pool_use().most);
    for (sample, expected) in [
        ("rubrica_issuances{state=\"issued\"}", 1.0),
        ("rubrica_issuances{state=\"unknown\"}", 0.0),
        ("rubrica_certificates_expiring{within_days=\"30\"}", 0.0),
        ("rubrica_sessions{kind=\"user\"}", 1.0),
        (
            "rubrica_redtrust_breaker_open{connection=\"demo\",calls=\"sign_in\"}",
            0.0,
        ),
        ("rubrica_redtrust_calls_in_flight{connection=\"demo\"}", 0.0),
        ("rubrica_mail{state=\"waiting\"}", 0.0),
        ("rubrica_database_up", 1.0),
        ("rubrica_database_connections_limit", connections),
        ("rubrica_budget_limit{budget=\"streams\"}", 256.0),
        ("rubrica_log_lines_dropped_total", 0.0),
        ("rubrica_spans_dropped_total", 0.0),
    ] {
        assert_eq!(value(&page, sample), Some(expected), "{sample}: {page:?}");
    }
    for never in ["Ana", "Secreta", "secret", "nobodys", "demo@"] {
        assert!(!page.body.contains(never), "{never}: {page:?}");
    }
    promtool_accepts(&page.body);
}

async fn certificates_are_grouped_by_the_days_that_pages_show(database: Database) {
    let app = with_metrics(&database.url).await;
    let ana = Browser::new();
    app.sign_in(&ana, "demo").await;
    app.issue(&ana, "Ana").await;
    let last_moment = app.portal.today().end_in(7).0 - 1;
    let sql = format!("UPDATE certificates SET not_after = {last_moment}");
    database.meddle(&sql).await;
    let page = metrics(&app).await;
    let within_7 = "rubrica_certificates_expiring{within_days=\"7\"}";
    assert_eq!(value(&page, within_7), Some(1.0), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_calls_and_the_breaker_that_they_open_are_seen() {
    // Nothing listens at this port.
    let gone = |_: &str, key: &str, _: &str| {
        format!(
            "metrics_listen = \"127.0.0.1:0\"\n[[connection]]\nslug = \"gone\"\nname = \"Gone\"\n\
             base_url = \"http://127.0.0.1:9\"\npartner = \"P\"\nshared_key = \"{key}\"\n\
             direct_login = true\n"
        )
    };
    let (app, browser) = (App::spawn_from_toml(gone).await, Browser::new());
    let open = "rubrica_redtrust_breaker_open{connection=\"gone\",calls=\"sign_in\"}";
    for (tries, expected) in [(1, 0.0), (5, 1.0)] {
        for _ in 0..tries {
            let page = browser.visit(&app.at("/sign-in")).await;
            let form = page.form("form[action='/sign-in/direct']");
            let form = form.set("username", "ra-app").set("password", "ra-app");
            browser.submit(&form).await;
        }
        let page = metrics(&app).await;
        assert_eq!(value(&page, open), Some(expected), "{page:?}");
    }
    let page = metrics(&app).await;
    for (outcome, calls) in [("unreachable", 5.0), ("breaker_open", 1.0)] {
        let name = "rubrica_redtrust_call_duration_seconds_count";
        let sample = format!("{name}{{operation=\"login\",outcome=\"{outcome}\"}}");
        assert_eq!(value(&page, &sample), Some(calls), "{page:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_are_on_their_own_listener_only_and_nowhere_by_default() {
    let app = with_metrics("").await;
    let beside = app
        .metrics
        .as_ref()
        .unwrap()
        .replace("/metrics", "/sign-in");
    Browser::new().get(&beside).await.expect_status(404);
    Browser::new()
        .get(&app.at("/metrics"))
        .await
        .expect_status(404);
    assert_eq!(App::spawn().await.metrics, None);
}

/// `promtool check metrics` has nothing to say.
fn promtool_accepts(text: &str) {
    let started = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut promtool) = started else {
        require::missing("promtool");
        return;
    };
    let mut input = promtool.stdin.take().unwrap();
    input.write_all(text.as_bytes()).unwrap();
    drop(input);
    let output = promtool.wait_with_output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && words.is_empty(), "{words}");
}
