//! Attempts and temporary tokens: each once.

use std::sync::Arc;

use rubrica::domain::millis::Millis;
use rubrica::domain::secret::Secret;
use rubrica::storage::attempts::{self, Consumption};

use super::given::NOW;
use crate::support::database::{Database, on_both_engines};

async fn consume(db: &Database, attempt: &str, connection: &str, token: u8) -> Consumption {
    let (attempt, connection) = (attempt.to_owned(), connection.to_owned());
    db.storage
        .write(move |conn| {
            Box::pin(async move {
                attempts::consume(conn, &attempt, &connection, &[token; 32], NOW).await
            })
        })
        .await
        .unwrap()
}

/// The attempt that this token of `acme` was used with, and what came of it.
async fn used(db: &Database, token: u8) -> Option<(String, Option<Secret>)> {
    let found = attempts::used(&db.storage, &db.keys, "acme", &[token; 32]).await;
    found.unwrap().map(|used| (used.attempt_id, used.outcome))
}

async fn attempt_and_token_are_used_once_each(db: Database) {
    assert_eq!(used(&db, 1).await, None);
    assert_eq!(consume(&db, "a", "acme", 1).await, Consumption::Consumed);
    assert_eq!(used(&db, 1).await, Some(("a".to_owned(), None)));
    assert_eq!(consume(&db, "a", "acme", 1).await, Consumption::TokenUsed);
    assert_eq!(consume(&db, "b", "acme", 1).await, Consumption::TokenUsed);
    assert_eq!(consume(&db, "a", "acme", 2).await, Consumption::AttemptUsed);
    assert_eq!(consume(&db, "c", "other", 1).await, Consumption::Consumed);
}

async fn of_many_uses_at_once_one_wins(db: Database) {
    let uses = (0..20).map(|number| {
        let db = &db;
        async move { consume(db, &format!("attempt {number}"), "acme", 1).await }
    });
    let outcomes = futures_util::future::join_all(uses).await;
    let won = |outcome: &&Consumption| **outcome == Consumption::Consumed;
    assert_eq!(outcomes.iter().filter(won).count(), 1, "{outcomes:?}");
}

async fn what_was_used_long_ago_is_forgotten(db: Database) {
    consume(&db, "a", "acme", 1).await;
    let purge = |before: Millis| {
        db.storage
            .write(move |conn| Box::pin(async move { attempts::purge(conn, before).await }))
    };
    assert_eq!(purge(NOW).await, Ok(0));
    assert_eq!(purge(Millis(NOW.0 + 1)).await, Ok(1));
    assert_eq!(used(&db, 1).await, None);
}

async fn what_came_of_a_token_is_sealed_and_forgotten_after_a_while(db: Database) {
    consume(&db, "a", "acme", 1).await;
    let (keys, kept) = (Arc::clone(&db.keys), Secret::new("canary"));
    db.storage
        .write(move |conn| {
            Box::pin(async move { attempts::keep_outcome(conn, &keys, "a", &kept).await })
        })
        .await
        .unwrap();
    let outcome = Some(Secret::new("canary"));
    assert_eq!(used(&db, 1).await, Some(("a".to_owned(), outcome)));
    let forget = |before: Millis| {
        db.storage.write(move |conn| {
            Box::pin(async move { attempts::forget_outcomes(conn, before).await })
        })
    };
    assert_eq!(forget(NOW).await, Ok(0));
    assert_eq!(forget(Millis(NOW.0 + 1)).await, Ok(1));
    assert_eq!(used(&db, 1).await, Some(("a".to_owned(), None)));
}

async fn what_is_taken_back_may_be_used_again(db: Database) {
    let once = |attempt: &'static str| {
        db.storage.write(move |conn| {
            Box::pin(async move {
                let used = attempts::consume(conn, attempt, "acme", &[1; 32], NOW).await?;
                attempts::take_back(conn, attempt).await?;
                Ok(used)
            })
        })
    };
    assert_eq!(once("a").await, Ok(Consumption::Consumed));
    assert_eq!(once("b").await, Ok(Consumption::Consumed));
    assert_eq!(used(&db, 1).await, None);
}

on_both_engines!(
    what_came_of_a_token_is_sealed_and_forgotten_after_a_while,
    what_is_taken_back_may_be_used_again,
    attempt_and_token_are_used_once_each,
    of_many_uses_at_once_one_wins,
    what_was_used_long_ago_is_forgotten,
);
