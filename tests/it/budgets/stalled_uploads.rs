//! Uploads that stop in the middle.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::support::deployed::Deployed;
use crate::support::process::Process;
use crate::support::raw_client::{Answer, RawClient, Then, multipart};
use crate::support::visitor::Visitor;

/// What the connections may take; the files alone would be 270 MB.
const MORE_MEMORY: usize = 120 * 1024;

/// What the first of them may leave behind, once: memory in which small things lie, and
/// code that had not run before. Without optimisation it is up to 51 MB, reached after one
/// to four times.
const LEFT: usize = 64 * 1024;

struct Uploading {
    deployed: Deployed,
    portal: Process,
    client: RawClient,
    kind: String,
    body: Vec<u8>,
}

impl Uploading {
    /// Somebody signed in, with a file of 900 kB.
    async fn start() -> Self {
        let deployed = Deployed::start(None, 1).await;
        let portal = deployed.serve(0);
        let ana = Visitor::new(&deployed.origin(), "ra-app");
        ana.sign_in().await.unwrap();
        let page = ana.visit("/renew").await.unwrap();
        let form = page.form("form#step");
        let (kind, body) = multipart(&form, "certificate_file", &vec![b'x'; 900_000]);
        let client = RawClient::of(&ana.browser, &deployed.origin(), Some(deployed.ports[0]));
        Self {
            deployed,
            portal,
            client,
            kind,
            body,
        }
    }

    /// Sends all but the end of an upload.
    async fn stalled(&self) -> TcpStream {
        let mut stream = self.client.connect().await;
        let length = self.body.len();
        let head = self.client.form_head("/renew/choose", &self.kind, length);
        stream.write_all(head.as_bytes()).await.unwrap();
        // Refused ones are cut.
        let _sent = stream.write_all(&self.body[..length - 50]).await;
        stream
    }

    /// Whether what was given up counts no more, after a while.
    async fn freed(&self) -> bool {
        let until = Instant::now() + Duration::from_secs(20);
        while Instant::now() < until {
            if self.whole().await.0 == 422 {
                return true;
            }
        }
        false
    }

    async fn whole(&self) -> (u16, String) {
        let answer = self.answered().await;
        (answer.status(), answer.problem().to_owned())
    }

    async fn answered(&self) -> Answer {
        let head = self
            .client
            .form_head("/renew/choose", &self.kind, self.body.len());
        let bytes = [head.as_bytes(), &self.body].concat();
        let answer = self
            .client
            .exchange(&bytes, Then::Wait, Duration::from_secs(20))
            .await;
        answer.expect("not answered")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i14_three_hundred_stalled_uploads_take_their_share_of_memory_and_give_it_back() {
    let uploading = Uploading::start().await;
    assert_eq!(uploading.whole().await.0, 422);
    let start = uploading.portal.memory();
    for _ in 0..4 {
        drop(join_all((0..300).map(|_| uploading.stalled())).await);
        assert!(uploading.freed().await, "what was given up still counts");
    }
    let files = uploading.portal.open_files();
    let before = uploading.portal.memory();
    let stalled = join_all((0..300).map(|_| uploading.stalled())).await;
    let during = uploading.portal.memory();
    let refused = uploading.whole().await;
    assert_eq!(refused, (429, "share_used_up".to_owned()));
    // Others go on.
    let bea = Visitor::new(&uploading.deployed.origin(), "demo");
    bea.sign_in_at_redtrust().await.unwrap();
    let form = bea.visit("/renew").await.unwrap().form("form#step");
    let form = form.attach("certificate_file", "a.cer", &vec![b'x'; 900_000]);
    bea.browser.submit(&form).await.expect_status(422);
    drop(stalled);
    assert!(uploading.freed().await, "what was given up still counts");
    let after = uploading.portal.memory();
    eprintln!(
        "300 stalled uploads, five times: {start} KiB, {before} in between, {during} during, {after} after"
    );
    assert!(during < before + MORE_MEMORY, "{before} {during}");
    assert!(before < start + LEFT, "{start} {before}");
    assert!(after < before + before / 10, "{before} {after}");
    // Bea's connection is still open.
    let is_closed = || uploading.portal.open_files() <= files + files / 10;
    uploading.portal.settles(is_closed);
    assert!(is_closed(), "{files} descriptors before");
}

#[tokio::test(flavor = "multi_thread")]
async fn i14_uploads_of_nobody_that_stall_leave_the_late_form_of_somebody_whole() {
    let mut uploading = Uploading::start().await;
    uploading.client.cookies.clear();
    let hers = uploading.body.clone();
    let nobodys = String::from_utf8(hers.clone()).unwrap();
    let nobodys = nobodys.replace("name=\"keeper\"", "name=\"nobody\"");
    assert_ne!(nobodys.as_bytes(), hers);
    uploading.body = nobodys.into_bytes();
    let stalled = join_all((0..6).map(|_| uploading.stalled())).await;
    uploading.body = hers;
    let answer = uploading.answered().await;
    assert_eq!(answer.status(), 303, "{answer:?}");
    let headers = answer.headers();
    let to = headers["location"].to_str().unwrap();
    assert!(to.starts_with("/sign-in") && to.contains("files"), "{to}");
    drop(stalled);
}
