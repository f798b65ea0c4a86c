//! Clients that ask and do not read.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::raw_client::RawClient;

/// So many pages do not fit into what the kernel keeps for a client.
const PAGES: usize = 2_000;

#[tokio::test(flavor = "multi_thread")]
async fn i15_a_client_that_asks_for_pages_and_reads_none_is_cut() {
    let app = App::spawn().await;
    let client = RawClient::of(&Browser::new(), &app.url, None);
    let mut stream = client.connect_narrowly().await;
    let begun = Instant::now();
    let asked = client.head("GET", "/sign-in", "").repeat(PAGES);
    // Blocks when the portal takes no more requests, and fails when it cuts.
    let ask = async {
        let _cut = stream.write_all(asked.as_bytes()).await;
        while stream.write_all(b"\r\n").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    let cut = tokio::time::timeout(Duration::from_secs(60), ask).await;
    assert!(cut.is_ok(), "still open after {:?}", begun.elapsed());
    assert!(
        begun.elapsed() > Duration::from_secs(25),
        "{:?}",
        begun.elapsed()
    );
    let mut rest = Vec::new();
    let _end = stream.read_to_end(&mut rest).await;
}
