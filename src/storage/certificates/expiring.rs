//! Which certificates expire when: bounded counts, and the first few. Both read
//! only the index of current certificates.

use std::ops::Range;

use sqlx::{AssertSqlSafe, Row};

use super::COLUMNS;
use crate::domain::certificate::Certificate;
use crate::domain::holder::Kind;
use crate::domain::millis::Millis;
use crate::storage::row::readable;
use crate::storage::{Storage, StorageError};

/// How many of `owner_id`'s certificates expire in each of these ranges,
/// without replaced ones; counting stops at `at_most`.
pub async fn count_expiring(
    storage: &Storage,
    owner_id: &str,
    ranges: &[Range<Millis>],
    at_most: i64,
) -> Result<Vec<i64>, StorageError> {
    let counts: Vec<String> = (0..ranges.len())
        .map(|at| {
            format!(
                "(SELECT COUNT(*) FROM (SELECT 1 FROM certificates WHERE owner_id = $1 \
                 AND replaced_by IS NULL AND not_after >= ${} AND not_after < ${} \
                 LIMIT {at_most}) c{at})",
                2 * at + 2,
                2 * at + 3
            )
        })
        .collect();
    let sql = format!("SELECT {}", counts.join(", "));
    let mut query = sqlx::query(AssertSqlSafe(sql)).bind(owner_id.to_owned());
    for range in ranges {
        query = query.bind(range.start.0).bind(range.end.0);
    }
    let row = query.fetch_one(storage.pool()).await?;
    let count = |at| Ok(row.try_get(at)?);
    (0..ranges.len()).map(count).collect()
}

/// How many of them in one range can be renewed: seals cannot. Counting stops at
/// `at_most`.
pub async fn count_renewable(
    storage: &Storage,
    owner_id: &str,
    range: Range<Millis>,
    at_most: usize,
) -> Result<usize, StorageError> {
    let sql = format!(
        "SELECT COUNT(*) FROM (SELECT 1 FROM certificates WHERE owner_id = $1 \
         AND replaced_by IS NULL AND not_after >= $2 AND not_after < $3 \
         AND (kind IS NULL OR kind <> $4) LIMIT {at_most}) counted"
    );
    let count: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(owner_id.to_owned())
        .bind(range.start.0)
        .bind(range.end.0)
        .bind(Kind::Seal.as_str())
        .fetch_one(storage.pool())
        .await?;
    Ok(usize::try_from(count).unwrap_or(at_most))
}

/// `owner_id`'s certificates that have not been replaced and expire in this
/// range, in order of expiry.
pub async fn expiring(
    storage: &Storage,
    owner_id: &str,
    range: Range<Millis>,
    limit: u16,
) -> Result<Vec<Certificate>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM certificates WHERE owner_id = $1 AND replaced_by IS NULL \
         AND not_after >= $2 AND not_after < $3 ORDER BY not_after LIMIT {limit}"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(owner_id.to_owned())
        .bind(range.start.0)
        .bind(range.end.0)
        .fetch_all(storage.pool())
        .await?;
    Ok(readable(&rows))
}
