//! Lists of certificates: filtered, searched and sorted.

use std::ops::Range;

use super::{Caller, Portal};
use crate::domain::certificate::{Certificate, Summary};
use crate::domain::certificate_standing::{Standing, Urgency};
use crate::domain::holder::Kind;
use crate::domain::millis::Millis;
use crate::domain::thumbprint::Thumbprint;
use crate::domain::today::Today;
use crate::storage::certificates::{self, By, Filter, Which};
use crate::storage::{Listed, Sought, Start, StorageError, Whose};

pub use crate::storage::certificates::{Beside, SortOrder};

/// Pages that are read for one batch: some 40,000 rows are looked at.
const MOST_PAGES: u8 = 20;

/// Filters and order of a list. Without a status it has all that were not replaced.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub standing: Option<Standing>,
    pub due: Option<Urgency>,
    pub kind: Option<Kind>,
    /// Expires at or after.
    pub from: Option<Millis>,
    /// Expires before.
    pub to: Option<Millis>,
    pub order: SortOrder,
    pub sought: Sought,
}

impl Wanted {
    fn filter(&self, today: Today<'_>) -> Filter {
        let (first, last) = (Millis(i64::MIN), Millis(i64::MAX));
        let ranges = [
            self.standing.map(|standing| standing.range(today)),
            self.due.map(|due| due.range(today)),
            Some(self.from.unwrap_or(first)..self.to.unwrap_or(last)),
        ];
        let both = |one: Range<Millis>, other: Range<Millis>| {
            one.start.max(other.start)..one.end.min(other.end)
        };
        let range = ranges.into_iter().flatten().fold(first..last, both);
        Filter {
            which: match self.standing {
                Some(Standing::Replaced) => Which::Replaced,
                _ => Which::Current,
            },
            kind: self.kind,
            from: Some(range.start).filter(|from| *from != first),
            to: Some(range.end).filter(|to| *to != last),
            sought: self.sought.clone(),
        }
    }
}

/// One page, of at most `size`, of this person's certificates.
pub async fn list(
    portal: &Portal,
    who: &Caller,
    wanted: &Wanted,
    start: &Start,
    size: u16,
) -> Result<Listed<Summary>, StorageError> {
    let whose = Whose::Owner(who.owner_id.clone());
    page(portal, &whose, wanted, start, size).await
}

/// One page of somebody's certificates.
pub(super) async fn page(
    portal: &Portal,
    whose: &Whose,
    wanted: &Wanted,
    start: &Start,
    size: u16,
) -> Result<Listed<Summary>, StorageError> {
    let (storage, keys) = (&portal.storage, &portal.keys);
    let filter = wanted.filter(portal.today());
    certificates::list(storage, keys, whose, &filter, wanted.order, start, size).await
}

/// One page of this person's certificates, with all that is known of each.
async fn whole(
    portal: &Portal,
    who: &Caller,
    wanted: &Wanted,
    start: &Start,
    size: u16,
) -> Result<Listed<Certificate>, StorageError> {
    let whose = Whose::Owner(who.owner_id.clone());
    let (storage, keys) = (&portal.storage, &portal.keys);
    let filter = wanted.filter(portal.today());
    certificates::export(storage, keys, &whose, &filter, wanted.order, start, size).await
}

/// One page, with what a file of certificates has beside them.
pub async fn export(
    portal: &Portal,
    who: &Caller,
    wanted: &Wanted,
    start: &Start,
    size: u16,
) -> Result<Listed<(Certificate, Option<Beside>)>, StorageError> {
    let page = whole(portal, who, wanted, start, size).await?;
    let ids: Vec<&str> = page.rows.iter().map(|one| one.id.as_str()).collect();
    let mut found = certificates::beside(&portal.storage, By::Id, &ids).await?;
    Ok(page.map(|certificate| {
        let beside = found.remove(&certificate.id);
        (certificate, beside)
    }))
}

/// The thumbprints of a list, in its order, as far as they can be read; at most `most`,
/// and whether there are more.
pub async fn thumbprints(
    portal: &Portal,
    who: &Caller,
    wanted: &Wanted,
    most: usize,
) -> Result<(Vec<Thumbprint>, bool), StorageError> {
    let (mut all, mut start) = (Vec::new(), Start::First);
    // Each page of a search that is frequent in parts looks at a piece of the list only.
    for _ in 0..MOST_PAGES {
        let size = u16::try_from(most - all.len()).unwrap_or(u16::MAX);
        let found = list(portal, who, wanted, &start, size).await?;
        all.extend(found.rows.into_iter().map(|one| one.thumbprint));
        start = match found.next {
            Some(place) if found.goes_on => Start::After(place),
            next => return Ok((all, next.is_some())),
        };
    }
    Ok((all, true))
}
