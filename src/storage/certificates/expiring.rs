//! Which certificates expire when: how many, and the first few.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use sqlx::{AssertSqlSafe, Row as _};

use super::COLUMNS;
use super::summary::SHOWN;
use crate::domain::certificate::{Certificate, Summary};
use crate::domain::holder::Kind;
use crate::domain::millis::{DAY_MILLIS, Millis};
use crate::storage::conditions::{Bound, fetch, plan};
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

/// The sums over all kinds, in the column of the kind.
const ALL_KINDS: &str = "all";

impl Kinds {
    /// The condition on certificates, and the kind that it binds.
    const fn condition(self) -> (&'static str, Option<Kind>) {
        match self {
            Self::All => ("", None),
            Self::Only(kind) => (" AND kind = ?", Some(kind)),
            Self::AllBut(kind) => (" AND COALESCE(kind, '') <> ?", Some(kind)),
        }
    }

    /// The sums of days of which they are the first less the others.
    fn sums(self) -> Vec<String> {
        match self {
            Self::All => vec![ALL_KINDS.to_owned()],
            Self::Only(kind) => vec![kind.to_string()],
            Self::AllBut(kind) => vec![ALL_KINDS.to_owned(), kind.to_string()],
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
    let ends = |range: &Range<Millis>| {
        let from = range.start.0.clamp(0, LAST);
        [from, range.end.0.clamp(from, LAST)]
    };
    // Neighbours share an end, and ranges may overlap: each day is added up once.
    let pieces: Vec<i64> = (ranges.iter().flat_map(ends))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    if pieces.is_empty() {
        return Ok(vec![0; ranges.len()]);
    }
    let (sql, values) = sums(owner_id, kinds, &pieces);
    // How many expire before an end, counted from the first one.
    let mut before = BTreeMap::new();
    for row in fetch(storage, &sql, &values).await? {
        let (at, days, rows): (i64, i64, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        before.insert(at, (days, rows));
    }
    let mut days = 0;
    for (at, (sum, rows)) in &mut before {
        let is_behind = *at > nearest_day(*at) * DAY_MILLIS;
        (*sum, days) = (days, days + *sum);
        *sum += if is_behind { *rows } else { -*rows };
    }
    let of = |at: i64| before.get(&at).map_or(0, |(sum, _)| *sum);
    let count = |[from, to]: [i64; 2]| of(to) - of(from);
    Ok(ranges.iter().map(ends).map(count).collect())
}

/// A row for each of these ends: what it is, how many expire on the days from the nearest
/// midnight to that of the next end, and how many between it and its nearest midnight.
fn sums(owner_id: &str, kinds: Kinds, pieces: &[i64]) -> (String, Vec<Bound>) {
    const DAYS: &str = "(SELECT CAST(COALESCE(SUM(number), 0) AS BIGINT) FROM certificate_days \
        WHERE owner_id = ? AND kind = ? AND day >= first_day AND day < next_day)";
    const ROWS: &str = "(SELECT COUNT(*) FROM certificates WHERE owner_id = ? \
        AND replaced_by IS NULL AND not_after >= low AND not_after < high";
    let mut values = Vec::new();
    let next = pieces.iter().skip(1).chain(pieces.last());
    for (at, next) in pieces.iter().zip(next) {
        let midnight = nearest_day(*at) * DAY_MILLIS;
        let days = [nearest_day(*at), nearest_day(*next)];
        let between = [midnight.min(*at), midnight.max(*at)];
        let row = std::iter::once(*at).chain(days).chain(between);
        values.extend(row.map(Bound::Number));
    }
    let owner = || Bound::Text(owner_id.to_owned());
    let (of_kind, kind) = kinds.condition();
    let sums = kinds.sums();
    let days = vec![DAYS; sums.len()].join(" - ");
    values.extend(sums.into_iter().flat_map(|sum| [owner(), Bound::Text(sum)]));
    values.push(owner());
    values.extend(kind.map(|kind| Bound::Text(kind.to_string())));
    let sql = format!(
        "WITH pieces (at, first_day, next_day, low, high) AS (VALUES {}) \
         SELECT at, {days}, CASE WHEN low < high THEN {ROWS}{of_kind}) ELSE 0 END FROM pieces",
        vec!["(?, ?, ?, ?, ?)"; pieces.len()].join(", ")
    );
    (sql, values)
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
    expiring_behind(storage, owner_id, (range.start, ""), range.end, limit).await
}

/// Those behind this date and id that expire before `end`.
pub async fn expiring_behind(
    storage: &Storage,
    owner_id: &str,
    (not_after, id): (Millis, &str),
    end: Millis,
    limit: u16,
) -> Result<Vec<Certificate>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM certificates WHERE owner_id = $1 AND replaced_by IS NULL \
         AND (not_after, id) > ($2, $3) AND not_after < $4 ORDER BY not_after, id LIMIT {limit}"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(owner_id.to_owned())
        .bind(not_after.0)
        .bind(id.to_owned())
        .bind(end.0)
        .fetch_all(storage.pool())
        .await?;
    Ok(readable(&rows))
}

/// The first `most` of `owner_id`'s certificates to expire after `now`: first those that can
/// be renewed, then seals.
pub async fn renewable(
    storage: &Storage,
    owner_id: &str,
    now: Millis,
    most: usize,
) -> Result<Vec<Certificate>, StorageError> {
    let (sql, values) = first_of_kinds(owner_id, now, most);
    Ok(readable(&fetch(storage, &sql, &values).await?))
}

/// How the database would look for them.
pub async fn renewable_plan(
    storage: &Storage,
    owner_id: &str,
    now: Millis,
) -> Result<String, StorageError> {
    let (sql, values) = first_of_kinds(owner_id, now, 10);
    plan(storage, &sql, &values).await
}

/// Asks for the first of each kind: there may be many of one kind. The kinds stand in the
/// text, so that PostgreSQL knows how rare each is: it would walk through all others to one
/// that is not there.
fn first_of_kinds(owner_id: &str, now: Millis, most: usize) -> (String, Vec<Bound>) {
    let kinds = Kind::ALL.iter().map(Some).chain([None]);
    let (mut parts, mut values) = (Vec::new(), Vec::new());
    for (number, kind) in kinds.enumerate() {
        let is_kind = kind.map_or("IS NULL".to_owned(), |kind| format!("= '{kind}'"));
        parts.push(format!(
            "SELECT * FROM (SELECT {COLUMNS} FROM certificates WHERE owner_id = ? \
             AND replaced_by IS NULL AND kind {is_kind} AND not_after > ? \
             ORDER BY not_after, id LIMIT {most}) part{number}"
        ));
        values.extend([Bound::Text(owner_id.to_owned()), Bound::Number(now.0)]);
    }
    let sql = format!(
        "SELECT * FROM ({}) found ORDER BY CASE WHEN kind = ? THEN 1 ELSE 0 END, not_after, id \
         LIMIT {most}",
        parts.join(" UNION ALL ")
    );
    values.push(Bound::Text(Kind::Seal.to_string()));
    (sql, values)
}

/// Of each of these ranges, which do not overlap, the first `limit` that [`expiring`] has.
pub async fn first_expiring(
    storage: &Storage,
    owner_id: &str,
    ranges: &[Range<Millis>],
    limit: u16,
) -> Result<Vec<Vec<Summary>>, StorageError> {
    let (mut parts, mut values) = (Vec::new(), Vec::new());
    for (number, range) in ranges.iter().enumerate() {
        parts.push(format!(
            "SELECT * FROM (SELECT {SHOWN} FROM certificates WHERE owner_id = ? \
             AND replaced_by IS NULL AND not_after >= ? AND not_after < ? \
             ORDER BY not_after LIMIT {limit}) part{number}"
        ));
        values.push(Bound::Text(owner_id.to_owned()));
        values.extend([range.start.0, range.end.0].map(Bound::Number));
    }
    let mut found: Vec<Summary> = match parts.is_empty() {
        true => Vec::new(),
        false => readable(&fetch(storage, &parts.join(" UNION ALL "), &values).await?),
    };
    found.sort_by_key(|one| one.validity.not_after());
    let mut found = found.into_iter().peekable();
    let mut of = |range: &Range<Millis>| {
        std::iter::from_fn(|| found.next_if(|one| range.contains(&one.validity.not_after())))
            .collect()
    };
    Ok(ranges.iter().map(&mut of).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_many_ranges_there_are_the_days_are_added_up_in_one_place() {
        let ends: Vec<i64> = (0..17).map(|month| month * 30 * DAY_MILLIS).collect();
        for (kinds, sums_of_days) in [
            (Kinds::All, 1),
            (Kinds::Only(Kind::Seal), 1),
            (Kinds::AllBut(Kind::Seal), 2),
        ] {
            let (sql, values) = sums("owner", kinds, &ends);
            assert_eq!(sql.matches("FROM certificate_days").count(), sums_of_days);
            assert_eq!(sql.matches("FROM certificates").count(), 1);
            assert_eq!(sql.matches('?').count(), values.len());
        }
    }
}
