//! A person's history: the list of their issuances, and one issuance with its
//! timeline.

use super::{Caller, Portal, own};
use crate::domain::connection::Connection;
use crate::domain::holder::Kind;
use crate::domain::issuance::{Activity, Issuance, Standing, State, TimelineEntry};
use crate::domain::millis::Millis;
use crate::domain::thumbprint::Thumbprint;
use crate::services::connections::ConnectionError;
use crate::storage::issuances::{self, Filter, Search};
use crate::storage::{Page, StorageError};

pub use crate::storage::issuances::SortOrder;

/// Filters and order of the list.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub state: Option<State>,
    pub kind: Option<Kind>,
    /// Submitted at or after.
    pub from: Option<Millis>,
    /// Submitted before.
    pub to: Option<Millis>,
    pub order: SortOrder,
    /// A reference, a thumbprint, or the beginning of a word of the holder's
    /// name.
    pub text: String,
}

/// One issuance with its timeline.
#[derive(Debug, Clone)]
pub struct Story {
    pub issuance: Issuance,
    /// Decides what may be done with the issuance now.
    pub standing: Standing,
    /// Oldest first.
    pub timeline: Vec<TimelineEntry>,
    /// `None` if it was removed.
    pub connection: Option<Connection>,
}

/// One page, of at most `size`, of the person's submitted issuances.
pub async fn list(
    portal: &Portal,
    who: &Caller,
    wanted: &Wanted,
    after: Option<Vec<u8>>,
    size: u16,
) -> Result<Page<Issuance>, StorageError> {
    let (storage, owner) = (&portal.storage, &who.owner_id);
    for search in searches(&wanted.text) {
        let filter = Filter {
            state: wanted.state,
            kind: wanted.kind,
            from: wanted.from,
            to: wanted.to,
            search,
        };
        let after = after.clone();
        let page = issuances::list(storage, owner, &filter, wanted.order, after, size).await?;
        if !page.rows.is_empty() || page.broken > 0 {
            return Ok(page);
        }
    }
    Ok(Page::empty())
}

/// What a search text can mean, most likely first: ten letters may be a
/// reference or a name. With several words we search for the longest one.
fn searches(text: &str) -> Vec<Option<Search>> {
    let text = text.trim();
    if text.is_empty() {
        return vec![None];
    }
    let mut searches = Vec::new();
    if let Some(reference) = reference(text) {
        searches.push(Some(Search::Reference(reference)));
    }
    if let Ok(thumbprint) = text.parse::<Thumbprint>() {
        searches.push(Some(Search::Thumbprint(thumbprint.to_string())));
    }
    let words = text.split_whitespace();
    if let Some(word) = words.max_by_key(|word| word.chars().count()) {
        searches.push(Some(Search::Word(word.to_owned())));
    }
    searches
}

/// Corrects a reference as people read it out: letters outside its alphabet
/// become the digits they look like.
fn reference(text: &str) -> Option<String> {
    let letters = text.chars().filter(|c| !matches!(c, ' ' | '-'));
    let read: String = letters
        .map(|c| match c.to_ascii_uppercase() {
            'I' | 'L' => '1',
            'O' => '0',
            other => other,
        })
        .collect();
    let own = |c: char| c.is_ascii_digit() || (c.is_ascii_uppercase() && c != 'U');
    (read.chars().count() == 10 && read.chars().all(own)).then_some(read)
}

/// One of the person's issuances and its standing; `None` if it is missing or
/// belongs to somebody else.
pub async fn find(
    portal: &Portal,
    who: &Caller,
    id: &str,
) -> Result<Option<(Issuance, Standing)>, StorageError> {
    stood(portal, id, own::issuance(portal, who, id)).await
}

/// The issuance that `read` finds, and its standing.
async fn stood(
    portal: &Portal,
    id: &str,
    read: impl Future<Output = Result<Option<Issuance>, StorageError>>,
) -> Result<Option<(Issuance, Standing)>, StorageError> {
    // Asked before the read: an outcome recorded in between then shows as done.
    let unsaved_certificate = portal.in_flight.has_unsaved_certificate(id);
    let here = portal.in_flight.works_on(id);
    let found = read.await?;
    let now = portal.clock.now();
    Ok(found.map(|issuance| {
        let activity = Activity {
            at_work: here || now < issuance.lease_until,
            unsaved_certificate,
        };
        let standing = Standing::of(&issuance, activity, now);
        (issuance, standing)
    }))
}

/// One of the person's issuances with its timeline.
pub async fn story(
    portal: &Portal,
    who: &Caller,
    id: &str,
) -> Result<Option<Story>, ConnectionError> {
    told(portal, id, own::issuance(portal, who, id)).await
}

/// The issuance that `read` finds, with its timeline.
pub(super) async fn told(
    portal: &Portal,
    id: &str,
    read: impl Future<Output = Result<Option<Issuance>, StorageError>>,
) -> Result<Option<Story>, ConnectionError> {
    let Some((issuance, standing)) = stood(portal, id, read).await? else {
        return Ok(None);
    };
    let timeline = issuances::timeline(&portal.storage, id).await?;
    let connections = portal.connections.all().await?;
    let of_it = connections
        .iter()
        .find(|connection| connection.id == issuance.connection_id);
    Ok(Some(Story {
        connection: of_it.cloned(),
        issuance,
        standing,
        timeline,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_letters_may_be_a_reference_or_a_name() {
        assert_eq!(
            searches("0bcde-fghjk"),
            [
                Some(Search::Reference("0BCDEFGHJK".into())),
                Some(Search::Word("0bcde-fghjk".into())),
            ]
        );
        assert_eq!(reference("ilo0000000").as_deref(), Some("1100000000"));
        assert_eq!(reference("U000000000"), None);
        assert_eq!(reference("123"), None);
    }

    #[test]
    fn a_thumbprint_is_found_however_it_is_written() {
        let text = "ab:".repeat(19) + "ab";
        assert_eq!(
            searches(&text).first(),
            Some(&Some(Search::Thumbprint("AB".repeat(20))))
        );
    }

    #[test]
    fn of_several_words_the_longest_counts_and_nothing_means_all() {
        let word = Some(Search::Word("Núñez".into()));
        assert_eq!(searches(" Ana  Núñez "), [word]);
        assert_eq!(searches("  "), [None]);
    }
}
