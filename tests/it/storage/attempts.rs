//! Attempts and temporary tokens: each once.

use rubrica::domain::millis::Millis;
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

async fn attempt_and_token_are_used_once_each(db: Database) {
    assert!(
        !attempts::token_is_used(&db.storage, "acme", &[1; 32])
            .await
            .unwrap()
    );
    assert_eq!(consume(&db, "a", "acme", 1).await, Consumption::Consumed);
    assert!(
        attempts::token_is_used(&db.storage, "acme", &[1; 32])
            .await
            .unwrap()
    );
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
    assert!(
        !attempts::token_is_used(&db.storage, "acme", &[1; 32])
            .await
            .unwrap()
    );
}

on_both_engines!(
    attempt_and_token_are_used_once_each,
    of_many_uses_at_once_one_wins,
    what_was_used_long_ago_is_forgotten,
);
