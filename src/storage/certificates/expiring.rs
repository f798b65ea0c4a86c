//! Which certificates expire when: how many, and the first few.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use sqlx::{AssertSqlSafe, Row as _};

use super::COLUMNS;
use crate::domain::certificate::Certificate;
use crate::domain::holder::Kind;
use crate::domain::millis::{DAY_MILLIS, Millis};
use crate::storage::conditions::{Bound, fetch};
use crate::storage::row::readable;
use crate::storage::{Storage, StorageError};

/// Times outside hold no certificate: the beginning of a day.
const LAST: i64 = 100_000_000 * DAY_MILLIS;

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
/// ones: those of whole days are known, and only what is between the ends of a range and
/// the nearest midnight is counted.
pub async fn count_expiring(
    storage: &Storage,
    owner_id: &str,
    kinds: Kinds,
    ranges: &[Range<Millis>],
) -> Result<Vec<i64>, StorageError> {
    const ROWS: &str = "COUNT(*) FROM certificates WHERE owner_id = ? \
        AND replaced_by IS NULL AND not_after >= ? AND not_after < ?";
    const DAYS: &str = "CAST(COALESCE(SUM(number), 0) AS BIGINT) FROM certificate_days \
        WHERE owner_id = ? AND day >= ? AND day < ?";
    let (of_kind, kind) = kinds.condition();
    let (mut counts, mut values) = (Vec::new(), Vec::new());
    let mut add = |what: &str, from: i64, to: i64| {
        values.push(Bound::Text(owner_id.to_owned()));
        values.extend([from, to].map(Bound::Number));
        values.extend(kind.map(|kind| Bound::Text(kind.to_string())));
        counts.push(format!("(SELECT {what}{of_kind})"));
    };
    let ends = |range: &Range<Millis>| {
        let from = range.start.0.clamp(0, LAST);
        [from, range.end.0.clamp(from, LAST)]
    };
    for [from, to] in ranges.iter().map(ends) {
        add(DAYS, nearest_day(from), nearest_day(to));
    }
    // Neighbours share an end.
    let between: BTreeSet<i64> = ranges.iter().flat_map(ends).collect();
    for at in &between {
        let midnight = nearest_day(*at) * DAY_MILLIS;
        add(ROWS, midnight.min(*at), midnight.max(*at));
    }
    let sql = format!("SELECT {}", counts.join(", "));
    let rows = fetch(storage, &sql, &values).await?;
    let Some(row) = rows.first() else {
        return Ok(Vec::new());
    };
    let mut beyond = BTreeMap::new();
    for (number, at) in between.into_iter().enumerate() {
        let rows: i64 = row.try_get(ranges.len() + number)?;
        let is_behind = at > nearest_day(at) * DAY_MILLIS;
        beyond.insert(at, if is_behind { rows } else { -rows });
    }
    let of = |at: i64| beyond.get(&at).copied().unwrap_or_default();
    (ranges.iter().map(ends).enumerate())
        .map(|(number, [from, to])| Ok(row.try_get::<i64, _>(number)? + of(to) - of(from)))
        .collect()
}

/// The day whose beginning is nearest.
const fn nearest_day(at: i64) -> i64 {
    (at + DAY_MILLIS / 2) / DAY_MILLIS
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
