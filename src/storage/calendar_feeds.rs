//! The secret addresses at which calendars read a person's reminders, stored under the
//! SHA-256 of their secret.

use sqlx::AnyConnection;

use super::row::Fields;
use super::{Storage, StorageError};
use crate::domain::millis::Millis;

/// Whose reminders an address has, and the code of their language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    pub owner_id: String,
    pub language: String,
}

/// Gives a person an address; one that they had before ends.
pub async fn put(
    conn: &mut AnyConnection,
    feed: &Feed,
    secret_sha256: &[u8; 32],
    now: Millis,
) -> Result<(), StorageError> {
    revoke(conn, &feed.owner_id).await?;
    let sql = "INSERT INTO calendar_feeds (owner_id, secret_hash, language, created_at) \
        VALUES ($1, $2, $3, $4)";
    sqlx::query(sql)
        .bind(feed.owner_id.clone())
        .bind(secret_sha256.to_vec())
        .bind(feed.language.clone())
        .bind(now.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends a person's address.
pub async fn revoke(conn: &mut AnyConnection, owner_id: &str) -> Result<(), StorageError> {
    sqlx::query("DELETE FROM calendar_feeds WHERE owner_id = $1")
        .bind(owner_id.to_owned())
        .execute(conn)
        .await?;
    Ok(())
}

/// The feed at an address.
pub async fn find(
    storage: &Storage,
    secret_sha256: &[u8; 32],
) -> Result<Option<Feed>, StorageError> {
    let sql = "SELECT owner_id, language FROM calendar_feeds WHERE secret_hash = $1";
    let row = sqlx::query(sql)
        .bind(secret_sha256.to_vec())
        .fetch_optional(storage.pool())
        .await?;
    row.map(|row| {
        let fields = Fields::new(&row, "calendar_feeds", "owner_id");
        let language = fields.text("language")?;
        let owner_id = fields.id().to_owned();
        Ok(Feed { owner_id, language })
    })
    .transpose()
}

/// Since when a person has an address.
pub async fn since(storage: &Storage, owner_id: &str) -> Result<Option<Millis>, StorageError> {
    let sql = "SELECT created_at FROM calendar_feeds WHERE owner_id = $1";
    let at: Option<i64> = sqlx::query_scalar(sql)
        .bind(owner_id.to_owned())
        .fetch_optional(storage.pool())
        .await?;
    Ok(at.map(Millis))
}
