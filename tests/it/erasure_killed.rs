//! A server that is killed while it erases personal data leaves nothing half done, and the
//! next one does the rest.

use std::time::{Duration, Instant};

use rubrica::domain::issuance::Event;
use rubrica::storage::Storage;
use rubrica::storage::audit::{Verified, list, verify};
use rubrica::storage::issuances::Change;
use rubrica::storage::seal::KeyRing;
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, SqliteConnection};

use crate::storage::given;
use crate::support::database::{Database, MASTER_KEY};
use crate::support::process::Process;

/// Requests to erase: two whole batches and a part of one.
const REQUESTS: i64 = 50;
const BATCH: i64 = 20;

/// An abandoned request from long ago, so many times.
async fn fill(db: &Database) {
    let ana = given::ana(db).await;
    given::draft(db, "thrown", &ana, "Ana Núñez").await;
    given::step(db, "thrown", Event::Abandoned, Change::default())
        .await
        .unwrap();
    db.meddle(&format!(
        "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {REQUESTS}) \
         INSERT INTO issuances (id, reference, owner_id, connection_id, sign_in_id, kind, state, \
             attempt, answers, holder, code_from_client, lease_until, created_at, updated_at, cursor) \
         SELECT 'thrown-' || i, 'MANY' || i, owner_id, connection_id, sign_in_id, kind, state, \
             attempt, answers, holder, code_from_client, lease_until, created_at, updated_at, cursor \
         FROM n, issuances WHERE id = 'thrown'"
    ))
    .await;
}

async fn number(conn: &mut SqliteConnection, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(conn).await.unwrap()
}

const LEFT: &str = "SELECT COUNT(*) FROM issuances WHERE erased_at IS NULL";

/// Makes the erasure hang within the transaction of its n-th request.
async fn hang_at(conn: &mut SqliteConnection, point: i64) {
    // Triggers cannot recurse: so many rows, seven times crossed, take hours.
    let endless = "SELECT 1 FROM issuances a, issuances b, issuances c, issuances d, \
        issuances e, issuances f, issuances g WHERE a.id || b.id || c.id <> g.id";
    let sql = format!(
        "CREATE TRIGGER hang AFTER UPDATE OF erased_at ON issuances
         WHEN (SELECT COUNT(*) FROM issuances WHERE erased_at IS NOT NULL) = {point} BEGIN
             SELECT COUNT(*) FROM ({endless});
         END"
    );
    let made = sqlx::raw_sql(AssertSqlSafe(sql)).execute(conn);
    made.await.unwrap();
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !holds().await {
        assert!(Instant::now() < end, "{what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Whether somebody is writing.
async fn is_written(conn: &mut SqliteConnection) -> bool {
    let tried = sqlx::raw_sql("BEGIN IMMEDIATE; ROLLBACK").execute(conn);
    tried.await.is_err()
}

/// How many requests are erased, as the audit says, whose chain holds.
async fn audited(url: &str) -> i64 {
    let keys = KeyRing::new(MASTER_KEY);
    let storage = Storage::open(url, &keys).await.unwrap();
    let verified = verify(&storage, &keys).await.unwrap();
    assert!(matches!(verified, Verified::Intact { .. }), "{verified:?}");
    let entries = list(&storage, 0, 1000).await.unwrap();
    storage.close().await;
    let erased = entries.iter().filter_map(|one| {
        let after = one.what.after.as_deref()?;
        let after: Value = serde_json::from_str(after).ok()?;
        (one.what.action == "personal_data.erase").then(|| after["requests"].as_i64().unwrap())
    });
    erased.sum()
}

fn serve(dir: &std::path::Path) -> Process {
    let key = data_encoding::HEXLOWER.encode(&MASTER_KEY);
    let variables = [
        ("RUBRICA_DATABASE_URL", "sqlite://portal.db"),
        ("RUBRICA_MASTER_KEY", key.as_str()),
        ("RUBRICA_PUBLIC_URL", "http://localhost:8080"),
        ("RUBRICA_LISTEN", "127.0.0.1:0"),
        ("RUBRICA_RETENTION_DAYS", "30"),
    ];
    Process::start(dir, &["serve"], &variables, 1)
}

#[tokio::test(flavor = "multi_thread")]
async fn i22_an_erasure_that_is_killed_is_finished_by_the_next_start() {
    let db = Database::sqlite().await;
    fill(&db).await;
    db.storage.close().await;
    let file = db.url.trim_start_matches("sqlite://").to_owned();
    for point in [1, 11, 20, 21, 40, REQUESTS] {
        let dir = tempfile::tempdir().unwrap();
        let copy = dir.path().join("portal.db");
        std::fs::copy(&file, &copy).unwrap();
        let url = format!("sqlite://{}", copy.display());
        let options: SqliteConnectOptions = url.parse().unwrap();
        let options = options.busy_timeout(Duration::ZERO);
        let mut conn = options.connect().await.unwrap();
        hang_at(&mut conn, point).await;
        let mut running = serve(dir.path());
        let whole = (point - 1) / BATCH * BATCH;
        let what = format!("{whole} are not erased, or nobody works on the next");
        until(&what, async || {
            let erased = REQUESTS - number(&mut conn, LEFT).await;
            assert!(erased <= whole, "{erased} are erased at {point}");
            erased == whole && is_written(&mut conn).await
        })
        .await;
        running.kill();
        let free = sqlx::raw_sql("DROP TRIGGER hang").execute(&mut conn);
        free.await.unwrap();
        assert_eq!(REQUESTS - number(&mut conn, LEFT).await, whole);
        assert_eq!(audited(&url).await, whole);
        let mut next = serve(dir.path());
        until("the next does not finish", async || {
            number(&mut conn, LEFT).await == 0
        })
        .await;
        next.kill();
        assert_eq!(audited(&url).await, REQUESTS, "killed at {point}");
    }
}
