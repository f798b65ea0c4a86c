//! Login attempts and temporary tokens that were used: each may be used once.
//! Beside them, for a few minutes, what came of it.

use sqlx::AnyConnection;

use super::one_row::OneRow as _;
use super::row::Fields;
use super::seal::KeyRing;
use super::{Storage, StorageError};
use crate::domain::millis::Millis;
use crate::domain::secret::Secret;

const TABLE: &str = "attempts";
const OUTCOME: &str = "outcome";

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

/// A token that was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// The attempt it was used with, as given to [`consume`].
    pub attempt_id: String,
    pub used_at: Millis,
    /// What came of it; `None` until that is known, and once it is forgotten.
    pub outcome: Option<Secret>,
}

/// The use of this token on this connection, if it was used.
pub async fn used(
    storage: &Storage,
    keys: &KeyRing,
    connection_id: &str,
    token_sha256: &[u8; 32],
) -> Result<Option<Used>, StorageError> {
    let row = sqlx::query(
        "SELECT attempt_id, used_at, outcome FROM attempts \
         WHERE connection_id = $1 AND token_hash = $2",
    )
    .bind(connection_id)
    .bind(token_sha256.to_vec())
    .fetch_optional(storage.pool())
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let fields = Fields::new(&row, TABLE, "attempt_id");
    Ok(Some(Used {
        attempt_id: fields.id().to_owned(),
        used_at: fields.millis("used_at")?,
        outcome: fields.secret_or_null(keys, OUTCOME)?,
    }))
}

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
    .changes_one(&mut *conn)
    .await?;
    if done {
        return Ok(Consumption::Consumed);
    }
    let used = sqlx::query("SELECT 1 FROM attempts WHERE connection_id = $1 AND token_hash = $2")
        .bind(connection_id)
        .bind(token_sha256.to_vec())
        .fetch_optional(conn)
        .await?;
    Ok(match used {
        Some(_) => Consumption::TokenUsed,
        None => Consumption::AttemptUsed,
    })
}

/// Marks an attempt as unused again, in the transaction that has marked it.
pub async fn take_back(conn: &mut AnyConnection, attempt_id: &str) -> Result<(), StorageError> {
    sqlx::query("DELETE FROM attempts WHERE attempt_id = $1")
        .bind(attempt_id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Keeps what came of an attempt, sealed.
pub async fn keep_outcome(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    attempt_id: &str,
    outcome: &Secret,
) -> Result<(), StorageError> {
    let plain = outcome.expose().as_bytes();
    let sealed = keys.seal(TABLE, TABLE, attempt_id, OUTCOME, plain)?;
    sqlx::query("UPDATE attempts SET outcome = $1 WHERE attempt_id = $2")
        .bind(sealed)
        .bind(attempt_id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets what came of attempts used before `before`.
pub async fn forget_outcomes(
    conn: &mut AnyConnection,
    before: Millis,
) -> Result<u64, StorageError> {
    let done = sqlx::query(
        "UPDATE attempts SET outcome = NULL WHERE used_at < $1 AND outcome IS NOT NULL",
    )
    .bind(before.0)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
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
