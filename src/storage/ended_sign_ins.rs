//! Sign-ins that nobody uses any more although their tokens are still there.

use sqlx::{AnyConnection, AssertSqlSafe};

use super::one_row::OneRow as _;
use super::row::Fields;
use super::{Storage, StorageError};
use crate::domain::millis::Millis;

/// Most sign-ins that one look finds.
const MOST: i64 = 500;

/// A sign-in that is over, or is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Over {
    pub id: String,
    pub connection_id: String,
}

/// An issuance that works with the tokens of a sign-in at `$1`.
const AT_WORK: &str = "EXISTS (SELECT 1 FROM issuances WHERE issuances.sign_in_id = sign_ins.id \
    AND issuances.state IN ('creating', 'key_created', 'finalizing') \
    AND (issuances.state <> 'key_created' OR issuances.lease_until > $1))";

/// A session that lives from a sign-in at `$1`.
const IN_USE: &str = "EXISTS (SELECT 1 FROM sessions WHERE sessions.sign_in_id = sign_ins.id \
    AND sessions.idle_until > $1 AND sessions.absolute_until > $1)";

/// Sign-ins with tokens that were made before `before` and that neither a session nor an
/// issuance under way uses.
pub async fn all(
    storage: &Storage,
    now: Millis,
    before: Millis,
) -> Result<Vec<Over>, StorageError> {
    let sql = format!(
        "SELECT id, connection_id FROM sign_ins WHERE access_token IS NOT NULL \
         AND created_at < $2 AND NOT {IN_USE} AND NOT {AT_WORK} LIMIT {MOST}"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(now.0)
        .bind(before.0)
        .fetch_all(storage.pool())
        .await?;
    let over = rows.iter().map(|row| {
        let fields = Fields::new(row, "sign_ins", "id");
        Ok(Over {
            id: fields.id().to_owned(),
            connection_id: fields.text("connection_id")?,
        })
    });
    over.collect()
}

/// Whether this sign-in was to end while an issuance worked with its tokens.
pub async fn is_ending(storage: &Storage, id: &str) -> Result<bool, StorageError> {
    let found: Option<String> =
        sqlx::query_scalar("SELECT id FROM sign_ins WHERE id = $1 AND ending = 1")
            .bind(id)
            .fetch_optional(storage.pool())
            .await?;
    Ok(found.is_some())
}

/// Whether no session lives from this sign-in any more, or it is to end.
pub async fn is_over(storage: &Storage, id: &str, now: Millis) -> Result<bool, StorageError> {
    let sql = format!(
        "SELECT id FROM sign_ins WHERE id = $2 AND access_token IS NOT NULL AND ending = 0 \
         AND {IN_USE}"
    );
    let found: Option<String> = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(now.0)
        .bind(id)
        .fetch_optional(storage.pool())
        .await?;
    Ok(found.is_none())
}

/// The connection's sign-ins that have tokens.
pub async fn of_connection(
    storage: &Storage,
    connection_id: &str,
) -> Result<Vec<String>, StorageError> {
    let ids = sqlx::query_scalar(
        "SELECT id FROM sign_ins WHERE connection_id = $1 AND access_token IS NOT NULL",
    )
    .bind(connection_id)
    .fetch_all(storage.pool())
    .await?;
    Ok(ids)
}

/// Deletes the tokens of a sign-in, unless an issuance under way works with them: then it
/// is marked as ending. Returns whether this caller deleted them.
pub async fn clear(conn: &mut AnyConnection, id: &str, now: Millis) -> Result<bool, StorageError> {
    let sql = format!(
        "UPDATE sign_ins SET needs_sign_in = 1, access_token = NULL, refresh_token = NULL, \
         expires_at = NULL, version = version + 1, updated_at = $1, ending = 0 \
         WHERE id = $2 AND access_token IS NOT NULL AND NOT {AT_WORK}"
    );
    let done = sqlx::query(AssertSqlSafe(sql))
        .bind(now.0)
        .bind(id)
        .changes_one(&mut *conn)
        .await?;
    if done {
        return Ok(true);
    }
    sqlx::query("UPDATE sign_ins SET ending = 1 WHERE id = $1 AND access_token IS NOT NULL")
        .bind(id)
        .execute(conn)
        .await?;
    Ok(false)
}
