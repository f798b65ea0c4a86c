//! Login attempts and temporary tokens that were used: each may be used once.

use sqlx::AnyConnection;

use super::{Storage, StorageError};
use crate::domain::millis::Millis;

/// Result of using an attempt and a token together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consumption {
    /// Both were unused and are now used.
    Consumed,
    /// The attempt was used before; the token is still unused.
    AttemptUsed,
    /// The token was used before.
    TokenUsed,
}

/// Whether this token was used before on this connection.
pub async fn token_is_used(
    storage: &Storage,
    connection_id: &str,
    token_sha256: &[u8; 32],
) -> Result<bool, StorageError> {
    let used = sqlx::query(TOKEN_IS_USED)
        .bind(connection_id)
        .bind(token_sha256.to_vec())
        .fetch_optional(storage.pool())
        .await?;
    Ok(used.is_some())
}

const TOKEN_IS_USED: &str =
    "SELECT used_at FROM attempts WHERE connection_id = $1 AND token_hash = $2";

/// Marks attempt and token as used in one insert, so that of two concurrent
/// calls only one succeeds.
pub async fn consume(
    conn: &mut AnyConnection,
    attempt_id: &str,
    connection_id: &str,
    token_sha256: &[u8; 32],
    now: Millis,
) -> Result<Consumption, StorageError> {
    let done = sqlx::query(
        "INSERT INTO attempts (attempt_id, connection_id, token_hash, used_at) \
         VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(attempt_id)
    .bind(connection_id)
    .bind(token_sha256.to_vec())
    .bind(now.0)
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 1 {
        return Ok(Consumption::Consumed);
    }
    let used = sqlx::query(TOKEN_IS_USED)
        .bind(connection_id)
        .bind(token_sha256.to_vec())
        .fetch_optional(conn)
        .await?;
    Ok(match used {
        Some(_) => Consumption::TokenUsed,
        None => Consumption::AttemptUsed,
    })
}

/// Deletes entries older than `before`, when attempt and token have long
/// expired. Returns how many.
pub async fn purge(conn: &mut AnyConnection, before: Millis) -> Result<u64, StorageError> {
    let done = sqlx::query("DELETE FROM attempts WHERE used_at < $1")
        .bind(before.0)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}
