//! A portal that has issued 100,000 certificates starts again after a kill as
//! soon as an empty one.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::json;
use sqlx::{AnyConnection, Connection};

use crate::support::browser::Browser;
use crate::support::deployed::Deployed;
use crate::support::postgres;
use crate::support::visitor::Visitor;

/// Copies one issuance 100,000 times; 400 of the copies are in flight, and
/// somebody says to be at work on them for another hour.
const FILL: &str = "\
    WITH d(n) AS (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)), many(n) AS (\
        SELECT 100000 + a.n + 10 * b.n + 100 * c.n + 1000 * e.n + 10000 * f.n \
        FROM d a, d b, d c, d e, d f) \
    INSERT INTO issuances (id, reference, owner_id, connection_id, sign_in_id, kind, state, \
        attempt, answers, request, holder, request_code, code_from_client, csr, csr_key, \
        certificate_id, thumbprint, lease_holder, lease_until, created_at, submitted_at, \
        updated_at, cursor, holder_key, search_key) \
    SELECT 'many-' || CAST(n AS TEXT), 'MANY' || CAST(n AS TEXT), owner_id, connection_id, \
        sign_in_id, kind, \
        CASE n % 500 WHEN 0 THEN 'creating' WHEN 1 THEN 'finalizing' ELSE 'issued' END, \
        attempt, answers, request, holder, \
        CASE n % 500 WHEN 0 THEN NULL ELSE 'code-' || CAST(n AS TEXT) END, \
        code_from_client, csr, csr_key, CAST(n AS TEXT), \
        CASE WHEN n % 500 < 2 THEN NULL \
        ELSE '0000000000000000000000000000000000' || CAST(n AS TEXT) END, \
        'somebody', CASE WHEN n % 500 < 2 THEN $1 ELSE 0 END, created_at, submitted_at, \
        updated_at, cursor, holder_key, search_key \
    FROM many, issuances WHERE state = 'issued'";

const IN_FLIGHT: &str = "SELECT COUNT(*) FROM issuances WHERE state IN ('creating', 'finalizing')";

#[tokio::test(flavor = "multi_thread")]
async fn ready_within_2_s_and_sorted_within_10_s_on_sqlite() {
    ready_and_sorted(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ready_within_2_s_and_sorted_within_10_s_on_postgresql() {
    if let Some(url) = postgres::migrated().await {
        ready_and_sorted(Some(url)).await;
    }
}

async fn ready_and_sorted(database_url: Option<String>) {
    sqlx::any::install_default_drivers();
    let deployed = Deployed::start(database_url, 1).await;
    let mut portal = deployed.serve(0);
    let ana = Visitor::new(&deployed.origin(), "demo");
    ana.sign_in_at_redtrust().await.unwrap();
    let issued = issue(&ana, "LA PRIMERA").await;
    ana.settled(&issued, Duration::from_secs(20)).await.unwrap();
    portal.kill();
    let mut database = AnyConnection::connect(&deployed.database_url)
        .await
        .unwrap();
    let hour = now() + 3_600_000;
    let filled = sqlx::query(FILL).bind(hour).execute(&mut database).await;
    assert_eq!(filled.unwrap().rows_affected(), 100_000);

    let mut portal = deployed.serve(0);
    let delay = json!(60_000);
    let controls = &deployed.controls;
    controls
        .fault("csr_create", "before", "delay", delay, 1)
        .await;
    let last = issue(&ana, "LA ÚLTIMA").await;
    portal.kill();
    // With the workers died what they worked on.
    sqlx::query("UPDATE issuances SET lease_until = $1 WHERE lease_until = $2")
        .bind(now() + 2_000)
        .bind(hour)
        .execute(&mut database)
        .await
        .unwrap();

    let began = Instant::now();
    let portal = deployed.serve(0);
    let probe = format!("http://127.0.0.1:{}/readyz", deployed.ports[0]);
    Browser::new().get(&probe).await.expect_status(200);
    let (ready, starved) = (began.elapsed(), portal.starved());
    assert!(ready < Duration::from_secs(2) + starved, "{ready:?}");
    loop {
        let left: i64 = sqlx::query_scalar(IN_FLIGHT)
            .fetch_one(&mut database)
            .await
            .unwrap();
        if left == 0 {
            break;
        }
        let patience = Duration::from_secs(12) + portal.starved();
        assert!(began.elapsed() < patience, "{left} left, {ready:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let sorted = began.elapsed() - ready;
    let bound = Duration::from_secs(10) + portal.starved();
    assert!(sorted < bound, "{sorted:?}");
    let page = ana.visit(&last).await.unwrap();
    assert!(page.has("#state[data-state=unknown]"), "{page:?}");
}

/// Submits an issue for just a name; answers its path.
async fn issue(ana: &Visitor, name: &str) -> String {
    let answers = [("kind", "name"), ("common_name", name)];
    let last = ana.to_last_step("/issue", &answers).await.unwrap();
    ana.submit(&last).await.unwrap().url.path().to_owned()
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}
