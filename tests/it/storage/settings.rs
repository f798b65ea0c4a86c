//! What durability rests on: every connection has it, or the portal does not start.

use futures_util::future::join_all;
use sqlx::AssertSqlSafe;

use crate::support::database::Database;
use crate::support::process::command;

const SETTINGS: [(&str, &str); 4] = [
    ("journal_mode", "wal"),
    ("synchronous", "2"),
    ("foreign_keys", "1"),
    ("query_only", "1"),
];

/// One setting of whichever connection the pool gives.
async fn of_the_pool(db: &Database, name: &str) -> String {
    let text = format!("SELECT CAST({name} AS TEXT) FROM pragma_{name}");
    let sql = match name {
        "journal_mode" => "PRAGMA journal_mode".to_owned(),
        _ => text,
    };
    sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_one(db.storage.pool())
        .await
        .unwrap()
}

#[tokio::test]
async fn every_connection_that_reads_is_durable_and_patient_and_cannot_write() {
    let db = Database::sqlite().await;
    for (name, expected) in SETTINGS {
        let asked = join_all((0..40).map(|_| of_the_pool(&db, name))).await;
        assert!(
            asked.iter().all(|value| value == expected),
            "{name}: {asked:?}"
        );
    }
    let patience = sqlx::query_scalar("SELECT timeout FROM pragma_busy_timeout");
    let patience: i64 = patience.fetch_one(db.storage.pool()).await.unwrap();
    assert_eq!(patience, 5_000);
}

#[tokio::test]
async fn the_connection_that_writes_is_durable() {
    let db = Database::sqlite().await;
    let asked = db.storage.write(|conn| {
        Box::pin(async move {
            let journal: String = sqlx::query_scalar("PRAGMA journal_mode")
                .fetch_one(&mut *conn)
                .await?;
            let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous")
                .fetch_one(&mut *conn)
                .await?;
            let foreign_keys: i64 = sqlx::query_scalar("PRAGMA foreign_keys")
                .fetch_one(&mut *conn)
                .await?;
            let patience: i64 = sqlx::query_scalar("PRAGMA busy_timeout")
                .fetch_one(&mut *conn)
                .await?;
            Ok((journal, synchronous, foreign_keys, patience > 0))
        })
    });
    let (journal, synchronous, foreign_keys, patient) = asked.await.unwrap();
    assert_eq!((journal.as_str(), synchronous, foreign_keys), ("wal", 2, 1));
    assert!(patient);
}

#[test]
fn a_portal_whose_database_does_not_take_a_setting_does_not_start() {
    let dir = tempfile::tempdir().unwrap();
    let key = "ab".repeat(32);
    // A file system without shared memory, as SQLite sees it: no WAL there.
    let variables = [
        ("RUBRICA_PUBLIC_URL", "http://localhost:8080"),
        ("RUBRICA_LISTEN", "127.0.0.1:0"),
        ("RUBRICA_DATABASE_URL", "sqlite://portal.db?vfs=unix-none"),
        ("RUBRICA_MASTER_KEY", key.as_str()),
    ];
    let output = command(dir.path(), &["serve"], &variables)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{text}");
    let says = "SQLite did not take its settings: journal_mode delete";
    assert!(
        text.contains(says) && text.contains("RUBRICA_DATABASE_URL"),
        "{text}"
    );
}
