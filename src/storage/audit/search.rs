//! Searching the audit, newest entries first, in pages of any size.

use sqlx::Row as _;

use super::{COLUMNS, Entry};
use crate::domain::audit::{Action, Outcome};
use crate::domain::millis::Millis;
use crate::storage::conditions::{Bound, Conditions};
use crate::storage::row::FromRow;
use crate::storage::{Engine, Storage, StorageError};

/// What is looked for; all of it has to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// The actor, exactly.
    pub who: Option<String>,
    pub action: Option<Action>,
    pub outcome: Option<Outcome>,
    /// At or after.
    pub from: Option<Millis>,
    /// Before.
    pub to: Option<Millis>,
    /// What it is about, exactly.
    pub objects: Vec<String>,
    /// Each stands in the actor, the object or the request id, in whatever case.
    pub words: Vec<String>,
}

/// Where an entry stands in the order of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub at: Millis,
    pub seq: i64,
}

/// A part of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// From the newest entry on, newest first.
    Newest,
    /// The entries before this one, newest first.
    Before(Place),
    /// The entries after this one, oldest first.
    After(Place),
}

impl Entry {
    pub const fn place(&self) -> Place {
        Place {
            at: self.at,
            seq: self.seq,
        }
    }
}

/// The first entries of a part, at most `limit`.
pub async fn search(
    storage: &Storage,
    search: &Search,
    part: Part,
    limit: u16,
) -> Result<Vec<Entry>, StorageError> {
    let (sql, conditions) = statement(search, part, limit);
    let rows = conditions.fetch(storage, sql).await?;
    rows.iter().map(Entry::from_row).collect()
}

/// How the database would look for them, in its own words.
pub async fn plan(
    storage: &Storage,
    search: &Search,
    part: Part,
    limit: u16,
) -> Result<String, StorageError> {
    let (sql, conditions) = statement(search, part, limit);
    let (explain, column) = match storage.engine() {
        Engine::Sqlite => ("EXPLAIN QUERY PLAN", "detail"),
        Engine::Postgres => ("EXPLAIN", "QUERY PLAN"),
    };
    let rows = conditions.fetch(storage, format!("{explain} {sql}"));
    let mut plan = String::new();
    for row in rows.await? {
        plan.push_str(row.try_get(column)?);
        plan.push('\n');
    }
    Ok(plan)
}

fn statement(search: &Search, part: Part, limit: u16) -> (String, Conditions) {
    let mut conditions = conditions(search);
    let order = match part {
        Part::Newest => "at DESC, seq DESC",
        Part::Before(place) => {
            conditions.and("(at, seq) < (?, ?)", place.values());
            "at DESC, seq DESC"
        }
        Part::After(place) => {
            conditions.and("(at, seq) > (?, ?)", place.values());
            "at, seq"
        }
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM audit {} ORDER BY {order} LIMIT {limit}",
        conditions.sql()
    );
    (sql, conditions)
}

/// How many entries are found; counting stops at `most`.
pub async fn count(storage: &Storage, search: &Search, most: usize) -> Result<usize, StorageError> {
    let conditions = conditions(search);
    conditions.count(storage, "audit", most).await
}

impl Place {
    const fn values(self) -> [Bound; 2] {
        [Bound::Number(self.at.0), Bound::Number(self.seq)]
    }
}

fn conditions(search: &Search) -> Conditions {
    let mut conditions = Conditions::default();
    if let Some(who) = &search.who {
        conditions.and("actor = ?", [Bound::Text(who.clone())]);
    }
    if let Some(action) = search.action {
        conditions.and("action = ?", [Bound::Text(action.to_string())]);
    }
    if let Some(outcome) = search.outcome {
        let value = [Bound::Text(outcome.to_string())];
        match outcome {
            Outcome::Done => conditions.and("outcome = ?", value),
            // As in the index, or the planners would not take it.
            _ => conditions.and("outcome <> 'done' AND outcome = ?", value),
        }
    }
    if let Some(from) = search.from {
        conditions.and("at >= ?", [Bound::Number(from.0)]);
    }
    if let Some(to) = search.to {
        conditions.and("at < ?", [Bound::Number(to.0)]);
    }
    for object in &search.objects {
        conditions.and("object = ?", [Bound::Text(object.clone())]);
    }
    for word in &search.words {
        // Which letters `LOWER` knows beyond A to Z differs: either may be what it makes.
        let (plain, all) = (word.to_ascii_lowercase(), word.to_lowercase());
        let pattern = |word: &str| Bound::Text(containing(word));
        match plain == all {
            true => conditions.and(HOLDS, [pattern(&all)]),
            false => {
                let either = format!("({HOLDS} OR {HOLDS})");
                conditions.and(&either, [pattern(&plain), pattern(&all)]);
            }
        }
    }
    conditions
}

/// Whether an entry holds a pattern.
const HOLDS: &str = "LOWER(actor || ' ' || object || ' ' || request_id) LIKE ? ESCAPE '!'";

/// The pattern for a text that contains `word`.
fn containing(word: &str) -> String {
    let mut pattern = String::from("%");
    for c in word.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_with_a_meaning_in_a_pattern_stand_for_themselves() {
        let pattern = containing("a_b%!ñ");
        assert_eq!(pattern, "%a!_b!%!!ñ%");
    }
}
