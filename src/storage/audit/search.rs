//! Searching the audit, newest entries first, in pages of any size.

use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{COLUMNS, Entry};
use crate::domain::audit::{Action, ActorKind, Outcome, PORTAL, SYSTEM, SYSTEM_PLACES};
use crate::domain::millis::Millis;
use crate::storage::conditions::{Bound, Conditions};
use crate::storage::row::FromRow;
use crate::storage::{Storage, StorageError};

/// What is looked for; all of it has to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// The actor, exactly.
    pub who: Option<String>,
    /// What the actor's name belongs to.
    pub kind: Option<ActorKind>,
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

/// So many entries are looked through at once for words and kinds of actors, because no
/// index knows either.
pub const REACH: u32 = 100_000;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    pub entries: Vec<Entry>,
    /// The last entry that was looked at, if there are fewer than asked for and others
    /// behind this place were not looked through for words.
    pub until: Option<Place>,
}

/// The first entries of a part, at most `limit`; words are looked for in the first
/// `reach` of it.
pub async fn search(
    storage: &Storage,
    search: &Search,
    part: Part,
    limit: u16,
    reach: u32,
) -> Result<Found, StorageError> {
    let end = end_of_reach(storage, search, part, reach).await?;
    let (sql, conditions) = statement(search, part, limit, end);
    let rows = conditions.fetch(storage, sql).await?;
    let entries: Result<Vec<_>, _> = rows.iter().map(Entry::from_row).collect();
    let entries = entries?;
    Ok(Found {
        until: end.filter(|_| entries.len() < usize::from(limit)),
        entries,
    })
}

/// The last place in a part that is looked at for words; `None` if it is looked at whole.
async fn end_of_reach(
    storage: &Storage,
    search: &Search,
    part: Part,
    reach: u32,
) -> Result<Option<Place>, StorageError> {
    if search.words.is_empty() && search.kind.is_none() {
        return Ok(None);
    }
    let (sql, conditions) = reach_statement(search, part, reach);
    let rows = conditions.fetch(storage, sql).await?;
    let place = |row: &AnyRow| {
        let (at, seq) = (row.try_get(0)?, row.try_get(1)?);
        Ok(Place {
            at: Millis(at),
            seq,
        })
    };
    rows.first().map(place).transpose()
}

/// What narrows a search and is known by one index that holds the order, too: so the end
/// of the reach is found without a look at the entries.
fn by_one_index(search: &Search) -> Search {
    let mut narrow = Search {
        from: search.from,
        to: search.to,
        ..Search::default()
    };
    if search.who.is_some() {
        narrow.who.clone_from(&search.who);
    } else if search.action.is_some() {
        narrow.action = search.action;
    } else {
        narrow.outcome = search.outcome.filter(|outcome| *outcome != Outcome::Done);
    }
    narrow
}

fn reach_statement(search: &Search, part: Part, reach: u32) -> (String, Conditions) {
    let mut conditions = conditions(&by_one_index(search));
    let order = part.restrict(&mut conditions);
    let skipped = reach.saturating_sub(1);
    let sql = format!(
        "SELECT at, seq FROM audit {} ORDER BY {order} LIMIT 1 OFFSET {skipped}",
        conditions.sql()
    );
    (sql, conditions)
}

/// How the database would look for them, in its own words.
pub async fn plan(
    storage: &Storage,
    search: &Search,
    part: Part,
    limit: u16,
) -> Result<String, StorageError> {
    let mut plan = String::new();
    for (sql, conditions) in [
        reach_statement(search, part, REACH),
        statement(search, part, limit, None),
    ] {
        plan.push_str(&conditions.plan(storage, &sql).await?);
    }
    Ok(plan)
}

fn statement(
    search: &Search,
    part: Part,
    limit: u16,
    until: Option<Place>,
) -> (String, Conditions) {
    let mut conditions = conditions(search);
    let order = part.restrict(&mut conditions);
    if let Some(place) = until {
        part.end(&mut conditions, place);
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM audit {} ORDER BY {order} LIMIT {limit}",
        conditions.sql()
    );
    (sql, conditions)
}

/// How many entries are found, and whether these are all: counting stops at `most`, and
/// looking for words at the newest `reach`.
pub async fn count(
    storage: &Storage,
    search: &Search,
    most: usize,
    reach: u32,
) -> Result<(usize, bool), StorageError> {
    let end = end_of_reach(storage, search, Part::Newest, reach).await?;
    let mut conditions = conditions(search);
    if let Some(place) = end {
        Part::Newest.end(&mut conditions, place);
    }
    let count = conditions.count(storage, "audit", most).await?;
    Ok((count, end.is_none() && count < most))
}

impl Part {
    /// Restricts to this part, and says its order.
    fn restrict(self, conditions: &mut Conditions) -> &'static str {
        match self {
            Self::Newest => "at DESC, seq DESC",
            Self::Before(place) => {
                conditions.and("(at, seq) < (?, ?)", place.values());
                "at DESC, seq DESC"
            }
            Self::After(place) => {
                conditions.and("(at, seq) > (?, ?)", place.values());
                "at, seq"
            }
        }
    }

    /// Restricts to what comes in this order until `place`.
    fn end(self, conditions: &mut Conditions, place: Place) {
        let condition = match self {
            Self::Newest | Self::Before(_) => "(at, seq) >= (?, ?)",
            Self::After(_) => "(at, seq) <= (?, ?)",
        };
        conditions.and(condition, place.values());
    }
}

impl Place {
    /// The place so many numbers after this one at the same time.
    #[must_use]
    pub const fn beside(self, by: i64) -> Self {
        Self {
            seq: self.seq.saturating_add(by),
            ..self
        }
    }

    const fn values(self) -> [Bound; 2] {
        [Bound::Number(self.at.0), Bound::Number(self.seq)]
    }
}

fn conditions(search: &Search) -> Conditions {
    let mut conditions = Conditions::default();
    if let Some(who) = &search.who {
        conditions.and("actor = ?", [Bound::Text(who.clone())]);
    }
    if let Some(kind) = search.kind {
        of_kind(&mut conditions, kind);
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
        conditions.and(HOLDS, [Bound::Text(containing(word))]);
    }
    conditions
}

/// Restricts to the actors of a kind, as [`ActorKind::of`] tells them apart.
fn of_kind(conditions: &mut Conditions, kind: ActorKind) {
    let is_of_users = "(action = ? OR action LIKE ?)";
    let by_portal = "(actor = ? AND origin = '')";
    let by_system = "(actor = ? AND origin IN (?, ?, ?))";
    let text = |text: &str| Bound::Text(text.to_owned());
    let of_users = [
        text(Action::UserSignIn.as_str()),
        text(&format!("{}%", Action::ISSUANCE)),
    ];
    let [cli, housekeeping, start] = SYSTEM_PLACES.map(text);
    let system = [text(SYSTEM), cli, housekeeping, start];
    let portal = [text(PORTAL)];
    let refused = text(Action::AdminSignInRefused.as_str());
    match kind {
        ActorKind::User => {
            let sql = format!("{is_of_users} AND NOT {by_portal}");
            conditions.and(&sql, of_users.into_iter().chain(portal));
        }
        ActorKind::Account => {
            let sql = format!("NOT {is_of_users} AND NOT {by_system} AND action <> ?");
            let values = of_users.into_iter().chain(system).chain([refused]);
            conditions.and(&sql, values);
        }
        ActorKind::Portal => {
            let sql =
                format!("({is_of_users} AND {by_portal} OR NOT {is_of_users} AND {by_system})");
            let values = of_users.clone().into_iter().chain(portal);
            conditions.and(&sql, values.chain(of_users).chain(system));
        }
        ActorKind::Stranger => conditions.and("action = ?", [refused]),
    }
}

/// Whether an entry holds a pattern.
const HOLDS: &str = "LOWER(actor || ' ' || object || ' ' || request_id) LIKE ? ESCAPE '!'";

/// The pattern for a text that contains `word`, whatever its case. Which letters `LOWER`
/// knows beyond A to Z differs, so any letter may stand in place of such a one.
fn containing(word: &str) -> String {
    let mut pattern = String::from("%");
    for c in word.chars() {
        match c {
            '%' | '_' | '!' => pattern.extend(['!', c]),
            c if c.is_ascii() => pattern.push(c.to_ascii_lowercase()),
            _ => pattern.push('_'),
        }
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_with_a_meaning_in_a_pattern_stand_for_themselves() {
        let pattern = containing("a_B%!ñ");
        assert_eq!(pattern, "%a!_b!%!!_%");
    }
}
