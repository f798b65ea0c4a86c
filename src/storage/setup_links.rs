//! One-time links to the setup page, stored under the SHA-256 of their secret.

use std::time::Duration;

use sqlx::AnyConnection;

use super::one_row::OneRow as _;
use super::{Storage, StorageError};
use crate::domain::millis::Millis;

/// How long a link is valid.
pub const LIFE: Duration = Duration::from_secs(15 * 60);

/// Stores a new link, and deletes expired ones.
pub async fn put(
    conn: &mut AnyConnection,
    link_sha256: &[u8; 32],
    now: Millis,
) -> Result<(), StorageError> {
    sqlx::query("DELETE FROM setup_links WHERE expires_at <= $1")
        .bind(now.0)
        .execute(&mut *conn)
        .await?;
    sqlx::query("INSERT INTO setup_links (link_hash, expires_at) VALUES ($1, $2)")
        .bind(link_sha256.to_vec())
        .bind((now + LIFE).0)
        .execute(conn)
        .await?;
    Ok(())
}

/// Whether the link is valid. Does not use it up.
pub async fn is_good(
    storage: &Storage,
    link_sha256: &[u8; 32],
    now: Millis,
) -> Result<bool, StorageError> {
    let row =
        sqlx::query("SELECT expires_at FROM setup_links WHERE link_hash = $1 AND expires_at > $2")
            .bind(link_sha256.to_vec())
            .bind(now.0)
            .fetch_optional(storage.pool())
            .await?;
    Ok(row.is_some())
}

/// Uses the link up. Returns whether it was valid: of two concurrent calls only
/// one succeeds.
pub async fn take(
    conn: &mut AnyConnection,
    link_sha256: &[u8; 32],
    now: Millis,
) -> Result<bool, StorageError> {
    sqlx::query("DELETE FROM setup_links WHERE link_hash = $1 AND expires_at > $2")
        .bind(link_sha256.to_vec())
        .bind(now.0)
        .changes_one(conn)
        .await
}
