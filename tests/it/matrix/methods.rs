//! Methods, headers and caching of every route.

use std::time::Duration;

use super::rows::{Desk, rows};
use crate::support::raw_client::Then;
use crate::web_frame::headers::expect_headers;

const SOON: Duration = Duration::from_secs(20);
const OTHERS: [&str; 6] = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

#[tokio::test(flavor = "multi_thread")]
async fn every_method_but_the_stated_ones_is_404_or_405_with_all_headers() {
    let (desk, rows) = (Desk::new().await, rows());
    for row in &rows {
        let is_stated = |method: &&str| {
            rows.iter()
                .any(|other| other.path == row.path && other.method == *method)
        };
        for method in OTHERS.into_iter().filter(|method| !is_stated(method)) {
            let path = desk.filled(row);
            let more = "Connection: close\r\nContent-Length: 0\r\n";
            let head = desk.client(row).head(method, &path, more);
            let answer = desk.client(row).exchange(head.as_bytes(), Then::Wait, SOON);
            let answer = answer.await.unwrap_or_else(|| panic!("{method} {path}"));
            assert!(
                matches!(answer.status(), 404 | 405),
                "{method} {path}: {answer:?}"
            );
            expect_headers(&answer.headers(), row.path);
            assert_eq!(answer.headers()["cache-control"], "no-store");
        }
    }
    desk.assert_signed_in().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_has_all_headers_and_is_kept_as_stated() {
    let (desk, mut whole) = (Desk::new().await, 0);
    for row in rows().iter().filter(|row| row.method == "GET") {
        let path = desk.filled(row);
        let head = desk.client(row).head("GET", &path, "Connection: close\r\n");
        let answer = desk.client(row).exchange(head.as_bytes(), Then::Wait, SOON);
        let answer = answer.await.unwrap_or_else(|| panic!("{path}"));
        expect_headers(&answer.headers(), row.path);
        let kept = match row.cache {
            "never" => "no-store",
            "hash" => "public, max-age=31536000, immutable",
            "hour" => "public, max-age=3600",
            other => panic!("{other}"),
        };
        assert_eq!(answer.headers()["cache-control"], kept, "{path}");
        assert!(
            matches!(answer.status(), 200 | 303 | 400 | 404),
            "{answer:?}"
        );
        whole += usize::from(answer.status() == 200);
    }
    assert!(whole > 25, "only {whole} pages were seen");
    desk.assert_signed_in().await;
}
