//! `Storage::write`: turns, time-outs, and callers that go away.

use std::time::{Duration, Instant};

use rubrica::domain::secret::Secret;
use rubrica::storage::setup_links;
use rubrica::storage::{Engine, StorageError, connections};
use sqlx::{AnyConnection, Connection};
use tokio::sync::oneshot;

use super::given::{self, NOW};
use crate::support::database::{Database, on_both_engines};

/// Somebody else's connection, in a transaction that has written.
async fn foreign_lock(db: &Database) -> AnyConnection {
    let mut conn = AnyConnection::connect(&db.url).await.unwrap();
    let begin = match db.storage.engine() {
        Engine::Sqlite => "BEGIN IMMEDIATE",
        Engine::Postgres => "BEGIN",
    };
    sqlx::raw_sql(begin).execute(&mut conn).await.unwrap();
    sqlx::query("UPDATE meta SET name = name")
        .execute(&mut conn)
        .await
        .unwrap();
    conn
}

async fn write_meta(db: &Database) -> Result<(), StorageError> {
    db.storage
        .write(|conn| {
            Box::pin(async move {
                sqlx::query("UPDATE meta SET name = name")
                    .execute(conn)
                    .await?;
                Ok(())
            })
        })
        .await
}

async fn a_foreign_lock_of_two_seconds_is_waited_for(db: Database) {
    let mut foreign = foreign_lock(&db).await;
    let began = Instant::now();
    let release = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        sqlx::raw_sql("COMMIT").execute(&mut foreign).await.unwrap();
    };
    let write = async {
        write_meta(&db).await.unwrap();
        began.elapsed()
    };
    let (waited, ()) = tokio::join!(write, release);
    assert!(waited >= Duration::from_secs(2), "{waited:?}");
}

async fn a_lock_that_is_not_let_go_is_busy_within_six_seconds(db: Database) {
    let foreign = foreign_lock(&db).await;
    let began = Instant::now();
    let late = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        write_meta(&db).await
    };
    let (first, second, late) = tokio::join!(write_meta(&db), write_meta(&db), late);
    assert_eq!(first, Err(StorageError::Busy));
    assert_eq!(second, Err(StorageError::Busy));
    assert_eq!(late, Err(StorageError::Busy));
    assert!(began.elapsed() < Duration::from_millis(7500));
    drop(foreign);
    write_meta(&db).await.unwrap();
}

async fn a_caller_that_goes_away_leaves_no_transaction_open(db: Database) {
    let (started, has_started) = oneshot::channel::<()>();
    let (go_on, may_go_on) = oneshot::channel::<()>();
    let storage = db.storage.clone();
    let caller = tokio::spawn(async move {
        storage
            .write(move |conn| {
                Box::pin(async move {
                    setup_links::put(conn, &[1; 32], NOW).await?;
                    started.send(()).unwrap();
                    may_go_on.await.unwrap();
                    Ok(())
                })
            })
            .await
    });
    has_started.await.unwrap();
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    go_on.send(()).unwrap();
    write_meta(&db).await.unwrap();
    // On PostgreSQL the other write need not be over yet.
    let patience = Instant::now() + Duration::from_secs(5);
    while !setup_links::is_good(&db.storage, &[1; 32], NOW)
        .await
        .unwrap()
    {
        assert!(Instant::now() < patience, "the write was cut");
        tokio::task::yield_now().await;
    }
    assert_eq!(open_transactions(&db).await, 0);
}

async fn open_transactions(db: &Database) -> i64 {
    match db.storage.engine() {
        Engine::Sqlite => {
            // Another process can write at once.
            let mut foreign = foreign_lock(db).await;
            sqlx::raw_sql("ROLLBACK")
                .execute(&mut foreign)
                .await
                .unwrap();
            0
        }
        Engine::Postgres => sqlx::query_scalar(
            "SELECT COUNT(*) FROM pg_stat_activity \
             WHERE datname = current_database() AND state LIKE 'idle in transaction%'",
        )
        .fetch_one(db.storage.pool())
        .await
        .unwrap(),
    }
}

async fn work_that_fails_writes_nothing_and_the_next_goes_well(db: Database) {
    given::connection(&db, "acme").await;
    let (keys, mut twin) = (db.keys.clone(), given::settings("other"));
    twin.id = "acme".to_owned();
    let failed = db
        .storage
        .write(move |conn| {
            Box::pin(async move {
                setup_links::put(conn, &[1; 32], NOW).await?;
                connections::insert(conn, &keys, &twin, NOW).await
            })
        })
        .await;
    let taken = StorageError::Conflict;
    assert_eq!(failed, Err(taken));
    assert!(
        !setup_links::is_good(&db.storage, &[1; 32], NOW)
            .await
            .unwrap()
    );
    given::connection(&db, "other").await;
}

async fn who_waits_for_news_is_told_of_a_change(db: Database) {
    let before = db.storage.changes().await.unwrap();
    assert_eq!(db.storage.changes().await.as_ref(), Ok(&before));
    write_meta(&db).await.unwrap();
    let began = Instant::now();
    while db.storage.changes().await.unwrap() == before {
        assert!(began.elapsed() < Duration::from_secs(5), "{before}");
        tokio::task::yield_now().await;
    }
}

async fn a_taken_slug_is_named_alike_on_both_engines(db: Database) {
    given::connection(&db, "acme").await;
    let (keys, mut twin) = (db.keys.clone(), given::settings("acme"));
    twin.id = "other".to_owned();
    twin.shared_key = Secret::new("x");
    let failed = db
        .storage
        .write(move |conn| {
            Box::pin(async move { connections::insert(conn, &keys, &twin, NOW).await })
        })
        .await;
    let taken = StorageError::Conflict;
    assert_eq!(failed, Err(taken));
}

async fn work_that_panics_stops_nobody_else(db: Database) {
    let storage = db.storage.clone();
    let caller = tokio::spawn(async move {
        storage
            .write::<(), _>(|conn| {
                Box::pin(async move {
                    setup_links::put(conn, &[1; 32], NOW).await?;
                    panic!("on purpose");
                })
            })
            .await
    });
    assert!(caller.await.unwrap_err().is_panic());
    write_meta(&db).await.unwrap();
    assert!(
        !setup_links::is_good(&db.storage, &[1; 32], NOW)
            .await
            .unwrap()
    );
}

async fn writers_at_once_all_come_to_their_turn(db: Database) {
    let writes = (0..50_u8).map(|number| {
        db.storage.write(move |conn| {
            Box::pin(async move { setup_links::put(conn, &[number; 32], NOW).await })
        })
    });
    for written in futures_util::future::join_all(writes).await {
        written.unwrap();
    }
}

on_both_engines!(
    a_foreign_lock_of_two_seconds_is_waited_for,
    a_lock_that_is_not_let_go_is_busy_within_six_seconds,
    a_caller_that_goes_away_leaves_no_transaction_open,
    work_that_fails_writes_nothing_and_the_next_goes_well,
    a_taken_slug_is_named_alike_on_both_engines,
    who_waits_for_news_is_told_of_a_change,
    work_that_panics_stops_nobody_else,
    writers_at_once_all_come_to_their_turn,
);

#[tokio::test]
async fn a_full_disk_is_named_and_forgotten_once_there_is_room() {
    let db = Database::sqlite().await;
    let limit = |pages: &'static str| {
        db.storage.write(move |conn| {
            Box::pin(async move {
                sqlx::raw_sql(pages).execute(conn).await?;
                Ok(())
            })
        })
    };
    let fill = || {
        db.storage.write(|conn| {
            Box::pin(async move {
                sqlx::query("INSERT INTO meta (name, value) VALUES ('big', zeroblob(1000000))")
                    .execute(conn)
                    .await?;
                Ok(())
            })
        })
    };
    // SQLite itself says "full" at this many pages, as it does when the disk is.
    limit("PRAGMA max_page_count = 1").await.unwrap();
    assert_eq!(fill().await, Err(StorageError::Full));
    limit("PRAGMA max_page_count = 1000000").await.unwrap();
    fill().await.unwrap();
}
