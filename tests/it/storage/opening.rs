//! Opening a database, and what happens when it goes away.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use rubrica::storage::lock::{LockError, ServerLock};
use rubrica::storage::seal::KeyRing;
use rubrica::storage::{Storage, StorageError};

use super::given;
use crate::support::database::{Database, MASTER_KEY, on_both_engines};
use crate::support::postgres::Cluster;

async fn a_wrong_master_key_is_refused_before_anything_is_written(db: Database) {
    given::connection(&db, "acme").await;
    let wrong = Storage::open(&db.url, &KeyRing::new([8; 32])).await;
    assert_eq!(wrong.unwrap_err(), StorageError::WrongKey);
    let rotated = KeyRing::new([8; 32]).with_older(MASTER_KEY);
    assert!(Storage::open(&db.url, &rotated).await.is_ok());
}

async fn opening_twice_changes_nothing(db: Database) {
    given::connection(&db, "acme").await;
    let again = Storage::open(&db.url, &db.keys).await.unwrap();
    assert_eq!(again.engine(), db.storage.engine());
    again.ping().await.unwrap();
}

async fn a_closed_database_waits_for_nobody(db: Database) {
    sqlx::query("SELECT 1")
        .fetch_all(db.storage.pool())
        .await
        .unwrap();
    assert!(db.storage.pool_use().idle > 0);
    let closed = tokio::time::timeout(Duration::from_secs(5), db.storage.close());
    closed.await.expect("it is closed");
    let asked = sqlx::query("SELECT 1").fetch_all(db.storage.pool()).await;
    assert!(matches!(asked, Err(sqlx::Error::PoolClosed)));
}

/// Every statement of `src/storage` that deletes rows.
fn deleted_tables(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            deleted_tables(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let statements = text.split("DELETE FROM ").skip(1);
            found.extend(statements.map(|rest| {
                let is_part = |c: char| c.is_ascii_lowercase() || c == '_';
                rest.chars().take_while(|c| is_part(*c)).collect()
            }));
        }
    }
}

/// The database refuses to delete a row while others refer to it: whoever deletes it has
/// to think of them.
#[tokio::test]
async fn what_refers_to_rows_that_are_deleted_goes_first() {
    let db = Database::sqlite().await;
    let mut deleted = BTreeSet::new();
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/storage");
    deleted_tables(&sources, &mut deleted);
    assert!(deleted.len() > 20, "the search finds only {deleted:?}");
    let referring: Vec<(String, String)> = sqlx::query_as(
        "SELECT child.name, parent.\"table\" FROM sqlite_schema child \
         JOIN pragma_foreign_key_list(child.name) parent \
         WHERE child.type = 'table' AND parent.on_delete <> 'CASCADE' ORDER BY 1, 2",
    )
    .fetch_all(db.storage.pool())
    .await
    .unwrap();
    let found: BTreeSet<_> = referring
        .iter()
        .filter(|(_, parent)| deleted.contains(parent))
        .map(|(child, parent)| format!("{child} of {parent}"))
        .collect();
    // An owner is deleted at once if another node made them first, an issuance while it is
    // a draft that nobody sent.
    let thought_of = [
        "calendar_feeds of owners",
        "certificates of issuances",
        "certificates of owners",
        "issuance_events of issuances",
        "issuances of owners",
        "mail_people of owners",
        "mail_reminded of certificates",
        "owner_names of owners",
        "run_lines of runs",
        "runs of owners",
        "sign_ins of owners",
    ];
    assert_eq!(found, thought_of.map(ToOwned::to_owned).into());
}

on_both_engines!(
    a_closed_database_waits_for_nobody,
    a_wrong_master_key_is_refused_before_anything_is_written,
    opening_twice_changes_nothing,
);

#[tokio::test]
async fn an_address_of_another_kind_is_refused() {
    for url in ["mysql://x", "", "sqlite://:memory:", "/tmp/x.db"] {
        let error = Storage::open(url, &KeyRing::new(MASTER_KEY)).await;
        assert!(
            matches!(error, Err(StorageError::BadAddress(_))),
            "{url}: {error:?}"
        );
    }
}

#[tokio::test]
async fn first_starts_at_once_on_one_file_all_end_well() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", dir.path().join("new.db").display());
    let keys = KeyRing::new(MASTER_KEY);
    let opened = futures_util::future::join_all((0..4).map(|_| Storage::open(&url, &keys))).await;
    for storage in opened {
        storage.unwrap();
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_database_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("new.db");
    let url = format!("sqlite://{}", file.display());
    let keys = KeyRing::new(MASTER_KEY);
    let _storage = Storage::open(&url, &keys).await.unwrap();
    for name in ["new.db", "new.db-wal"] {
        let mode = dir.path().join(name).metadata().unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600, "{name}");
    }
}

#[tokio::test]
async fn reads_on_sqlite_cannot_write() {
    let db = Database::sqlite().await;
    let done = sqlx::query("DELETE FROM meta")
        .execute(db.storage.pool())
        .await;
    assert!(done.is_err());
}

#[tokio::test]
async fn one_server_serves_a_file_and_others_may_open_it() {
    let db = Database::sqlite().await;
    let held = ServerLock::take(&db.url).unwrap();
    let second = ServerLock::take(&db.url);
    assert!(matches!(second, Err(LockError::Taken { .. })));
    Storage::open(&db.url, &db.keys).await.unwrap();
    drop(held);
    assert!(ServerLock::take(&db.url).is_ok());
}

#[tokio::test]
async fn a_database_that_is_down_is_known_in_two_seconds_and_back_in_five() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let url = cluster.create("down", "template1").await;
    let storage = Storage::open(&url, &KeyRing::new(MASTER_KEY))
        .await
        .unwrap();
    storage.ping().await.unwrap();
    cluster.stop();
    for _ in 0..2 {
        let asked = Instant::now();
        let error = storage.ping().await.unwrap_err();
        assert!(matches!(error, StorageError::Unavailable(_)), "{error:?}");
        assert!(asked.elapsed() < Duration::from_secs(2));
    }
    let written = storage.write(|_| Box::pin(async { Ok(()) })).await;
    assert!(matches!(written, Err(StorageError::Unavailable(_))));
    cluster.start_again();
    // Connections that died within the last second each fail one read.
    let patience = Instant::now() + Duration::from_secs(5);
    while storage.ping().await.is_err() {
        assert!(Instant::now() < patience, "not back in five seconds");
    }
    storage.write(|_| Box::pin(async { Ok(()) })).await.unwrap();
}
