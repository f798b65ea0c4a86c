//! Handlers that wait for something that never comes.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::raw_client::{RawClient, Then};
use crate::web_frame::site;

#[actix_web::test]
async fn i01_a_handler_that_never_ends_is_answered_for_within_its_deadline() {
    let site = site::start().await;
    let (browser, begun) = (Browser::speaking("es"), Instant::now());
    let page = browser.get(&site.at("/never")).await.expect_status(503);
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(40), "{took:?}");
    assert_eq!(page.problem(), "late");
    assert_eq!(page.text("h1"), "Está tardando demasiado");
    assert!(page.has("#request-id") && page.has("main a"), "{page:?}");
    assert_eq!(page.header("connection"), "close");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    // The worker goes on.
    browser.get(&site.at("/healthz")).await.expect_status(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn i01_a_connection_whose_body_nobody_reads_is_closed_after_the_answer() {
    let (app, ana) = App::spawn_signed_in().await;
    let client = RawClient::of(&ana, &app.url, None);
    let forms = "Content-Type: application/x-www-form-urlencoded\r\n";
    for length in ["Transfer-Encoding: chunked\r\n", "Content-Length: 5000\r\n"] {
        for (path, status) in [("/nothing-here", 404), ("/sign-out", 403), ("/%2e/", 404)] {
            let foreign = "Sec-Fetch-Site: cross-site\r\n";
            let head = client.head("POST", path, &[forms, length, foreign].concat());
            // Nothing of the body comes, nor an end.
            let answer = client.exchange(head.as_bytes(), Then::Wait, Duration::from_secs(10));
            let answer = answer.await;
            let answer = answer.unwrap_or_else(|| panic!("{path} {length} is still open"));
            assert_eq!(answer.status(), status, "{answer:?}");
            assert!(answer.is_problem_page(), "{answer:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i01_a_second_head_that_does_not_end_is_cut() {
    let app = App::spawn().await;
    let client = RawClient::of(&Browser::new(), &app.url, None);
    let whole = client.head("GET", "/healthz", "");
    let mut stream = client.connect().await;
    stream.write_all(whole.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    let begun = Instant::now();
    let drip = async {
        let mut head = "GET /healthz HTTP/1.1\r\nX-Slow: "
            .bytes()
            .chain(std::iter::repeat(b'x'));
        while stream.write_u8(head.next().unwrap()).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    };
    let cut = tokio::time::timeout(Duration::from_secs(100), drip).await;
    assert!(cut.is_ok(), "still open after {:?}", begun.elapsed());
}
