//! Which certificates expire when: how many, and the first few.

use std::ops::Range;

use sqlx::{AssertSqlSafe, Row};

use super::COLUMNS;
use crate::domain::certificate::Certificate;
use crate::domain::holder::Kind;
use crate::domain::millis::Millis;
use crate::storage::row::readable;
use crate::storage::{Storage, StorageError};

const DAY: i64 = 24 * 3600 * 1000;

/// Times outside hold no certificate.
const LAST: i64 = 1 << 53;

/// How many of `owner_id`'s certificates expire in each of these ranges, without replaced
/// ones: those of whole days are known, and only what is in the first and the last day of
/// a range is counted.
pub async fn count_expiring(
    storage: &Storage,
    owner_id: &str,
    ranges: &[Range<Millis>],
) -> Result<Vec<i64>, StorageError> {
    let (mut counts, mut values) = (Vec::new(), Vec::new());
    let mut counted = |from: i64, to: i64| {
        values.extend([from, to]);
        let last = values.len() + 1;
        format!(
            "(SELECT COUNT(*) FROM certificates WHERE owner_id = $1 AND replaced_by IS NULL \
             AND not_after >= ${} AND not_after < ${last})",
            last - 1
        )
    };
    for range in ranges {
        let (from, to) = (range.start.0.clamp(0, LAST), range.end.0.clamp(0, LAST));
        let (first, last) = (from / DAY, to / DAY);
        if first == last {
            counts.push(counted(from, to));
            continue;
        }
        let ends = [counted(from, (first + 1) * DAY), counted(last * DAY, to)];
        counts.push(format!(
            "{} + (SELECT CAST(COALESCE(SUM(number), 0) AS BIGINT) FROM certificate_days \
             WHERE owner_id = $1 AND day > {first} AND day < {last})",
            ends.join(" + ")
        ));
    }
    let sql = format!("SELECT {}", counts.join(", "));
    let mut query = sqlx::query(AssertSqlSafe(sql)).bind(owner_id.to_owned());
    for value in values {
        query = query.bind(value);
    }
    let row = query.fetch_one(storage.pool()).await?;
    let count = |at| Ok(row.try_get(at)?);
    (0..ranges.len()).map(count).collect()
}

/// How many of them in one range can be renewed: seals cannot.
pub async fn count_renewable(
    storage: &Storage,
    owner_id: &str,
    range: Range<Millis>,
) -> Result<usize, StorageError> {
    let all = count_expiring(storage, owner_id, std::slice::from_ref(&range)).await?;
    let seals: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM certificates WHERE owner_id = $1 AND replaced_by IS NULL \
         AND kind = $2 AND not_after >= $3 AND not_after < $4",
    )
    .bind(owner_id.to_owned())
    .bind(Kind::Seal.as_str())
    .bind(range.start.0)
    .bind(range.end.0)
    .fetch_one(storage.pool())
    .await?;
    Ok(usize::try_from(all.iter().sum::<i64>() - seals).unwrap_or(0))
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
