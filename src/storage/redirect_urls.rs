//! Redirect URLs: which exact strings are registered in Redtrust, and how far
//! that is known.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::row::{Fields, readable};
use super::{Storage, StorageError};
use crate::domain::millis::Millis;
use crate::domain::redirect_url::{RedirectUrl, RedirectUrlState};

/// One redirect URL of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub id: String,
    /// At which Redtrust.
    pub connection_id: String,
    /// The exact string.
    pub url: RedirectUrl,
    /// How far it has come.
    pub state: RedirectUrlState,
    /// When it was entered.
    pub created_at: Millis,
    /// When its state changed last.
    pub updated_at: Millis,
}

const COLUMNS: &str = "id, connection_id, url, state, created_at, updated_at";

impl TryFrom<&AnyRow> for Entry {
    type Error = StorageError;

    fn try_from(row: &AnyRow) -> Result<Self, StorageError> {
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

/// The connection's redirect URLs, the newest first.
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

/// Every redirect URL, the newest first.
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
/// [`StorageError::Conflict`] where the connection has it already;
/// [`StorageError`] as for every write.
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

/// Moves a redirect URL from one state to another. Answers whether it stood in
/// the first.
pub async fn set_state(
    conn: &mut AnyConnection,
    id: &str,
    from: RedirectUrlState,
    to: RedirectUrlState,
    now: Millis,
) -> Result<bool, StorageError> {
    let done = sqlx::query(
        "UPDATE redirect_urls SET state = $1, updated_at = $2 WHERE id = $3 AND state = $4",
    )
    .bind(to.as_str())
    .bind(now.0)
    .bind(id)
    .bind(from.as_str())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A real sign-in came back to this URL: what was registered is confirmed.
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

/// Makes this the connection's one URL in use: entered and registered if it
/// was not, all others of the connection disabled. For what the configuration
/// file says.
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
