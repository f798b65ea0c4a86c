//! Writes audit entries, each in the transaction of the change it describes,
//! and reads them for the audit pages.

use std::collections::HashMap;

use serde_json::json;
use sqlx::AnyConnection;

use super::{Actor, Portal};
use crate::domain::audit::{Action, Outcome};
use crate::domain::millis::Millis;
use crate::storage::audit::{self, NewEntry, Part, append};
pub use crate::storage::audit::{Entry, Place, REACH, Search, Verified};
use crate::storage::{StorageError, Work, issuances};

/// Entries of an export that are read at once.
const BATCH: u16 = 500;

/// An audit entry with outcome `done`. The caller adds `before` and `after`.
pub(super) fn entry(actor: &Actor, action: Action, object: impl Into<String>) -> NewEntry {
    NewEntry {
        actor: actor.name.clone(),
        from: actor.source.from.clone(),
        action: action.to_string(),
        object: object.into(),
        before: None,
        after: None,
        outcome: Outcome::Done.to_string(),
        request_id: actor.source.request_id.clone(),
    }
}

/// Does `work` in one transaction. If `work` returns `true` (something
/// changed), appends `entry`. Returns what `work` returned.
pub(super) async fn write_audited<F>(
    portal: &Portal,
    entry: NewEntry,
    work: F,
) -> Result<bool, StorageError>
where
    F: for<'c> FnOnce(&'c mut AnyConnection) -> Work<'c, bool> + Send + 'static,
{
    let with_entry = write_described(portal, move |conn| {
        Box::pin(async move {
            let changed = work(conn).await?;
            Ok((changed, changed.then_some(entry)))
        })
    });
    with_entry.await
}

/// Does `work` in one transaction, and appends the entry that it makes of what it did.
pub(super) async fn write_described<T, F>(portal: &Portal, work: F) -> Result<T, StorageError>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c mut AnyConnection) -> Work<'c, (T, Option<NewEntry>)> + Send + 'static,
{
    let (keys, now) = (portal.keys.clone(), portal.clock.now());
    let done = portal.storage.write(move |conn| {
        Box::pin(async move {
            let (done, entry) = work(&mut *conn).await?;
            if let Some(entry) = entry {
                append(conn, &keys, &entry, now).await?;
            }
            Ok(done)
        })
    });
    done.await
}

/// Counting stops here: nobody needs a larger exact number on a page that must load
/// quickly.
pub const ENOUGH: usize = 10_000;

/// Which page of a search is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    First,
    /// The page of older entries that follows this place.
    Older(Place),
    /// The page of newer entries that ends before this place.
    Newer(Place),
}

/// Entries, and what people call the issuances that they are about.
#[derive(Debug, Clone)]
pub struct Entries {
    pub entries: Vec<Entry>,
    references: HashMap<String, String>,
}

impl Entries {
    async fn named(portal: &Portal, entries: Vec<Entry>) -> Result<Self, StorageError> {
        let ids: Vec<&str> = entries.iter().filter_map(issuance_of).collect();
        Ok(Self {
            references: issuances::references(&portal.storage, &ids).await?,
            entries,
        })
    }

    /// What an entry is about, an issuance by its reference.
    pub fn object(&self, entry: &Entry) -> String {
        let reference = issuance_of(entry).and_then(|id| self.references.get(id));
        match reference {
            Some(reference) => format!("{ISSUANCE}{reference}"),
            None => entry.what.object.clone(),
        }
    }
}

/// An issuance is written down by its id, which never changes.
const ISSUANCE: &str = "issuance ";

fn issuance_of(entry: &Entry) -> Option<&str> {
    entry.what.object.strip_prefix(ISSUANCE)
}

/// The same search with issuances in place of words that are their references.
async fn with_issuances(portal: &Portal, search: &Search) -> Result<Search, StorageError> {
    let mut found = search.clone();
    found.words.clear();
    for word in &search.words {
        let reference = word.to_ascii_uppercase();
        match issuances::id_of(&portal.storage, &reference).await? {
            Some(id) => found.objects.push(format!("{ISSUANCE}{id}")),
            None => found.words.push(word.clone()),
        }
    }
    Ok(found)
}

/// One page of a search, newest entries first.
#[derive(Debug, Clone)]
pub struct AuditPage {
    pub found: Entries,
    /// Where the page of newer entries ends, if there is one.
    pub newer: Option<Place>,
    /// Where the page of older entries follows, if there is one.
    pub older: Option<Place>,
    /// How many entries are found in all, counted up to [`ENOUGH`].
    pub total: usize,
    /// Whether there may be more of them than `total`.
    pub has_more: bool,
    /// Whether words were looked for in a part of the audit only: `newer` or `older`
    /// looks on.
    pub is_part: bool,
}

/// One page, of at most `size`, of what is found.
pub async fn page(
    portal: &Portal,
    search: &Search,
    turn: Turn,
    size: u16,
) -> Result<AuditPage, StorageError> {
    let (storage, search) = (&portal.storage, &with_issuances(portal, search).await?);
    let part = match turn {
        Turn::First => Part::Newest,
        Turn::Older(place) => Part::Before(place),
        Turn::Newer(place) => Part::After(place),
    };
    let found = audit::search(storage, search, part, size + 1, REACH).await?;
    let (mut entries, until) = (found.entries, found.until);
    let more = entries.len() > usize::from(size);
    entries.truncate(size.into());
    let last = entries.last().map(Entry::place).filter(|_| more);
    let (ahead, back) = (until.or(last), entries.first().map(Entry::place));
    let (newer, older) = match turn {
        Turn::First => (None, ahead),
        Turn::Older(place) => (back.or(Some(place.beside(-1))), ahead),
        // The first page is always a whole one.
        Turn::Newer(_) if ahead.is_none() => {
            return Box::pin(page(portal, search, Turn::First, size)).await;
        }
        Turn::Newer(place) => {
            entries.reverse();
            (ahead, back.or(Some(place.beside(1))))
        }
    };
    // What stands on one page is counted already.
    let (total, is_all) = match newer.is_some() || older.is_some() {
        true => audit::count(storage, search, ENOUGH, REACH).await?,
        false => (entries.len(), true),
    };
    Ok(AuditPage {
        total,
        has_more: !is_all,
        is_part: until.is_some(),
        newer,
        older,
        found: Entries::named(portal, entries).await?,
    })
}

/// Writes down that what is found is exported, which is part of it if it fits. The search
/// itself is not written down: it may hold a name.
///
/// # Errors
/// Without this entry nothing may be exported.
pub async fn begin_export(
    portal: &Portal,
    actor: &Actor,
    search: &mut Search,
    format: &str,
) -> Result<(), StorageError> {
    let mut entry = entry(actor, Action::AuditExport, "audit");
    let facts = json!({
        "format": format,
        "actor_kind": search.kind,
        "action": search.action,
        "outcome": search.outcome,
        "from": search.from,
        "to": search.to,
        "searched": search.who.is_some() || !search.words.is_empty(),
    });
    entry.after = Some(facts.to_string());
    write_audited(portal, entry, |_| Box::pin(async { Ok(true) })).await?;
    *search = with_issuances(portal, search).await?;
    // What happens from now on could go on for ever.
    let end = Millis(portal.clock.now().0 + 1);
    search.to = Some(search.to.map_or(end, |to| to.min(end)));
    Ok(())
}

/// The next entries of an export, oldest first; none at its end.
pub async fn exported(
    portal: &Portal,
    search: &Search,
    after: Option<Place>,
) -> Result<Entries, StorageError> {
    let start = Place {
        at: Millis(i64::MIN),
        seq: 0,
    };
    let mut place = after.unwrap_or(start);
    loop {
        let part = Part::After(place);
        let found = audit::search(&portal.storage, search, part, BATCH, REACH).await?;
        match found.until {
            Some(until) if found.entries.is_empty() => place = until,
            _ => return Entries::named(portal, found.entries).await,
        }
    }
}

/// The entry of the last change of the connection `id`, if it has one.
pub async fn last_of_connection(portal: &Portal, id: &str) -> Result<Option<Entry>, StorageError> {
    audit::last_of_connection(&portal.storage, id).await
}

/// Checks the whole chain.
pub async fn verify(portal: &Portal) -> Result<Verified, StorageError> {
    audit::verify(&portal.storage, &portal.keys).await
}
