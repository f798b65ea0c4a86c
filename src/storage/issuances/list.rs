//! Lists of issuances: history with filters and keyset paging, open ones for
//! the dashboard and the reconciler.

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::by_holder::Place;
use super::row::{COLUMNS, Issuance, cursor};
use super::words::fold;
use crate::domain::issuance::State;
use crate::domain::millis::Millis;
use crate::domain::thumbprint::Thumbprint;
use crate::storage::{Storage, StorageError};

/// What a person looks for among their own issuances.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this state.
    pub state: Option<State>,
    /// Only this kind of holder.
    pub kind: Option<String>,
    /// Submitted at or after.
    pub from: Option<Millis>,
    /// Submitted before.
    pub to: Option<Millis>,
    /// A reference, a thumbprint, or the beginning of a word of the holder's name.
    pub search: Option<Search>,
}

/// The three things a search text can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Search {
    /// Ten characters, exact.
    Reference(String),
    /// Upper-case hex, exact.
    Thumbprint(String),
    /// Beginning of a word; case and accents make no difference.
    Word(String),
}

/// Which end comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Newest first.
    #[default]
    Newest,
    /// Oldest first.
    Oldest,
    /// By the holder's name, and of equal names the oldest first.
    Holder,
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Page {
    /// The rows, in order.
    pub rows: Vec<Issuance>,
    /// Where the next page starts, if there is one.
    pub next: Option<Vec<u8>>,
}

/// Collects the conditions of a query and the values they bind, numbering the
/// placeholders as it goes.
struct Conditions {
    sql: String,
    values: Vec<Bound>,
}

#[derive(Clone)]
enum Bound {
    Text(String),
    Bytes(Vec<u8>),
}

impl Conditions {
    fn new(owner_id: &str) -> Self {
        Self {
            sql: "owner_id = $1 AND submitted_at IS NOT NULL".to_owned(),
            values: vec![Bound::Text(owner_id.to_owned())],
        }
    }

    /// Adds a condition in which `?` stands for the next placeholder.
    fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Bound>) {
        self.sql.push_str(" AND ");
        let mut pieces = condition.split('?');
        self.sql.push_str(pieces.next().unwrap_or_default());
        for (piece, value) in pieces.zip(values) {
            self.values.push(value);
            self.sql.push('$');
            self.sql.push_str(&self.values.len().to_string());
            self.sql.push_str(piece);
        }
    }

    /// Reads `what` of the issuances that the conditions leave; `rest` may
    /// add to, or replace, where they come from.
    async fn select(
        &self,
        storage: &Storage,
        what: &str,
        rest: impl FnOnce(&str) -> String,
    ) -> Result<Vec<AnyRow>, StorageError> {
        let from = rest(&format!("FROM issuances WHERE {}", self.sql));
        let mut query = sqlx::query(AssertSqlSafe(format!("SELECT {what} {from}")));
        for value in &self.values {
            query = match value.clone() {
                Bound::Text(text) => query.bind(text),
                Bound::Bytes(bytes) => query.bind(bytes),
            };
        }
        Ok(query.fetch_all(storage.pool()).await?)
    }
}

/// One page of `owner_id`'s issuances that were submitted.
///
/// # Errors
/// [`StorageError`] as for every read.
pub async fn list(
    storage: &Storage,
    owner_id: &str,
    filter: &Filter,
    order: Order,
    after: Option<Vec<u8>>,
    size: u16,
) -> Result<Page, StorageError> {
    let mut conditions = Conditions::new(owner_id);
    let place = match order {
        Order::Holder => after.as_deref().and_then(Place::from_bytes),
        Order::Newest | Order::Oldest => None,
    };
    add_bounds(&mut conditions, bounds(filter, order, after));
    add_filter(&mut conditions, filter);
    if let Some(Search::Word(beginning)) = &filter.search {
        add_word(&mut conditions, storage, owner_id, fold(beginning)).await?;
    }
    let sorted_by = match order {
        Order::Newest => "cursor DESC",
        Order::Oldest => "cursor ASC",
        Order::Holder => by_holder(&conditions, storage).await?,
    };
    if let Some(place) = place {
        let values = [Bound::Bytes(place.key), Bound::Bytes(place.cursor)];
        conditions.and("(holder_key, cursor) > (?, ?)", values);
    }
    let found = conditions
        .select(storage, &format!("{COLUMNS}, cursor, holder_key"), |from| {
            format!("{from} ORDER BY {sorted_by} LIMIT {}", u32::from(size) + 1)
        })
        .await?;
    let size = usize::from(size);
    let rows = found
        .iter()
        .take(size)
        .map(Issuance::try_from)
        .collect::<Result<Vec<_>, _>>()?;
    let next = match found.get(size.saturating_sub(1)) {
        Some(last) if found.len() > size => next_after(last, order)?,
        _ => None,
    };
    Ok(Page { rows, next })
}

fn next_after(last: &AnyRow, order: Order) -> Result<Option<Vec<u8>>, StorageError> {
    let cursor = last.try_get("cursor")?;
    Ok(match order {
        Order::Newest | Order::Oldest => Some(cursor),
        Order::Holder => {
            let key = last.try_get("holder_key")?;
            Place { key, cursor }.to_bytes()
        }
    })
}

/// How to sort by holder: a few are found first and sorted then, many are
/// walked in order. As with words the engines do not know which it is.
async fn by_holder(
    conditions: &Conditions,
    storage: &Storage,
) -> Result<&'static str, StorageError> {
    let found = conditions
        .select(storage, "COUNT(*)", |_| {
            format!(
                "FROM (SELECT 1 FROM issuances WHERE {} LIMIT {}) found",
                conditions.sql,
                RARE + 1
            )
        })
        .await?;
    let matches: i64 = match found.first() {
        Some(row) => row.try_get(0)?,
        None => 0,
    };
    let is_few = usize::try_from(matches).is_ok_and(|matches| matches <= RARE);
    Ok(match is_few {
        // No index has this expression: what the conditions leave is sorted.
        true => "COALESCE(holder_key, holder_key), cursor",
        false => "holder_key, cursor",
    })
}

/// The range of cursors that page and dates leave: from the first, up to and
/// without the second. A cursor begins with the time of submission.
type Bounds = (Option<Vec<u8>>, Option<Vec<u8>>);

fn bounds(filter: &Filter, order: Order, after: Option<Vec<u8>>) -> Bounds {
    let from = filter.from.map(|from| cursor(from, ""));
    let to = filter.to.map(|to| cursor(to, ""));
    match (order, after) {
        (_, None) | (Order::Holder, _) => (from, to),
        (Order::Newest, Some(after)) => {
            let to = to.map_or_else(|| after.clone(), |to| to.min(after.clone()));
            (from, Some(to))
        }
        (Order::Oldest, Some(mut after)) => {
            // The next byte string after it.
            after.push(0);
            (from.max(Some(after)), to)
        }
    }
}

fn add_bounds(conditions: &mut Conditions, (from, to): Bounds) {
    if let Some(from) = from {
        conditions.and("cursor >= ?", [Bound::Bytes(from)]);
    }
    if let Some(to) = to {
        conditions.and("cursor < ?", [Bound::Bytes(to)]);
    }
}

fn add_filter(conditions: &mut Conditions, filter: &Filter) {
    if let Some(state) = filter.state {
        conditions.and("state = ?", [Bound::Text(state.as_str().to_owned())]);
    }
    if let Some(kind) = &filter.kind {
        conditions.and("kind = ?", [Bound::Text(kind.clone())]);
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

/// Up to how many matches of a word are collected before the page is cut out of
/// them. Beyond, they are so frequent that walking the history finds them sooner.
const RARE: usize = 4000;

/// Adds the condition in the form that is quick for this word: which one is
/// not left to the engines, for they know nothing of the word when they plan.
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

/// The smallest byte string above all that begin with `beginning`: 0xFF never
/// stands in UTF-8.
fn end_of_prefix(mut beginning: Vec<u8>) -> Vec<u8> {
    beginning.push(0xFF);
    beginning
}

/// The owner's drafts and half-finished issuances, newest first, at most ten.
///
/// # Errors
/// [`StorageError`] as for every read.
pub async fn newest_open(storage: &Storage, owner_id: &str) -> Result<Vec<Issuance>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM issuances WHERE owner_id = $1 AND state IN \
         ('draft', 'creating', 'key_created', 'finalizing', 'unknown') \
         ORDER BY cursor DESC LIMIT 10"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(owner_id)
        .fetch_all(storage.pool())
        .await?;
    rows.iter().map(Issuance::try_from).collect()
}

/// The owner's renewals of this certificate that have begun and not ended,
/// newest first.
///
/// # Errors
/// [`StorageError`] as for every read.
pub async fn open_renewal(
    storage: &Storage,
    owner_id: &str,
    renews: &Thumbprint,
) -> Result<Vec<Issuance>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM issuances WHERE owner_id = $1 AND state IN \
         ('draft', 'creating', 'key_created', 'finalizing', 'unknown') AND renews = $2 \
         ORDER BY cursor DESC LIMIT 10"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(owner_id)
        .bind(renews.as_str())
        .fetch_all(storage.pool())
        .await?;
    rows.iter().map(Issuance::try_from).collect()
}

/// Issuances with a call under way and no live lease: whoever waited for the
/// answer is gone.
///
/// # Errors
/// [`StorageError`] as for every read.
pub async fn open_without_lease(
    storage: &Storage,
    now: Millis,
) -> Result<Vec<Issuance>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM issuances WHERE state IN ('creating', 'finalizing') \
         AND lease_until < $1 ORDER BY lease_until LIMIT 500"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(now.0)
        .fetch_all(storage.pool())
        .await?;
    rows.iter().map(Issuance::try_from).collect()
}
