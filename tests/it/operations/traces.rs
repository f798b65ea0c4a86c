//! Traces for OpenTelemetry, as a collector sees them.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::browser::Browser;
use crate::support::database::{Database, on_both_engines};
use crate::support::deployed::Deployed;
use crate::support::events::note_all;
use crate::support::process::{Process, command};
use crate::support::program::{Program, header};
use crate::support::visitor::Visitor;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// A span as it arrived.
#[derive(Debug, Clone)]
struct Span {
    trace: String,
    id: String,
    parent: Option<String>,
    name: String,
    kind: u64,
    nanoseconds: u64,
    attributes: BTreeMap<String, String>,
    has_failed: bool,
}

impl Span {
    fn of(json: &Value) -> Self {
        let text = |name: &str| json[name].as_str().map(ToOwned::to_owned);
        let time = |name: &str| json[name].as_str().unwrap().parse::<u64>().unwrap();
        let attributes = json["attributes"].as_array().unwrap().iter().map(|one| {
            let value = &one["value"];
            let value = value["stringValue"].as_str().or(value["intValue"].as_str());
            let key = one["key"].as_str().unwrap();
            (key.to_owned(), value.unwrap().to_owned())
        });
        let (trace, id) = (text("traceId").unwrap(), text("spanId").unwrap());
        assert_eq!((trace.len(), id.len()), (32, 16), "{json}");
        Self {
            trace,
            id,
            parent: text("parentSpanId"),
            name: text("name").unwrap(),
            kind: json["kind"].as_u64().unwrap(),
            nanoseconds: time("endTimeUnixNano") - time("startTimeUnixNano"),
            attributes: attributes.collect(),
            has_failed: json["status"]["code"] == 2,
        }
    }
}

/// All spans that have arrived.
fn arrived(collector: &Program) -> Vec<Span> {
    let mut spans = Vec::new();
    for (head, body) in collector.requests() {
        assert!(head.starts_with("POST /v1/traces HTTP/1.1"), "{head}");
        assert_eq!(header(&head, "content-type"), Some("application/json"));
        let body: Value = serde_json::from_str(&body).unwrap();
        let resource = &body["resourceSpans"][0];
        let name = &resource["resource"]["attributes"][0];
        assert_eq!(name["key"], "service.name");
        assert_eq!(name["value"]["stringValue"], "portal-a");
        let some = resource["scopeSpans"][0]["spans"].as_array().unwrap();
        spans.extend(some.iter().map(Span::of));
    }
    spans
}

/// Waits until a span with this name has arrived.
async fn arrives(collector: &Program, name: &str) -> Span {
    for _ in 0..400 {
        let spans = arrived(collector);
        if let Some(span) = spans.into_iter().find(|span| span.name == name) {
            return span;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("no {name} in {:#?}", arrived(collector));
}

fn serve(deployed: &Deployed, endpoint: &str, more: &[(&str, &str)]) -> Process {
    let mut variables = vec![
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint),
        ("OTEL_SERVICE_NAME", "portal-a"),
        ("RUBRICA_METRICS_LISTEN", "127.0.0.1:0"),
    ];
    variables.extend(more);
    let serving = deployed.serving(0, &variables);
    Process::try_start(serving, 2).unwrap_or_else(|why| panic!("{why}"))
}

on_both_engines!(spans_of_a_journey_arrive_with_their_parents_and_say_nothing_of_anybody);

async fn spans_of_a_journey_arrive_with_their_parents_and_say_nothing_of_anybody(
    database: Database,
) {
    let collector = Program::default();
    collector.answers(200);
    let endpoint = collector.start().await;
    let database = Some(database.url.clone()).filter(|url| !url.is_empty());
    let deployed = Deployed::start(database, 1).await;
    let mut portal = serve(&deployed, &endpoint, &[]);
    let ana = Visitor::new(&deployed.origin(), "demo");
    ana.sign_in_at_redtrust().await.unwrap();
    let answers = [("kind", "name"), ("common_name", "Rosa Secreta")];
    let last = ana.to_last_step("/issue", &answers).await.unwrap();
    let page = ana.submit(&last).await.unwrap();
    let (path, patience) = (page.url.path(), Duration::from_secs(30));
    let page = ana.settled(path, patience).await.unwrap();
    let thumbprint = page.text("#thumbprint").replace(' ', "");
    ana.visit("/certificates?q=Rosa").await.unwrap();
    // Whoever is no trusted proxy says nothing of traces.
    let theirs = format!("00-{TRACE}-00f067aa0ba902b7-01");
    let header = [("traceparent", theirs.as_str())];
    ana.browser.get_with(&ana.at("/account"), &header).await;
    // The last spans go out at the end.
    let stopped = tokio::task::spawn_blocking(move || portal.terminate());
    assert_eq!(stopped.await.unwrap(), Some(0));

    let spans = arrived(&collector);
    let by_id: BTreeMap<&str, &Span> = spans.iter().map(|span| (&*span.id, span)).collect();
    assert_eq!(by_id.len(), spans.len());
    let root = |span: &Span| {
        let mut span = span.clone();
        while let Some(parent) = &span.parent {
            let parent = by_id.get(parent.as_str());
            let parent = *parent.unwrap_or_else(|| panic!("no parent of {span:?}"));
            assert_eq!(parent.trace, span.trace);
            span = parent.clone();
        }
        span
    };
    for (call, from) in [
        ("redtrust login_by_temp_token", "GET /callback/{slug}"),
        ("redtrust csr_create", "POST /issue/{id}/"),
        ("redtrust csr_finalize", "POST /issue/{id}/"),
    ] {
        let span = spans.iter().find(|span| span.name == call);
        let span = span.unwrap_or_else(|| panic!("no {call} in {spans:#?}"));
        assert_eq!(span.kind, 3);
        let page = root(span);
        assert!(page.name.starts_with(from), "{call} from {page:?}");
        assert_eq!(page.kind, 2);
        assert_eq!(page.attributes["http.response.status_code"], "303");
        assert!(page.attributes.contains_key("request_id"), "{page:?}");
    }
    for span in &spans {
        let first = root(span);
        assert_ne!(first.kind, 3, "{first:?} begins a trace");
        assert_ne!(span.trace, TRACE, "{span:?}");
        assert!(!span.has_failed, "{span:?}");
        assert!(span.nanoseconds < 30_000_000_000, "{span:?}");
    }
    for name in ["database read", "database write", "work"] {
        assert!(spans.iter().any(|span| span.name == name), "no {name}");
    }
    let all = format!("{:?}", collector.requests());
    for never in ["Rosa", "Secreta", "demo", &thumbprint, "tkn"] {
        assert!(!all.contains(never), "{never} in {spans:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trace_that_a_trusted_proxy_has_begun_goes_on() {
    let collector = Program::default();
    collector.answers(200);
    let endpoint = collector.start().await;
    let deployed = Deployed::start(None, 1).await;
    let trusting = [("RUBRICA_TRUSTED_PROXIES", "127.0.0.1")];
    let _portal = serve(&deployed, &format!("{endpoint}/"), &trusting);
    let browser = Browser::new();
    let at = |path: &str| format!("{}{path}", deployed.origin());
    for (path, flags) in [("/help", "00"), ("/sign-in", "01")] {
        let theirs = format!("00-{TRACE}-00f067aa0ba902b7-{flags}");
        let header = [("traceparent", theirs.as_str())];
        browser.get_with(&at(path), &header).await;
    }
    browser
        .get_with(&at("/nowhere/secret"), &[("traceparent", "nonsense")])
        .await;
    let span = arrives(&collector, "GET /sign-in").await;
    assert_eq!(span.trace, TRACE);
    assert_eq!(span.parent.as_deref(), Some("00f067aa0ba902b7"));
    let span = arrives(&collector, "GET (none)").await;
    assert!(span.trace != TRACE && span.parent.is_none(), "{span:?}");
    let spans = arrived(&collector);
    assert!(
        !spans.iter().any(|span| span.name == "GET /help"),
        "{spans:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_hangs_or_is_gone_is_not_felt_and_what_it_misses_is_counted() {
    let collector = Program::default();
    let hanging = collector.start().await;
    // Nothing listens at this port.
    for endpoint in [hanging.as_str(), "http://127.0.0.1:9"] {
        let deployed = Deployed::start(None, 1).await;
        let mut portal = serve(&deployed, endpoint, &[]);
        let (browser, page) = (Browser::new(), format!("{}/sign-in", deployed.origin()));
        let (mut slowest, until) = (Duration::ZERO, Instant::now() + Duration::from_secs(7));
        while Instant::now() < until {
            let begun = Instant::now();
            browser.get(&page).await.expect_status(200);
            slowest = slowest.max(begun.elapsed());
        }
        // A page that waited for the collector would take five seconds.
        assert!(slowest < Duration::from_secs(2), "{endpoint}: {slowest:?}");
        let metrics = browser.get(&portal.url("metrics")).await;
        let mut lines = metrics.body.lines();
        let dropped = lines.find_map(|line| line.strip_prefix("rubrica_spans_dropped_total "));
        assert_ne!(dropped, Some("0"), "{endpoint}: {metrics:?}");
        // The stop waits for what is open.
        drop(browser);
        let begun = Instant::now();
        assert_eq!(portal.terminate(), Some(0));
        assert!(begun.elapsed() < Duration::from_secs(8), "{endpoint}");
        let log = std::fs::read_to_string(deployed.log_of(0)).unwrap();
        let events = note_all(&log);
        let told = events
            .iter()
            .find(|event| event["event"] == "spans_dropped");
        let told = told.unwrap_or_else(|| panic!("{endpoint}: {log}"));
        assert!(!told["why"].contains("127.0.0.1"), "{told:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_endpoint_nothing_is_sent_and_a_wrong_one_is_refused() {
    // Where other programs send traces unless they are told otherwise.
    let usual = TcpListener::bind("127.0.0.1:4318");
    let deployed = Deployed::start(None, 1).await;
    let mut portal = serve(&deployed, "", &[]);
    let browser = Browser::new();
    browser.get(&format!("{}/sign-in", deployed.origin())).await;
    assert_eq!(portal.terminate(), Some(0));
    if let Ok(usual) = usual {
        usual.set_nonblocking(true).unwrap();
        assert!(usual.accept().is_err(), "somebody has connected");
    }
    for (endpoint, why) in [
        (
            "http://collector.example:4318",
            "must begin with https://, or http:// for this machine",
        ),
        ("collector.example:4317", "must begin with https://"),
        ("nonsense", "must begin with https://"),
    ] {
        let variables = [("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)];
        let check = command(
            deployed.dir.path(),
            &["check-config", "--config", "node-0.toml"],
            &variables,
        );
        let output = { check }.output().unwrap();
        let words = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{words}");
        assert!(
            words.contains(why) && words.contains("OTEL_EXPORTER_OTLP_ENDPOINT"),
            "{words}"
        );
    }
}
