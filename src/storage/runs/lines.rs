//! The lines of a run, and which of them are left to be worked on.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::lease::Held;
use crate::domain::answers::Answers;
use crate::domain::millis::Millis;
use crate::domain::run::RunLine;
use crate::storage::row::{Fields, FromRow, readable};
use crate::storage::{Storage, StorageError};

pub(super) const COLUMNS: &str =
    "run_id, thumbprint, answers, holder, issuance_id, state, skip, position";

impl FromRow for RunLine {
    fn from_row(row: &AnyRow) -> Result<Self, StorageError> {
        let fields = Fields::new(row, "run_lines", "run_id");
        Ok(Self {
            position: fields.integer("position")?,
            thumbprint: fields.parsed_or_null("thumbprint")?,
            answers: fields.json_or_null("answers")?,
            holder: fields.text("holder")?,
            issuance_id: fields.text("issuance_id")?,
            state: fields.parsed("state")?,
            skip: fields.parsed_or_null("skip")?,
        })
    }
}

/// So many lines are written by one statement: a file has up to 1,000.
pub(super) const AT_ONCE: usize = 50;

/// Rows of `width` values each, all bound behind `$1`; each row begins with `before`.
pub(super) fn rows(before: &str, count: usize, width: usize) -> String {
    let row = |at: usize| {
        let first = at * width + 2;
        let values: Vec<_> = (first..first + width).map(|n| format!("${n}")).collect();
        format!("({before}{})", values.join(", "))
    };
    let rows: Vec<_> = (0..count).map(row).collect();
    rows.join(", ")
}

pub(super) async fn insert(
    conn: &mut AnyConnection,
    run_id: &str,
    lines: &[RunLine],
) -> Result<(), StorageError> {
    for some in lines.chunks(AT_ONCE) {
        let sql = format!(
            "INSERT INTO run_lines ({COLUMNS}) VALUES {}",
            rows("$1, ", some.len(), 7)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(run_id);
        for line in some {
            query = query
                .bind(line.thumbprint.as_ref().map(ToString::to_string))
                .bind(line.answers.as_ref().map(Answers::to_json))
                .bind(&line.holder)
                .bind(&line.issuance_id)
                .bind(line.state.as_str())
                .bind(line.skip.map(|skip| skip.as_str()))
                .bind(line.position);
        }
        query.execute(&mut *conn).await?;
    }
    Ok(())
}

/// All lines, in order.
pub async fn lines(storage: &Storage, run_id: &str) -> Result<Vec<RunLine>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM run_lines WHERE run_id = $1 ORDER BY position");
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(run_id)
        .fetch_all(storage.pool())
        .await?;
    Ok(readable(&rows))
}

/// The first lines that wait to be ordered, if the run is being worked on under this lease.
pub async fn waiting(
    storage: &Storage,
    run: &Held,
    limit: usize,
) -> Result<Vec<RunLine>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM run_lines WHERE run_id = $1 AND state = 'waiting' \
         AND EXISTS (SELECT 1 FROM runs WHERE id = $1 AND state = 'working' \
         AND lease_holder = $2) ORDER BY position LIMIT {limit}"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(&run.run_id)
        .bind(&run.holder)
        .fetch_all(storage.pool())
        .await?;
    Ok(readable(&rows))
}

/// How many lines wait to be ordered, or to be gone on with.
pub async fn left(storage: &Storage, run_id: &str) -> Result<usize, StorageError> {
    let sql = "SELECT COUNT(*) FROM run_lines WHERE run_id = $1 AND state = 'waiting'";
    let count = sqlx::query_scalar(sql).bind(run_id);
    let count: i64 = count.fetch_one(storage.pool()).await?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Puts lines back among those that wait: what their last call asked for was not sent, or
/// whoever worked on them is gone between two calls. What Redtrust refused stays.
pub async fn requeue(
    conn: &mut AnyConnection,
    run: &Held,
    now: Millis,
) -> Result<u64, StorageError> {
    let done = sqlx::query(
        "UPDATE run_lines SET state = 'waiting' WHERE run_id = $1 AND state = 'begun' \
         AND EXISTS (SELECT 1 FROM runs WHERE id = $1 AND state = 'working' AND lease_holder = $2) \
         AND issuance_id IN (SELECT id FROM issuances WHERE lease_until <= $3 \
         AND ((state IN ('draft', 'key_created') \
         AND reason IN ('unreachable', 'untrusted', 'busy', 'sign_in_again')) \
         OR (state = 'key_created' AND reason IS NULL)))",
    )
    .bind(&run.run_id)
    .bind(&run.holder)
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// How many of the lines have a call in progress.
pub async fn in_work(storage: &Storage, run_id: &str) -> Result<i64, StorageError> {
    let sql = "SELECT COUNT(*) FROM run_lines l JOIN issuances i ON i.id = l.issuance_id \
        WHERE l.run_id = $1 AND l.state = 'begun' \
        AND i.state IN ('creating', 'key_created', 'finalizing') \
        AND (i.state <> 'key_created' OR i.reason IS NULL)";
    let count = sqlx::query_scalar(sql).bind(run_id);
    Ok(count.fetch_one(storage.pool()).await?)
}

/// Whether an issuance was ordered as a line of a run.
pub async fn is_line(conn: &mut AnyConnection, issuance_id: &str) -> Result<bool, StorageError> {
    let sql = "SELECT run_id FROM run_lines WHERE issuance_id = $1 LIMIT 1";
    let run: Option<String> = sqlx::query_scalar(sql)
        .bind(issuance_id.to_owned())
        .fetch_optional(conn)
        .await?;
    Ok(run.is_some())
}
