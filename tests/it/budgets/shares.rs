//! What one person may have under way, so that others are served.

use std::time::Duration;

use rubrica::storage::StorageError;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::admin;
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::raw_client::{RawClient, Then};

/// Copies an issuance 600 times, with a long id, so that the file is larger than
/// what the kernel keeps of an answer that nobody reads.
async fn fill(app: &App) {
    let filled = app.portal.storage.write(move |conn| {
        Box::pin(async move {
            let find = "SELECT cursor FROM issuances WHERE state = 'issued'";
            let cursor: Vec<u8> = sqlx::query_scalar(find).fetch_one(&mut *conn).await?;
            for at in 0..600_u16 {
                sqlx::query(
                    "INSERT INTO issuances (id, reference, owner_id, connection_id, sign_in_id, \
                     kind, state, attempt, answers, request, holder, certificate_id, code_from_client, \
                     lease_holder, lease_until, created_at, submitted_at, updated_at, cursor) \
                     SELECT $1, $1, owner_id, connection_id, sign_in_id, kind, 'refused', \
                     attempt, answers, request, holder, $2, code_from_client, '', 0, created_at, \
                     submitted_at, updated_at, $3 FROM issuances WHERE state = 'issued'",
                )
                .bind(format!("many-{at}"))
                .bind("A".repeat(16 * 1024))
                .bind([cursor.as_slice(), &at.to_be_bytes()].concat())
                .execute(&mut *conn)
                .await?;
            }
            Ok::<_, StorageError>(())
        })
    });
    filled.await.unwrap();
}

/// A download that has begun and is not read on.
async fn begun(client: &RawClient) -> (u16, TcpStream) {
    let mut stream = client.connect_narrowly().await;
    let head = client.head("GET", "/issuances.csv", "Connection: close\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).await.unwrap();
    let status = String::from_utf8_lossy(&status[9..]).parse().unwrap();
    (status, stream)
}

#[tokio::test(flavor = "multi_thread")]
async fn i15_an_owner_has_two_exports_at_once_and_others_have_theirs() {
    let (app, ana) = App::spawn_signed_in().await;
    app.issue(&ana, "ANA").await;
    fill(&app).await;
    let client = RawClient::of(&ana, &app.url, None);
    let (first, second) = (begun(&client).await, begun(&client).await);
    assert_eq!((first.0, second.0), (200, 200));
    let third = ana.get(&app.at("/issuances.csv")).await.expect_status(429);
    assert_eq!(third.problem(), "share_used_up");
    assert_eq!(third.header("retry-after"), "5");
    let again = Browser::new();
    app.sign_in(&again, "demo").await;
    again
        .get(&app.at("/issuances.csv"))
        .await
        .expect_status(429);
    let bea = Browser::new();
    app.sign_in_directly(&bea, "ra-app").await;
    bea.get(&app.at("/issuances.csv")).await.expect_status(200);
    drop(first);
    for _ in 0..100 {
        let (status, _stream) = begun(&client).await;
        if status == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("an export that was given up still counts");
}

/// As [`begun`], of the audit.
async fn audit_begun(client: &RawClient, body: &[u8]) -> TcpStream {
    let mut stream = client.connect_narrowly().await;
    let kind = "application/x-www-form-urlencoded";
    let head = client.form_head("/admin/audit/export", kind, body.len());
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).await.unwrap();
    assert_eq!(&status[9..], b"200");
    stream
}

#[tokio::test(flavor = "multi_thread")]
async fn i15_the_whole_audit_is_read_only_twice_at_once_for_one_account() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let page = ana.visit(&app.at("/admin/audit")).await;
    let form = page.form("form#export").forge("format", "csv");
    admin::tamper(
        &app,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600) \
         INSERT INTO audit (seq, at, actor, origin, action, object, outcome, request_id, hash) \
         SELECT -i, 1, 'ana', '', 'connection.edit', hex(zeroblob(8192)), 'done', '', \
         zeroblob(32) FROM n",
    )
    .await;
    let client = RawClient::of(&ana, &app.url, None);
    let body = form.body();
    let (_first, _second) = (
        audit_begun(&client, &body).await,
        audit_begun(&client, &body).await,
    );
    let check = app.at("/admin/audit?verify=yes");
    let refused = ana.get(&check).await.expect_status(429);
    assert_eq!(refused.problem(), "share_used_up");
}

#[tokio::test(flavor = "multi_thread")]
async fn i15_a_client_that_does_not_read_its_export_is_cut() {
    let (app, ana) = App::spawn_signed_in().await;
    app.issue(&ana, "ANA").await;
    fill(&app).await;
    let client = RawClient::of(&ana, &app.url, None);
    let (status, mut stream) = begun(&client).await;
    assert_eq!(status, 200);
    let bea = RawClient::of(&ana, &app.url, None);
    let (_, mut slow) = begun(&bea).await;
    let drip = tokio::spawn(async move {
        while slow.read_u8().await.is_ok() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    });
    tokio::time::sleep(Duration::from_secs(45)).await;
    // Both shares are free again, though both clients still hold their ends.
    assert_eq!(begun(&client).await.0, 200);
    assert_eq!(begun(&client).await.0, 200);
    let mut rest = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut rest));
    let read = read.await.expect("the connection is still open");
    assert!(
        read.is_err() || !rest.ends_with(b"0\r\n\r\n"),
        "the file looks whole"
    );
    drip.abort();
    let page = client.head("GET", "/account", "Connection: close\r\n");
    let page = client
        .exchange(page.as_bytes(), Then::Wait, Duration::from_secs(10))
        .await;
    assert_eq!(page.unwrap().status(), 200);
}
