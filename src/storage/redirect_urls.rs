//! Redirect URLs: the exact strings, and whether they are registered in
//! Redtrust and confirmed.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::one_row::OneRow as _;
use super::row::{Fields, FromRow, readable};
use super::{Storage, StorageError};
use crate::domain::millis::Millis;
use crate::domain::redirect_url::{RedirectUrl, RedirectUrlState};

/// One redirect URL of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub id: String,
    pub connection_id: String,
    /// The exact string.
    pub url: RedirectUrl,
    pub state: RedirectUrlState,
    pub created_at: Millis,
    /// When its state last changed.
    pub updated_at: Millis,
}

const COLUMNS: &str = "id, connection_id, url, state, created_at, updated_at";

impl FromRow for Entry {
    fn from_row(row: &AnyRow) -> Result<Self, StorageError> {
        let fields = Fields::new(row, "redirect_urls", "id");
        Ok(Self {
            id: fields.id().to_owned(),
            connection_id: fields.text("connection_id")?,
            url: fields.parsed("url")?,
            state: fields.parsed("state")?,
            created_at: fields.millis("created_at")?,
            updated_at: fields.millis("updated_at")?,
        })
    }
}

/// The connection's redirect URLs, newest first.
pub async fn of_connection(
    storage: &Storage,
    connection_id: &str,
) -> Result<Vec<Entry>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM redirect_urls WHERE connection_id = $1 ORDER BY created_at DESC, id DESC"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(connection_id)
        .fetch_all(storage.pool())
        .await?;
    Ok(readable(&rows))
}

/// Every redirect URL, newest first.
pub async fn all(storage: &Storage) -> Result<Vec<Entry>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM redirect_urls ORDER BY created_at DESC, id DESC");
    let rows = sqlx::query(AssertSqlSafe(sql))
        .fetch_all(storage.pool())
        .await?;
    Ok(readable(&rows))
}

/// Stores a new redirect URL.
///
/// # Errors
/// [`StorageError::Conflict`] if the connection already has it.
pub async fn insert(conn: &mut AnyConnection, entry: &Entry) -> Result<(), StorageError> {
    sqlx::query(
        "INSERT INTO redirect_urls (id, connection_id, url, state, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&entry.id)
    .bind(&entry.connection_id)
    .bind(entry.url.as_str())
    .bind(entry.state.as_str())
    .bind(entry.created_at.0)
    .bind(entry.updated_at.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// Changes the state of a redirect URL from `from` to `to`. Returns whether it
/// was in `from`.
pub async fn set_state(
    conn: &mut AnyConnection,
    id: &str,
    from: RedirectUrlState,
    to: RedirectUrlState,
    now: Millis,
) -> Result<bool, StorageError> {
    sqlx::query("UPDATE redirect_urls SET state = $1, updated_at = $2 WHERE id = $3 AND state = $4")
        .bind(to.as_str())
        .bind(now.0)
        .bind(id)
        .bind(from.as_str())
        .changes_one(conn)
        .await
}

/// Call after a real sign-in came back to this URL: a registered URL becomes
/// confirmed.
pub async fn confirm(
    conn: &mut AnyConnection,
    connection_id: &str,
    url: &RedirectUrl,
    now: Millis,
) -> Result<(), StorageError> {
    sqlx::query(
        "UPDATE redirect_urls SET state = 'confirmed', updated_at = $1 \
         WHERE connection_id = $2 AND url = $3 AND state = 'registered'",
    )
    .bind(now.0)
    .bind(connection_id)
    .bind(url.as_str())
    .execute(conn)
    .await?;
    Ok(())
}

/// No URL of this connection counts as registered any more: it leads to another server.
pub async fn back_to_draft(
    conn: &mut AnyConnection,
    connection_id: &str,
    now: Millis,
) -> Result<(), StorageError> {
    sqlx::query(
        "UPDATE redirect_urls SET state = 'draft', updated_at = $1 \
         WHERE connection_id = $2 AND state IN ('registered', 'confirmed')",
    )
    .bind(now.0)
    .bind(connection_id)
    .execute(conn)
    .await?;
    Ok(())
}

/// Makes this the connection's only URL in use: stores and registers it if
/// needed, and disables all others of the connection. For the URL in the
/// configuration file.
pub async fn use_only(
    conn: &mut AnyConnection,
    connection_id: &str,
    url: &RedirectUrl,
    new_id: &str,
    now: Millis,
) -> Result<(), StorageError> {
    sqlx::query(
        "UPDATE redirect_urls SET state = 'disabled', updated_at = $1 \
         WHERE connection_id = $2 AND url <> $3 AND state <> 'disabled'",
    )
    .bind(now.0)
    .bind(connection_id)
    .bind(url.as_str())
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "INSERT INTO redirect_urls (id, connection_id, url, state, created_at, updated_at) \
         VALUES ($1, $2, $3, 'registered', $4, $4) ON CONFLICT (connection_id, url) \
         DO UPDATE SET state = 'registered', updated_at = excluded.updated_at \
         WHERE redirect_urls.state <> 'confirmed' AND redirect_urls.state <> 'registered'",
    )
    .bind(new_id)
    .bind(connection_id)
    .bind(url.as_str())
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(())
}
