//! Allowances of tries: shared by all nodes, and never too many rows.

use std::time::Duration;

use rubrica::domain::allowance::Allowance;
use rubrica::domain::millis::Millis;
use rubrica::storage::Engine;
use rubrica::storage::tries::{self, TryId};

use super::given::NOW;
use crate::support::database::{Database, on_both_engines};

const THREE: Allowance = Allowance::new(3, Duration::from_secs(60));

async fn spend(db: &Database, id: TryId, now: Millis) -> bool {
    db.storage
        .write(move |conn| Box::pin(async move { tries::spend(conn, &id, THREE, now).await }))
        .await
        .unwrap()
}

async fn i04_a_try_that_is_spent_comes_back_after_its_time(db: Database) {
    let (one, other) = ([1; 16], [2; 16]);
    for left in [true, true, true, false, false] {
        assert_eq!(spend(&db, one, NOW).await, left);
    }
    assert!(spend(&db, other, NOW).await);
    let minute = NOW + Duration::from_secs(60);
    assert!(!spend(&db, one, Millis(minute.0 - 1)).await);
    assert!(spend(&db, one, minute).await);
    assert!(!spend(&db, one, minute).await);
    let whole_at = tries::whole_at(&db.storage, &[one, other, [3; 16]]).await;
    let whole_at = whole_at.unwrap();
    assert_eq!(whole_at.len(), 2);
    assert_eq!(whole_at[&one], NOW + Duration::from_secs(4 * 60));
    assert_eq!(whole_at[&other], minute);
    // After a long time it is whole, and no more than that.
    let late = NOW + Duration::from_secs(3600);
    for left in [true, true, true, false] {
        assert_eq!(spend(&db, one, late).await, left);
    }
}

async fn i04_of_many_tries_at_once_only_the_allowed_ones_are_spent(db: Database) {
    let tries = (0..20).map(|_| spend(&db, [1; 16], NOW));
    let spent = futures_util::future::join_all(tries).await;
    assert_eq!(spent.iter().filter(|spent| **spent).count(), 3, "{spent:?}");
}

/// Those that come first together, too, when none of them finds a row yet.
async fn i04_nobody_is_refused_who_comes_first_together_with_others(db: Database) {
    const MANY: Allowance = Allowance::new(1_000, Duration::from_secs(60));
    for id in 0..20_u8 {
        let first = || {
            let work = db.storage.write(move |conn| {
                Box::pin(async move { tries::spend(conn, &[id; 16], MANY, NOW).await })
            });
            async { work.await.unwrap() }
        };
        let spent = futures_util::future::join_all((0..12).map(|_| first())).await;
        assert!(spent.iter().all(|spent| *spent), "{spent:?}");
    }
}

async fn i04_a_try_may_be_given_back(db: Database) {
    let id = [1; 16];
    for _ in 0..3 {
        assert!(spend(&db, id, NOW).await);
    }
    db.storage
        .write(move |conn| Box::pin(async move { tries::give_back(conn, &id, THREE).await }))
        .await
        .unwrap();
    assert!(spend(&db, id, NOW).await);
    assert!(!spend(&db, id, NOW).await);
}

async fn i04_rows_are_swept_once_whole_and_the_least_spent_make_room(db: Database) {
    let id = match db.storage.engine() {
        Engine::Sqlite => "'row' || i",
        Engine::Postgres => "CAST('row' || i AS BYTEA)",
    };
    db.meddle(&format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) \
         INSERT INTO tries (id, whole_at) SELECT {id}, {} + i FROM n",
        NOW.0
    ))
    .await;
    let count = || async {
        let count = sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM tries");
        count.fetch_one(db.storage.pool()).await.unwrap()
    };
    assert_eq!(count().await, 50_000);
    assert!(spend(&db, [1; 16], NOW).await);
    assert_eq!(count().await, 45_001);
    let least: i64 = sqlx::query_scalar("SELECT MIN(whole_at) FROM tries")
        .fetch_one(db.storage.pool())
        .await
        .unwrap();
    assert_eq!(least, NOW.0 + 5_001);
    let late = NOW + Duration::from_secs(60);
    let purge = |now| {
        db.storage
            .write(move |conn| Box::pin(async move { tries::purge(conn, now).await }))
    };
    assert_eq!(purge(NOW).await, Ok(0));
    assert_eq!(purge(late).await, Ok(45_001));
}

on_both_engines!(
    i04_a_try_that_is_spent_comes_back_after_its_time,
    i04_of_many_tries_at_once_only_the_allowed_ones_are_spent,
    i04_a_try_may_be_given_back,
    i04_nobody_is_refused_who_comes_first_together_with_others,
    i04_rows_are_swept_once_whole_and_the_least_spent_make_room,
);
