//! What speaks against the lines of a run before it is confirmed: read for all of them at
//! once, since there may be a thousand.

use std::collections::BTreeSet;

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};

use crate::domain::millis::Millis;
use crate::domain::run::Run;
use crate::storage::{Storage, StorageError};

/// Thumbprints and names that are taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conflicts {
    /// Certificates that a submitted renewal is about.
    pub under_way: BTreeSet<String>,
    /// Certificates that wait in another run of this owner.
    pub in_runs: BTreeSet<String>,
    /// Holders who have a valid certificate, or a request that is not over, of this owner.
    pub holders: BTreeSet<String>,
}

pub async fn conflicts(
    storage: &Storage,
    run: &Run,
    now: Millis,
) -> Result<Conflicts, StorageError> {
    let mine = "(SELECT thumbprint FROM run_lines WHERE run_id = $2 AND thumbprint IS NOT NULL)";
    let under_way = format!(
        "SELECT renews FROM issuances WHERE connection_id = $1 AND renews IN {mine} \
         AND state IN ('creating', 'key_created', 'finalizing', 'unknown')"
    );
    let in_runs = format!(
        "SELECT l.thumbprint FROM run_lines l JOIN runs r ON r.id = l.run_id \
         WHERE r.owner_id = $1 AND r.id <> $2 AND r.state IN ('working', 'paused') \
         AND l.state = 'waiting' AND l.thumbprint IN {mine}"
    );
    let names = "(SELECT holder FROM run_lines WHERE run_id = $2 AND thumbprint IS NULL)";
    let valid = format!(
        "SELECT holder FROM certificates WHERE owner_id = $1 AND replaced_by IS NULL \
         AND not_after > $3 AND holder IN {names}"
    );
    let asked = format!(
        "SELECT holder FROM issuances WHERE owner_id = $1 AND holder IN {names} \
         AND submitted_at <= $3 AND state IN ('creating', 'key_created', 'finalizing', 'unknown')"
    );
    let mut holders = texts(storage, valid, &run.owner_id, run, Some(now)).await?;
    holders.extend(texts(storage, asked, &run.owner_id, run, Some(now)).await?);
    Ok(Conflicts {
        under_way: texts(storage, under_way, &run.connection_id, run, None).await?,
        in_runs: texts(storage, in_runs, &run.owner_id, run, None).await?,
        holders,
    })
}

async fn texts(
    storage: &Storage,
    sql: String,
    first: &str,
    run: &Run,
    now: Option<Millis>,
) -> Result<BTreeSet<String>, StorageError> {
    let mut query = sqlx::query(AssertSqlSafe(sql))
        .bind(first.to_owned())
        .bind(run.id.clone());
    if let Some(now) = now {
        query = query.bind(now.0);
    }
    let rows = query.fetch_all(storage.pool()).await?;
    let text = |row: &AnyRow| row.try_get::<String, _>(0);
    Ok(rows.iter().map(text).collect::<Result<_, _>>()?)
}
