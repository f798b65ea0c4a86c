//! Which certificates expire when: how many, and the first few.

use std::ops::Range;

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};

use super::COLUMNS;
use crate::domain::certificate::Certificate;
use crate::domain::holder::Kind;
use crate::domain::millis::{DAY_MILLIS, Millis};
use crate::storage::conditions::{Bound, fetch};
use crate::storage::row::readable;
use crate::storage::{Storage, StorageError};

/// Times outside hold no certificate.
const LAST: i64 = 1 << 53;

/// Which kinds are counted.
#[derive(Debug, Clone, Copy)]
pub enum Kinds {
    All,
    Only(Kind),
    AllBut(Kind),
}

impl Kinds {
    /// The condition, and the kind that it binds.
    const fn condition(self) -> (&'static str, Option<Kind>) {
        match self {
            Self::All => ("", None),
            Self::Only(kind) => (" AND kind = ?", Some(kind)),
            Self::AllBut(kind) => (" AND COALESCE(kind, '') <> ?", Some(kind)),
        }
    }
}

/// How many of `owner_id`'s certificates expire in each of these ranges, without replaced
/// ones: those of whole days are known, and only what is in the first and the last day of
/// a range is counted.
pub async fn count_expiring(
    storage: &Storage,
    owner_id: &str,
    kinds: Kinds,
    ranges: &[Range<Millis>],
) -> Result<Vec<i64>, StorageError> {
    let (of_kind, kind) = kinds.condition();
    let (mut counts, mut values) = (Vec::new(), Vec::new());
    let mut add = |what: &str, from: i64, to: i64| {
        values.push(Bound::Text(owner_id.to_owned()));
        values.extend([from, to].map(Bound::Number));
        values.extend(kind.map(|kind| Bound::Text(kind.to_string())));
        format!("(SELECT {what}{of_kind})")
    };
    const ROWS: &str = "COUNT(*) FROM certificates WHERE owner_id = ? \
        AND replaced_by IS NULL AND not_after >= ? AND not_after < ?";
    const DAYS: &str = "CAST(COALESCE(SUM(number), 0) AS BIGINT) FROM certificate_days \
        WHERE owner_id = ? AND day > ? AND day < ?";
    for range in ranges {
        let (from, to) = (range.start.0.clamp(0, LAST), range.end.0.clamp(0, LAST));
        let (first, last) = (from / DAY_MILLIS, to / DAY_MILLIS);
        if first == last {
            counts.push(add(ROWS, from, to));
            continue;
        }
        let parts = [
            add(ROWS, from, (first + 1) * DAY_MILLIS),
            add(ROWS, last * DAY_MILLIS, to),
            add(DAYS, first, last),
        ];
        counts.push(parts.join(" + "));
    }
    let sql = format!("SELECT {}", counts.join(", "));
    let rows = fetch(storage, &sql, &values).await?;
    let count = |row: &AnyRow, at| Ok(row.try_get(at)?);
    let row = rows.first().into_iter();
    row.flat_map(|row| (0..ranges.len()).map(|at| count(row, at)))
        .collect()
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
