//! What speaks against the lines of a run before it is confirmed: read for all of them at
//! once, since there may be a thousand.

use std::collections::BTreeSet;

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};

use super::lines::COLUMNS;
use crate::domain::run::{MOST_LINES, Run, RunLine};
use crate::storage::row::{Fields, FromRow, readable};
use crate::storage::{Storage, StorageError};

/// Thumbprints that are taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conflicts {
    /// Certificates that a submitted renewal of this owner is about.
    pub under_way: BTreeSet<String>,
    /// Certificates that wait in another run of this owner.
    pub in_runs: BTreeSet<String>,
}

pub async fn conflicts(storage: &Storage, run: &Run) -> Result<Conflicts, StorageError> {
    let mine = "(SELECT thumbprint FROM run_lines WHERE run_id = $2 AND thumbprint IS NOT NULL)";
    let under_way = format!(
        "SELECT renews FROM issuances WHERE owner_id = $1 AND renews IN {mine} \
         AND state IN ('creating', 'key_created', 'finalizing', 'unknown')"
    );
    let in_runs = format!(
        "SELECT l.thumbprint FROM run_lines l JOIN runs r ON r.id = l.run_id \
         WHERE r.owner_id = $1 AND r.id <> $2 AND r.state IN ('working', 'paused') \
         AND l.state = 'waiting' AND l.thumbprint IN {mine}"
    );
    Ok(Conflicts {
        under_way: texts(storage, under_way, &run.owner_id, run).await?,
        in_runs: texts(storage, in_runs, &run.owner_id, run).await?,
    })
}

async fn texts(
    storage: &Storage,
    sql: String,
    first: &str,
    run: &Run,
) -> Result<BTreeSet<String>, StorageError> {
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(first.to_owned())
        .bind(run.id.clone())
        .fetch_all(storage.pool())
        .await?;
    let text = |row: &AnyRow| row.try_get::<String, _>(0);
    Ok(rows.iter().map(text).collect::<Result<_, _>>()?)
}

/// A line, and the run it is of.
struct OfRun(String, RunLine);

impl FromRow for OfRun {
    fn from_row(row: &AnyRow) -> Result<Self, StorageError> {
        let run = Fields::new(row, "run_lines", "run_id").into_id();
        Ok(Self(run, RunLine::from_row(row)?))
    }
}

/// The holders of files whose lines wait in runs of this owner that are not over, each with
/// the id of its run; those of the newest runs, as many as so many `whole` ones have. Once a
/// line is ordered, its issuance is found instead.
pub async fn waiting_holders(
    storage: &Storage,
    owner_id: &str,
    whole: usize,
) -> Result<Vec<(String, RunLine)>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM run_lines WHERE state = 'waiting' AND answers IS NOT NULL \
         AND run_id IN (SELECT id FROM runs WHERE owner_id = $1 \
         AND state IN ('working', 'paused')) ORDER BY run_id DESC, position LIMIT {}",
        whole * MOST_LINES
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(owner_id)
        .fetch_all(storage.pool())
        .await?;
    let lines = readable(&rows).into_iter();
    Ok(lines.map(|OfRun(run, line)| (run, line)).collect())
}
