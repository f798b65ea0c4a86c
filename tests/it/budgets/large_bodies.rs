//! Bodies over their limits, announced and not.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::deployed::Deployed;
use crate::support::page::Form;
use crate::support::raw_client::{Answer, RawClient, Then, multipart};
use crate::support::visitor::Visitor;

const FORM: &str = "application/x-www-form-urlencoded";

/// Sends a body in chunks until the portal ends it.
async fn endless(client: &RawClient, path: &str, kind: &str, begin: &[u8]) -> Answer {
    let more = format!("Content-Type: {kind}\r\nTransfer-Encoding: chunked\r\n");
    let mut stream = client.connect().await;
    let head = client.head("POST", path, &more);
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut from, mut to) = stream.split();
    let mut answer = Vec::new();
    let send = async {
        let piece = [b'x'; 8192];
        for next in std::iter::once(begin).chain(std::iter::repeat(&piece[..])) {
            let chunk = [format!("{:x}\r\n", next.len()).as_bytes(), next, b"\r\n"].concat();
            if to.write_all(&chunk).await.is_err() {
                break;
            }
        }
        std::future::pending::<()>().await;
    };
    let read = from.read_to_end(&mut answer);
    tokio::select! {
        read = tokio::time::timeout(Duration::from_secs(20), read) => {
            // A reset after the answer is as good as an end.
            let _end = read.expect("not answered");
        }
        () = send => {}
    }
    Answer(String::from_utf8_lossy(&answer).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn d08_forms_over_16_kib_and_uploads_over_1_mib_are_413_and_memory_stays_flat() {
    let deployed = Deployed::start(None, 1).await;
    let portal = deployed.serve(0);
    let ana = Visitor::new(&deployed.origin(), "ra-app");
    ana.sign_in().await.unwrap();
    let form: Form = ana.visit("/renew").await.unwrap().form("form#step");
    let client = RawClient::of(&ana.browser, &deployed.origin(), Some(deployed.ports[0]));
    let path = "/renew/choose";
    let (kind, file) = multipart(&form, "certificate_file", &vec![b'x'; 1024 * 1024 + 1]);
    let mut before = 0;
    for round in 0..8 {
        for (kind, length) in [(FORM, 16 * 1024 + 1), (&kind, 2 * 1024 * 1024)] {
            // Announced: refused before a byte of it.
            let head = client.form_head(path, kind, length);
            let answer = client.exchange(head.as_bytes(), Then::Wait, Duration::from_secs(10));
            let answer = answer.await.expect("not answered");
            assert_eq!(answer.status(), 413, "{answer:?}");
            assert!(answer.is_problem_page(), "{answer:?}");
            let begin = if kind == FORM {
                b"a=".as_slice()
            } else {
                &file[..300]
            };
            // What comes after the answer is dropped for a second, and then cut.
            let answer = endless(&client, path, kind, begin).await;
            // The answer may be lost in the reset that ends so much sending.
            assert!(matches!(answer.status(), 0 | 413), "{answer:?}");
        }
        // One byte more than a file may have.
        let head = client.form_head(path, &kind, file.len());
        let bytes = [head.as_bytes(), &file].concat();
        let answer = client
            .exchange(&bytes, Then::Wait, Duration::from_secs(10))
            .await;
        let answer = answer.expect("not answered");
        assert_eq!(answer.status(), 413, "{answer:?}");
        if round == 3 {
            before = portal.memory();
        }
    }
    let after = portal.memory();
    eprintln!("40 bodies that are too large: {before} KiB before, {after} after");
    assert!(after < before + before / 10, "{before} {after}");
}
