//! The outbox: a mail is stored in the same transaction as the event that it reports. Only
//! one node begins to send it, and only once; if that node does not record the outcome, the
//! outcome is unknown.

pub mod officers;
pub mod people;

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::row::{Fields, FromRow, readable};
use super::{Storage, StorageError};
use crate::domain::mail::{Facts, Kind, State};
use crate::domain::millis::Millis;
use crate::storage::one_row::OneRow as _;

/// A mail as it is ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMail {
    pub id: String,
    pub kind: Kind,
    /// `None`: those whom the configuration names.
    pub recipient: Option<String>,
    /// The code of the language.
    pub language: String,
    pub facts: Facts,
}

/// A mail and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    pub what: NewMail,
    pub state: State,
    /// How often it was tried.
    pub attempts: i64,
    /// What the server said at the last attempt that failed.
    pub said: Option<String>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

const COLUMNS: &str =
    "id, kind, recipient, language, facts, state, attempts, said, created_at, updated_at";

impl FromRow for Mail {
    fn from_row(row: &AnyRow) -> Result<Self, StorageError> {
        let fields = Fields::new(row, "mail_outbox", "id");
        Ok(Self {
            what: NewMail {
                id: fields.id().to_owned(),
                kind: fields.parsed("kind")?,
                recipient: fields.text_or_null("recipient")?,
                language: fields.text("language")?,
                facts: fields.json("facts")?,
            },
            state: fields.parsed("state")?,
            attempts: fields.integer("attempts")?,
            said: fields.text_or_null("said")?,
            created_at: fields.millis("created_at")?,
            updated_at: fields.millis("updated_at")?,
        })
    }
}

/// Orders a mail.
pub async fn put(
    conn: &mut AnyConnection,
    mail: &NewMail,
    now: Millis,
) -> Result<(), StorageError> {
    let facts = serde_json::to_string(&mail.facts)
        .map_err(|error| StorageError::Unavailable(error.to_string()))?;
    sqlx::query(
        "INSERT INTO mail_outbox (id, kind, recipient, language, facts, state, attempts, due_at, \
         created_at, updated_at) VALUES ($1, $2, $3, $4, $5, 'waiting', 0, $6, $6, $6)",
    )
    .bind(mail.id.clone())
    .bind(mail.kind.as_str())
    .bind(mail.recipient.clone())
    .bind(mail.language.clone())
    .bind(facts)
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes back a mail of this kind to this address that still waits; only the newest, since
/// others may have given the same address.
pub async fn take_back(
    conn: &mut AnyConnection,
    kind: Kind,
    recipient: &str,
) -> Result<(), StorageError> {
    sqlx::query(
        "DELETE FROM mail_outbox WHERE state = 'waiting' AND id = (SELECT id FROM mail_outbox \
         WHERE state = 'waiting' AND kind = $1 AND recipient = $2 \
         ORDER BY created_at DESC, id DESC LIMIT 1)",
    )
    .bind(kind.as_str())
    .bind(recipient.to_owned())
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether a mail is due, without taking it in hand.
pub async fn is_any_due(storage: &Storage, now: Millis) -> Result<bool, StorageError> {
    let sql = "SELECT id FROM mail_outbox WHERE state = 'waiting' AND due_at <= $1 LIMIT 1";
    let due: Option<String> = sqlx::query_scalar(sql)
        .bind(now.0)
        .fetch_optional(storage.pool())
        .await?;
    Ok(due.is_some())
}

/// Takes the mail that has been due for longest in hand: until `until` the other nodes
/// leave it alone. It still waits; who dies with it in hand has sent nothing. What nobody can
/// cause at will goes first, and welcomes, which anybody may cause, last.
pub async fn hold(
    conn: &mut AnyConnection,
    until: Millis,
    now: Millis,
) -> Result<Option<Mail>, StorageError> {
    let mut id: Option<String> = None;
    for kinds in [
        "kind IN ('alert', 'officer')",
        "kind NOT IN ('alert', 'officer', 'welcome')",
        "kind = 'welcome'",
    ] {
        if id.is_some() {
            break;
        }
        let sql = sqlx::AssertSqlSafe(format!(
            "SELECT id FROM mail_outbox WHERE state = 'waiting' AND due_at <= $1 AND {kinds} \
             ORDER BY due_at, id LIMIT 1"
        ));
        id = sqlx::query_scalar(sql)
            .bind(now.0)
            .fetch_optional(&mut *conn)
            .await?;
    }
    let Some(id) = id else {
        return Ok(None);
    };
    let sql = sqlx::AssertSqlSafe(format!(
        "UPDATE mail_outbox SET due_at = $1, attempts = attempts + 1, updated_at = $2 \
         WHERE id = $3 AND state = 'waiting' AND due_at <= $2 RETURNING {COLUMNS}"
    ));
    let row = sqlx::query(sql)
        .bind(until.0)
        .bind(now.0)
        .bind(id)
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(Mail::from_row).transpose()
}

/// From now on the mail counts as begun, and nobody sends it again by itself. Returns
/// whether nobody else has begun it.
pub async fn begin(conn: &mut AnyConnection, id: &str, now: Millis) -> Result<bool, StorageError> {
    let sql = "UPDATE mail_outbox SET state = 'sending', updated_at = $1 \
        WHERE id = $2 AND state = 'waiting'";
    sqlx::query(sql)
        .bind(now.0)
        .bind(id.to_owned())
        .changes_one(conn)
        .await
}

/// What became of a mail that was in hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The state it had: another one, and somebody else has it.
    pub from: State,
    pub state: State,
    /// What the server said, if it did not take it.
    pub said: Option<String>,
    /// When it is due again, if it waits.
    pub due_at: Millis,
}

/// Writes down what became of a mail.
pub async fn settle(
    conn: &mut AnyConnection,
    id: &str,
    outcome: &Outcome,
    now: Millis,
) -> Result<(), StorageError> {
    sqlx::query(
        "UPDATE mail_outbox SET state = $1, said = $2, due_at = $3, updated_at = $4 \
         WHERE id = $5 AND state = $6",
    )
    .bind(outcome.state.as_str())
    .bind(outcome.said.clone())
    .bind(outcome.due_at.0)
    .bind(now.0)
    .bind(id.to_owned())
    .bind(outcome.from.as_str())
    .execute(conn)
    .await?;
    Ok(())
}

/// Has a mail sent once more that failed, or of which nobody knows whether it was sent.
/// Returns whether it was one.
pub async fn again(conn: &mut AnyConnection, id: &str, now: Millis) -> Result<bool, StorageError> {
    let sql = "UPDATE mail_outbox SET state = 'waiting', said = NULL, due_at = $1, \
        updated_at = $1, created_at = $1 WHERE id = $2 AND state IN ('failed', 'unknown')";
    sqlx::query(sql)
        .bind(now.0)
        .bind(id.to_owned())
        .changes_one(conn)
        .await
}

/// What was begun before `before` and never settled: whoever began it is gone. Returns
/// how many.
pub async fn lapse(
    conn: &mut AnyConnection,
    before: Millis,
    now: Millis,
) -> Result<u64, StorageError> {
    let sql = "UPDATE mail_outbox SET state = 'unknown', updated_at = $1 \
        WHERE state = 'sending' AND updated_at < $2";
    change_old(conn, sql, before, now).await
}

/// What was ordered before `before` and still waits is sent no more, unless somebody wants
/// it. Returns how many.
pub async fn give_up(
    conn: &mut AnyConnection,
    before: Millis,
    now: Millis,
) -> Result<u64, StorageError> {
    let sql = "UPDATE mail_outbox SET state = 'failed', updated_at = $1 \
        WHERE state = 'waiting' AND created_at < $2 AND due_at <= $1";
    change_old(conn, sql, before, now).await
}

/// Runs a change of what is older than `before`, which is `$2`; `$1` is now. Returns how many
/// it changed.
async fn change_old(
    conn: &mut AnyConnection,
    sql: &'static str,
    before: Millis,
    now: Millis,
) -> Result<u64, StorageError> {
    let done = sqlx::query(sql)
        .bind(now.0)
        .bind(before.0)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

/// Deletes mail that was ordered before `before`, whatever became of it.
pub async fn purge(conn: &mut AnyConnection, before: Millis) -> Result<(), StorageError> {
    sqlx::query("DELETE FROM mail_outbox WHERE created_at < $1 AND state <> 'sending'")
        .bind(before.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// The newest mail first.
pub async fn newest(storage: &Storage, limit: u16) -> Result<Vec<Mail>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM mail_outbox ORDER BY created_at DESC, id DESC LIMIT {limit}"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(storage.pool());
    Ok(readable(&rows.await?))
}
