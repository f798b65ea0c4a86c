//! Progress while an issuance is under way: by events, by loading again, on
//! whichever node one asks.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::app::{App, state_of};
use crate::support::browser::{Browser, cookie_name};
use crate::support::page::Page;

/// Somebody signed in whose next issuance waits at Redtrust for so long.
async fn slow(language: &'static str, millis: u64) -> (App, Browser, Page) {
    let (app, ana) = (App::spawn().await, Browser::speaking(language));
    app.sign_in(&ana, "demo").await;
    app.sandbox
        .fault("csr_finalize", "before", "delay", json!(millis), 1)
        .await;
    let answers = [("kind", "name"), ("common_name", "ANA")];
    let page = app.walk(&ana, "/issue", &answers).await;
    (app, ana, page)
}

fn events_of(app: &App, page: &Page) -> String {
    let href = page.attribute("#steps", "data-events");
    app.at(&href.unwrap_or_else(|| panic!("no stream on {page:?}")))
}

/// The events of a stream that has ended: name and data.
fn events(stream: &Page) -> Vec<(String, Value)> {
    let blocks = stream.body.split("\n\n").filter(|block| !block.is_empty());
    let event = |block: &str| {
        let field = |name: &str| {
            let mut lines = block.lines();
            lines.find_map(|line| line.strip_prefix(name).map(ToOwned::to_owned))
        };
        let data = field("data: ").unwrap_or_else(|| panic!("{stream:?}"));
        let name = field("event: ").unwrap_or_else(|| "message".to_owned());
        (name, serde_json::from_str(&data).unwrap())
    };
    blocks.map(event).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stream_says_each_step_in_the_pages_language_and_ends_with_the_work() {
    let (app, ana, page) = slow("es", 1500).await;
    assert!(page.body.contains("<noscript><meta http-equiv=\"refresh\""));
    assert_eq!(page.attribute("#news", "role").as_deref(), Some("status"));
    let stream = ana.get(&events_of(&app, &page)).await.expect_status(200);
    assert_eq!(stream.header("content-type"), "text/event-stream");
    assert_eq!(stream.header("cache-control"), "no-store");
    let events = events(&stream);
    let (last, news) = events.split_last().unwrap();
    assert_eq!(last.0, "end", "{stream:?}");
    let (_, latest) = news.last().unwrap();
    assert_eq!(latest["title"], "Su certificado se está emitiendo");
    let classes: Vec<_> = latest["steps"].as_array().unwrap().iter().collect();
    assert_eq!(classes[0]["class"], "done", "{stream:?}");
    assert_eq!(classes[0]["label"], "Crear las claves");
    assert_eq!(classes[0]["word"], "(hecho)");
    assert_eq!(classes[1]["class"], "now", "{stream:?}");
    let said: Vec<_> = news.iter().map(|(_, data)| data.to_string()).collect();
    let mut once = said.clone();
    once.dedup();
    assert_eq!(said, once, "nothing is said twice");
    let after = ana.get(page.url.as_str()).await;
    assert_eq!(state_of(&after), "issued", "{after:?}");
    let late = ana
        .get(&app.at(&format!("{}/events", after.url.path())))
        .await;
    assert_eq!(late.body, "event: end\ndata: {}\n\n");
    assert!(!after.has("[data-events]") && !after.body.contains("<noscript"));
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_progress_is_as_good_as_missing() {
    let (app, _ana, page) = slow("en", 1500).await;
    let bea = Browser::new();
    let url = events_of(&app, &page);
    bea.get(&url).await.expect_redirect_to("/sign-in");
    app.sign_in_directly(&bea, "ra-app").await;
    bea.get(&url).await.expect_status(404);
    let missing = app.at("/issuances/0190c9a0-7b1e-7c3d-8a4b-0123456789ab/events");
    bea.get(&missing).await.expect_status(404);
}

/// A stream that is open, and what it says from here on.
async fn opened(browser: &Browser, url: &str) -> reqwest::Response {
    let session = browser.cookie(url, "rubrica").unwrap();
    let name = cookie_name(url, "rubrica");
    let http = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    http.get(url)
        .header("cookie", format!("{name}={session}"))
        .send()
        .await
        .unwrap()
}

async fn rest_of(stream: reqwest::Response) -> String {
    let text = tokio::time::timeout(Duration::from_secs(10), stream.text());
    text.await.expect("the stream goes on").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_with_the_session_and_does_not_prolong_it() {
    let (app, ana, page) = slow("en", 60_000).await;
    let url = events_of(&app, &page);
    let stream = opened(&ana, &url).await;
    assert_eq!(stream.status(), 200);
    let form = page.form("form[action='/sign-out']");
    ana.submit(&form).await.expect_redirect_to("/sign-in");
    assert!(rest_of(stream).await.ends_with("event: end\ndata: {}\n\n"));

    app.sign_in(&ana, "demo").await;
    let stream = opened(&ana, &url).await;
    app.clock.advance(Duration::from_secs(15 * 60 + 1));
    assert!(rest_of(stream).await.ends_with("event: end\ndata: {}\n\n"));
    ana.get(&app.url).await.expect_redirect_to("/sign-in");
}

#[tokio::test(flavor = "multi_thread")]
async fn i15_an_owner_has_eight_streams_in_all_sessions_and_the_ninth_waits() {
    let (app, ana, page) = slow("en", 60_000).await;
    let url = events_of(&app, &page);
    let again = Browser::new();
    app.sign_in(&again, "demo").await;
    let mut open = Vec::new();
    for browser in [&ana, &again] {
        for _ in 0..4 {
            let stream = opened(browser, &url).await;
            assert_eq!(stream.status(), 200);
            open.push(stream);
        }
    }
    let ninth = ana.get(&url).await.expect_status(429);
    assert_eq!(ninth.header("retry-after"), "5");
    assert_eq!(ninth.problem(), "share_used_up");
    open.pop();
    for _ in 0..150 {
        let again = opened(&ana, &url).await;
        if again.status() == 200 {
            return;
        }
        // A closed page is noticed by the next sign of life.
        app.clock.advance(Duration::from_secs(2));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("a stream that was closed still counts");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_node_works_on_shows_its_progress_here() {
    let (app, ana, page) = slow("en", 1).await;
    let page = app.settled(&ana, page).await;
    let id = page.url.path().rsplit('/').next().unwrap().to_owned();
    let until = app.clock.now() + Duration::from_secs(6);
    let elsewhere = app.portal.storage.write(move |conn| {
        Box::pin(async move {
            sqlx::query(
                "UPDATE issuances SET state = 'key_created', lease_holder = 'another node', \
                 lease_until = $1 WHERE id = $2",
            )
            .bind(until.0)
            .bind(id)
            .execute(conn)
            .await?;
            Ok::<_, rubrica::storage::StorageError>(())
        })
    });
    elsewhere.await.unwrap();
    let under_way = ana.get(page.url.as_str()).await;
    assert!(under_way.has("[data-events]"), "{under_way:?}");
    assert!(!under_way.has("form#resume"), "{under_way:?}");
    let mut stream = opened(&ana, &events_of(&app, &under_way)).await;
    let first = stream.chunk().await.unwrap().unwrap();
    assert!(first.starts_with(b"data: {"), "{first:?}");
    app.clock.advance(Duration::from_secs(7));
    let said = rest_of(stream).await;
    assert!(said.ends_with("event: end\ndata: {}\n\n"), "{said}");
    let left = ana.get(page.url.as_str()).await;
    assert!(left.has("form#resume"), "{left:?}");
}
