//! Runs: many issuances ordered with one confirmation. What became of a line is read from
//! the issuance that was made from it.

mod change;
mod conflicts;
mod lease;
mod lines;
mod named;
mod story;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::row::{Fields, FromRow, readable};
use super::{Storage, StorageError};
use crate::domain::run::{Run, RunLine, RunState};

pub use change::{Repeat, Restart, confirm, pause, purge, restart, stop, to_repeat};
pub use conflicts::{Conflicts, conflicts, waiting_holders};
pub use lease::{Held, HeldLine, claim, claimable, extend, finish, hold, leave_out, release, took};
pub use lines::{in_work, is_line, left, lines, requeue, waiting};
pub use named::{Named, named};
pub use story::{Tally, Told, tally, told};

const COLUMNS: &str = "id, owner_id, connection_id, sign_in_id, kind, state, hold, source, \
    request_id, ignored, created_at, updated_at, ended_at";

impl FromRow for Run {
    fn from_row(row: &AnyRow) -> Result<Self, StorageError> {
        let fields = Fields::new(row, "runs", "id");
        Ok(Self {
            id: fields.id().to_owned(),
            owner_id: fields.text("owner_id")?,
            connection_id: fields.text("connection_id")?,
            sign_in_id: fields.text("sign_in_id")?,
            kind: fields.parsed("kind")?,
            state: fields.parsed("state")?,
            hold: fields.parsed_or_null("hold")?,
            source: fields.text("source")?,
            request_id: fields.text("request_id")?,
            ignored: fields.text("ignored")?,
            created_at: fields.millis("created_at")?,
            updated_at: fields.millis("updated_at")?,
            ended_at: fields.millis_or_null("ended_at")?,
        })
    }
}

/// How many runs that nobody confirmed are kept per owner.
const UNCONFIRMED: i64 = 5;

/// Stores a run that its owner has yet to confirm, and deletes the oldest of those that
/// they never did.
pub async fn insert(
    conn: &mut AnyConnection,
    run: &Run,
    lines: &[RunLine],
) -> Result<(), StorageError> {
    let sql = format!(
        "SELECT id FROM runs WHERE owner_id = $1 AND state = $2 \
         ORDER BY created_at DESC, id DESC LIMIT 100 OFFSET {}",
        UNCONFIRMED - 1
    );
    let old: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(&run.owner_id)
        .bind(RunState::Check.as_str())
        .fetch_all(&mut *conn)
        .await?;
    for id in &old {
        change::delete(conn, id, RunState::Check.as_str()).await?;
    }
    sqlx::query(
        "INSERT INTO runs (id, owner_id, connection_id, sign_in_id, kind, state, source, \
         request_id, ignored, lease_until, version, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 1, $10, $10)",
    )
    .bind(&run.id)
    .bind(&run.owner_id)
    .bind(&run.connection_id)
    .bind(&run.sign_in_id)
    .bind(run.kind.as_str())
    .bind(run.state.as_str())
    .bind(&run.source)
    .bind(&run.request_id)
    .bind(&run.ignored)
    .bind(run.created_at.0)
    .execute(&mut *conn)
    .await?;
    lines::insert(conn, &run.id, lines).await
}

/// The run with this id, of any owner.
pub async fn by_id(storage: &Storage, id: &str) -> Result<Option<Run>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM runs WHERE id = $1");
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(id)
        .fetch_optional(storage.pool())
        .await?;
    row.as_ref().map(Run::from_row).transpose()
}

/// How many runs an owner has confirmed.
pub async fn count(storage: &Storage, owner_id: &str) -> Result<usize, StorageError> {
    let sql = "SELECT COUNT(*) FROM runs WHERE owner_id = $1 AND state <> $2";
    let count: i64 = sqlx::query_scalar(sql)
        .bind(owner_id)
        .bind(RunState::Check.as_str())
        .fetch_one(storage.pool())
        .await?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Some of them, newest first.
pub async fn of_owner(
    storage: &Storage,
    owner_id: &str,
    skip: usize,
    limit: usize,
) -> Result<Vec<Run>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM runs WHERE owner_id = $1 AND state <> $2 \
         ORDER BY created_at DESC, id DESC LIMIT {limit} OFFSET {skip}"
    );
    beside_check(storage, owner_id, sql).await
}

/// The runs of an owner that wait to be confirmed, newest first.
pub async fn unconfirmed(storage: &Storage, owner_id: &str) -> Result<Vec<Run>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM runs WHERE owner_id = $1 AND state = $2 \
         ORDER BY created_at DESC, id DESC LIMIT {UNCONFIRMED}"
    );
    beside_check(storage, owner_id, sql).await
}

/// Runs of the owner `$1`, whose state is compared with `$2`, that of unconfirmed ones.
async fn beside_check(
    storage: &Storage,
    owner_id: &str,
    sql: String,
) -> Result<Vec<Run>, StorageError> {
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(owner_id)
        .bind(RunState::Check.as_str())
        .fetch_all(storage.pool())
        .await?;
    Ok(readable(&rows))
}

/// How many runs of an owner are worked on besides this one. It stays so until the
/// transaction ends, if all that start a run ask this first.
pub async fn working_besides(
    conn: &mut AnyConnection,
    owner_id: &str,
    id: &str,
) -> Result<i64, StorageError> {
    sqlx::query("UPDATE owners SET created_at = created_at WHERE id = $1")
        .bind(owner_id)
        .execute(&mut *conn)
        .await?;
    let sql = "SELECT COUNT(*) FROM runs WHERE owner_id = $1 AND state = $2 AND id <> $3";
    let count = sqlx::query_scalar(sql)
        .bind(owner_id)
        .bind(RunState::Working.as_str())
        .bind(id)
        .fetch_one(conn)
        .await?;
    Ok(count)
}

/// The runs of an owner that are not over, newest first, at most `limit`.
pub async fn open_of(
    storage: &Storage,
    owner_id: &str,
    limit: usize,
) -> Result<Vec<Run>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM runs WHERE owner_id = $1 AND state IN ('working', 'paused') \
         ORDER BY created_at DESC, id DESC LIMIT {limit}"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(owner_id)
        .fetch_all(storage.pool())
        .await?;
    Ok(readable(&rows))
}
