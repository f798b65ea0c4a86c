//! The first start of a version that writes the words of all requests anew.

use std::time::Duration;

use sqlx::{AnyConnection, Connection as _};
use tokio::time::Instant;

use crate::support::deployed::Deployed;
use crate::support::postgres;
use crate::support::process::Process;
use crate::support::visitor::Visitor;

/// Requests without words, as migration 0024 leaves them, of one person and many holders.
const FILL: &str = "\
    WITH RECURSIVE many(n) AS (\
        SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM many WHERE n < $1) \
    INSERT INTO issuances (id, reference, owner_id, connection_id, sign_in_id, kind, state, \
        attempt, answers, request, holder, request_code, code_from_client, csr, csr_key, \
        certificate_id, thumbprint, lease_until, created_at, submitted_at, updated_at, cursor) \
    SELECT 'many-' || CAST(n AS TEXT), 'MANY' || CAST(n AS TEXT), owner_id, connection_id, \
        sign_in_id, kind, state, attempt, answers, \
        REPLACE(request, holder, 'PERSONA' || CAST(n % 997 AS TEXT) || ' APELLIDO' \
            || CAST(n % 89 AS TEXT) || ' X' || CAST(n AS TEXT)), \
        'PERSONA' || CAST(n % 997 AS TEXT) || ' APELLIDO' || CAST(n % 89 AS TEXT) \
            || ' X' || CAST(n AS TEXT), \
        'code-' || CAST(n AS TEXT), code_from_client, csr, csr_key, CAST(n AS TEXT), NULL, 0, \
        created_at, submitted_at, updated_at, cursor \
    FROM many, issuances WHERE holder = 'PLANTILLA'";

const WITHOUT_WORDS: &str = "SELECT COUNT(*) FROM issuances WHERE search_key IS NULL";

/// `RUBRICA_TEST_ROWS` says how many requests; `CRASH_BINARY` may name a release build.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement that takes minutes"]
async fn words_written_anew_at_scale_on_sqlite() {
    measured(None).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement that takes minutes"]
async fn words_written_anew_at_scale_on_postgresql() {
    if let Some(url) = postgres::migrated().await {
        measured(Some(url)).await;
    }
}

async fn left(database: &mut AnyConnection) -> i64 {
    let left = sqlx::query_scalar(WITHOUT_WORDS).fetch_one(database).await;
    left.unwrap()
}

async fn measured(database_url: Option<String>) {
    sqlx::any::install_default_drivers();
    let rows = std::env::var("RUBRICA_TEST_ROWS").unwrap_or("100000".to_owned());
    let rows: i64 = rows.parse().unwrap();
    let deployed = Deployed::start(database_url, 1).await;
    let mut portal = deployed.serve(0);
    let ana = Visitor::new(&deployed.origin(), "demo");
    ana.sign_in_at_redtrust().await.unwrap();
    let answers = [("kind", "name"), ("common_name", "PLANTILLA")];
    let last = ana.to_last_step("/issue", &answers).await.unwrap();
    let issued = ana.submit(&last).await.unwrap().url.path().to_owned();
    ana.settled(&issued, Duration::from_secs(20)).await.unwrap();
    portal.kill();
    let mut database = AnyConnection::connect(&deployed.database_url)
        .await
        .unwrap();
    let filled = sqlx::query(FILL).bind(rows).execute(&mut database).await;
    assert_eq!(
        filled.unwrap().rows_affected(),
        u64::try_from(rows).unwrap()
    );

    database.close().await.unwrap();
    let mut database = AnyConnection::connect(&deployed.database_url)
        .await
        .unwrap();

    // Killed after about a tenth; what was written stays written.
    let began = Instant::now();
    let mut killed = deployed
        .serving(0, &[("RUBRICA_LOG", "info")])
        .spawn()
        .unwrap();
    while left(&mut database).await > rows * 9 / 10 {
        assert!(began.elapsed() < Duration::from_secs(3_600), "never");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    let (begun, took) = (rows - left(&mut database).await, began.elapsed());
    assert!(begun > 0 && begun < rows, "{begun}");

    let began = Instant::now();
    let portal = Process::try_start(deployed.serving(0, &[("RUBRICA_LOG", "info")]), 1).unwrap();
    assert_eq!(left(&mut database).await, 0);
    let rest = began.elapsed();
    let status = std::fs::read_to_string(format!("/proc/{}/status", portal.pid())).unwrap();
    let most = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap();
    let log = std::fs::read_to_string(deployed.log_of(0)).unwrap();
    let told = log.matches("words_written").count();
    eprintln!(
        "{rows} requests: {begun} in {took:?} before the kill, the rest in {rest:?}; {most}; \
         told {told} times"
    );
    assert!(i64::try_from(told).unwrap() >= rows / 10_000 - 2, "{log}");
}
