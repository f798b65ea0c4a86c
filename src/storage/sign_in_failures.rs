//! The last failed sign-ins of each connection, and when signing in last worked
//! and failed.

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::row::{Fields, FromRow, readable};
use super::{Storage, StorageError};
use crate::domain::millis::Millis;
use crate::domain::sign_in_failure::{Cause, Failure};

/// How many are kept of each connection and method.
const AT_MOST: i64 = 50;

const TABLE: &str = "sign_in_failures";

/// Keeps a failed sign-in, drops the oldest, and notes that signing in failed if that
/// was not just one person's doing.
pub async fn note(
    conn: &mut AnyConnection,
    id: &str,
    failure: &Failure,
) -> Result<(), StorageError> {
    let facts = serde_json::to_string(&failure.facts)
        .map_err(|error| StorageError::Unavailable(error.to_string()))?;
    sqlx::query(
        "INSERT INTO sign_in_failures (id, connection_id, method, failed_at, cause, facts) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(&failure.connection_id)
    .bind(failure.method.as_str())
    .bind(failure.at.0)
    .bind(failure.cause.as_str())
    .bind(facts)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "DELETE FROM sign_in_failures WHERE connection_id = $1 AND method = $2 AND id NOT IN \
         (SELECT id FROM sign_in_failures WHERE connection_id = $1 AND method = $2 \
         ORDER BY failed_at DESC, id DESC LIMIT $3)",
    )
    .bind(&failure.connection_id)
    .bind(failure.method.as_str())
    .bind(AT_MOST)
    .execute(&mut *conn)
    .await?;
    if !failure.cause.is_the_connections() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO connection_health (connection_id, failed_at, cause) VALUES ($1, $2, $3) \
         ON CONFLICT (connection_id) DO UPDATE \
         SET failed_at = excluded.failed_at, cause = excluded.cause",
    )
    .bind(&failure.connection_id)
    .bind(failure.at.0)
    .bind(failure.cause.as_str())
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that somebody signed in.
pub async fn note_success(
    conn: &mut AnyConnection,
    connection_id: &str,
    now: Millis,
) -> Result<(), StorageError> {
    sqlx::query(
        "INSERT INTO connection_health (connection_id, worked_at) VALUES ($1, $2) \
         ON CONFLICT (connection_id) DO UPDATE SET worked_at = excluded.worked_at",
    )
    .bind(connection_id)
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// The failed sign-ins of all connections, newest first.
pub async fn newest(storage: &Storage, limit: i64) -> Result<Vec<Failure>, StorageError> {
    let rows = sqlx::query(
        "SELECT id, connection_id, method, failed_at, cause, facts FROM sign_in_failures \
         ORDER BY failed_at DESC, id DESC LIMIT $1",
    )
    .bind(limit)
    .fetch_all(storage.pool())
    .await?;
    Ok(readable(&rows))
}

impl FromRow for Failure {
    fn from_row(row: &AnyRow) -> Result<Self, StorageError> {
        let fields = Fields::new(row, TABLE, "id");
        Ok(Self {
            connection_id: fields.text("connection_id")?,
            method: fields.parsed("method")?,
            at: fields.millis("failed_at")?,
            cause: fields.parsed("cause")?,
            facts: fields.json("facts")?,
        })
    }
}

/// When signing in at a connection last worked and failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    pub connection_id: String,
    pub worked_at: Option<Millis>,
    /// With the cause.
    pub failed: Option<(Millis, Cause)>,
}

/// The health of every connection at which somebody has tried to sign in.
pub async fn health(storage: &Storage) -> Result<Vec<Health>, StorageError> {
    let rows =
        sqlx::query("SELECT connection_id, worked_at, failed_at, cause FROM connection_health")
            .fetch_all(storage.pool())
            .await?;
    Ok(readable(&rows))
}

impl FromRow for Health {
    fn from_row(row: &AnyRow) -> Result<Self, StorageError> {
        let fields = Fields::new(row, "connection_health", "connection_id");
        let failed_at = fields.millis_or_null("failed_at")?;
        Ok(Self {
            connection_id: fields.id().to_owned(),
            worked_at: fields.millis_or_null("worked_at")?,
            failed: failed_at.zip(fields.parsed_or_null("cause")?),
        })
    }
}
