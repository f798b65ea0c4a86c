//! Lists of issuances: the history with filters and keyset paging, and open
//! issuances for the dashboard and the reconciler.

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::by_holder::Place;
use super::row::COLUMNS;
use super::states::listed;
use crate::domain::holder::Kind;
use crate::domain::issuance::{Issuance, State};
use crate::domain::millis::Millis;
use crate::domain::thumbprint::Thumbprint;
use crate::storage::conditions::{Bound, Conditions};
use crate::storage::folded::fold;
use crate::storage::paging::cursor;
use crate::storage::row::readable;
use crate::storage::{Page, Storage, StorageError};

/// Filters on a person's own issuances.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub state: Option<State>,
    pub kind: Option<Kind>,
    /// Submitted at or after.
    pub from: Option<Millis>,
    pub to: Option<Millis>,
    /// A reference, a thumbprint, or the beginning of a word of the holder's
    /// name.
    pub search: Option<Search>,
}

/// What a search text can mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Search {
    /// Ten characters, exact.
    Reference(String),
    /// Upper-case hex, exact.
    Thumbprint(String),
    /// Beginning of a word; case and accents are ignored.
    Word(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortOrder {
    #[default]
    Newest,
    Oldest,
    /// By holder name; equal names oldest first.
    Holder,
}

/// One page of `owner_id`'s submitted issuances.
pub async fn list(
    storage: &Storage,
    owner_id: &str,
    filter: &Filter,
    order: SortOrder,
    after: Option<Vec<u8>>,
    size: u16,
) -> Result<Page<Issuance>, StorageError> {
    let place = match order {
        SortOrder::Holder => after.as_deref().and_then(Place::from_bytes),
        SortOrder::Newest | SortOrder::Oldest => None,
    };
    let bounds = bounds(filter, order, after);
    let mut conditions = conditions(storage, owner_id, filter, &bounds, "cursor").await?;
    let sorted_by = match order {
        SortOrder::Newest => "cursor DESC",
        SortOrder::Oldest => "cursor ASC",
        // Neither planner can estimate the number of matches. Up to RARE we sort:
        // this expression hides the column from the holder index. Beyond, we walk
        // the holder index: `COALESCE(cursor, cursor)` hides the column from the
        // date index.
        SortOrder::Holder if conditions.count(storage, "issuances", RARE + 1).await? <= RARE => {
            "COALESCE(holder_key, holder_key), cursor"
        }
        SortOrder::Holder => {
            let column = "COALESCE(cursor, cursor)";
            conditions = self::conditions(storage, owner_id, filter, &bounds, column).await?;
            "holder_key, cursor"
        }
    };
    if let Some(place) = place {
        let values = [Bound::Bytes(place.key), Bound::Bytes(place.cursor)];
        conditions.and("(holder_key, cursor) > (?, ?)", values);
    }
    fetch_page(storage, &conditions, sorted_by, size, |last| {
        next_after(last, order)
    })
    .await
}

/// The first issuances that meet the conditions; `next_after` makes the place of the
/// next page of the last of them.
pub(super) async fn fetch_page(
    storage: &Storage,
    conditions: &Conditions,
    sorted_by: &str,
    size: u16,
    next_after: impl FnOnce(&AnyRow) -> Result<Option<Vec<u8>>, StorageError>,
) -> Result<Page<Issuance>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS}, cursor, holder_key FROM issuances {} ORDER BY {sorted_by} LIMIT {}",
        conditions.sql(),
        u32::from(size) + 1
    );
    let found = conditions.fetch(storage, sql).await?;
    let size = usize::from(size);
    let rows: Vec<Issuance> = readable(found.iter().take(size));
    let next = match found.get(size.saturating_sub(1)) {
        Some(last) if found.len() > size => next_after(last)?,
        _ => None,
    };
    let broken = found.len().min(size) - rows.len();
    Ok(Page { rows, broken, next })
}

fn next_after(last: &AnyRow, order: SortOrder) -> Result<Option<Vec<u8>>, StorageError> {
    let cursor = last.try_get("cursor")?;
    Ok(match order {
        SortOrder::Newest | SortOrder::Oldest => Some(cursor),
        SortOrder::Holder => {
            let key = last.try_get("holder_key")?;
            Place { key, cursor }.to_bytes()
        }
    })
}

/// The conditions of the filter; `column` is how the cursor column is written
/// when compared with the bounds.
async fn conditions(
    storage: &Storage,
    owner_id: &str,
    filter: &Filter,
    bounds: &Bounds,
    column: &str,
) -> Result<Conditions, StorageError> {
    let mut conditions = Conditions::default();
    let owner = [Bound::Text(owner_id.to_owned())];
    conditions.and("owner_id = ? AND submitted_at IS NOT NULL", owner);
    add_bounds(&mut conditions, column, bounds);
    add_filter(&mut conditions, filter);
    if let Some(Search::Word(beginning)) = &filter.search {
        add_word(&mut conditions, storage, owner_id, fold(beginning)).await?;
    }
    Ok(conditions)
}

/// The range of cursors allowed by page and dates: includes the first, excludes
/// the second. A cursor starts with the time of submission.
type Bounds = (Option<Vec<u8>>, Option<Vec<u8>>);

fn bounds(filter: &Filter, order: SortOrder, after: Option<Vec<u8>>) -> Bounds {
    let from = filter.from.map(|from| cursor(from, ""));
    let to = filter.to.map(|to| cursor(to, ""));
    match (order, after) {
        (_, None) | (SortOrder::Holder, _) => (from, to),
        (SortOrder::Newest, Some(after)) => {
            let to = to.map_or_else(|| after.clone(), |to| to.min(after.clone()));
            (from, Some(to))
        }
        (SortOrder::Oldest, Some(mut after)) => {
            // The next byte string in sort order.
            after.push(0);
            (from.max(Some(after)), to)
        }
    }
}

fn add_bounds(conditions: &mut Conditions, column: &str, (from, to): &Bounds) {
    if let Some(from) = from {
        conditions.and(&format!("{column} >= ?"), [Bound::Bytes(from.clone())]);
    }
    if let Some(to) = to {
        conditions.and(&format!("{column} < ?"), [Bound::Bytes(to.clone())]);
    }
}

fn add_filter(conditions: &mut Conditions, filter: &Filter) {
    if let Some(state) = filter.state {
        conditions.and("state = ?", [Bound::Text(state.to_string())]);
    }
    if let Some(kind) = filter.kind {
        conditions.and("kind = ?", [Bound::Text(kind.to_string())]);
    }
    match &filter.search {
        Some(Search::Reference(text)) => {
            conditions.and("reference = ?", [Bound::Text(text.clone())]);
        }
        Some(Search::Thumbprint(text)) => {
            conditions.and("thumbprint = ?", [Bound::Text(text.clone())]);
        }
        Some(Search::Word(_)) | None => {}
    }
}

/// Up to this many matches of a word are collected before the page is taken
/// from them. Beyond, matches are so frequent that scanning the history finds
/// them sooner.
const RARE: usize = 4000;

/// Adds the condition in the form that is faster for this word. The planners
/// cannot choose, because they do not know the word when they plan.
async fn add_word(
    conditions: &mut Conditions,
    storage: &Storage,
    owner_id: &str,
    beginning: Vec<u8>,
) -> Result<(), StorageError> {
    let end = end_of_prefix(beginning.clone());
    let sql = format!(
        "SELECT COUNT(*) FROM (SELECT 1 FROM issuance_words \
         WHERE owner_id = $1 AND word >= $2 AND word < $3 LIMIT {}) found",
        RARE + 1
    );
    let matches: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(owner_id)
        .bind(&beginning)
        .bind(&end)
        .fetch_one(storage.pool())
        .await?;
    let is_rare = usize::try_from(matches).is_ok_and(|matches| matches <= RARE);
    let condition = if is_rare {
        "cursor IN (SELECT cursor FROM issuance_words \
         WHERE owner_id = ? AND word >= ? AND word < ?)"
    } else {
        "EXISTS (SELECT 1 FROM issuance_words w WHERE w.owner_id = ? \
         AND w.cursor = issuances.cursor AND w.word >= ? AND w.word < ?)"
    };
    let owner = Bound::Text(owner_id.to_owned());
    conditions.and(
        condition,
        [owner, Bound::Bytes(beginning), Bound::Bytes(end)],
    );
    Ok(())
}

/// The smallest byte string above all that start with `beginning`: UTF-8 never
/// contains 0xFF.
fn end_of_prefix(mut beginning: Vec<u8>) -> Vec<u8> {
    beginning.push(0xFF);
    beginning
}

/// The owner's drafts and half-finished issuances, newest first, at most ten.
pub async fn newest_open(storage: &Storage, owner_id: &str) -> Result<Vec<Issuance>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM issuances WHERE owner_id = $1 AND state IN ({}) \
         ORDER BY cursor DESC LIMIT 10",
        listed(State::is_open)
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(owner_id)
        .fetch_all(storage.pool())
        .await?;
    Ok(readable(&rows))
}

/// The owner's unfinished renewals of this certificate, newest first.
pub async fn open_renewal(
    storage: &Storage,
    owner_id: &str,
    renews: &Thumbprint,
) -> Result<Vec<Issuance>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM issuances WHERE owner_id = $1 AND state IN ({}) \
         AND renews = $2 ORDER BY cursor DESC LIMIT 10",
        listed(State::is_open)
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(owner_id)
        .bind(renews.as_str())
        .fetch_all(storage.pool())
        .await?;
    Ok(readable(&rows))
}

/// Issuances with a call in progress and no live lease: their worker is gone.
pub async fn open_without_lease(
    storage: &Storage,
    now: Millis,
) -> Result<Vec<Issuance>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM issuances WHERE state IN ({}) \
         AND lease_until < $1 ORDER BY lease_until LIMIT 500",
        listed(State::is_in_flight)
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(now.0)
        .fetch_all(storage.pool())
        .await?;
    Ok(readable(&rows))
}
