//! A person's history: the list of their issuances, and one issuance with its
//! timeline.

use super::{Caller, Portal, own};
use crate::domain::certificate::Certificate;
use crate::domain::certificate_standing::Standing as ValidityOf;
use crate::domain::connection::Connection;
use crate::domain::holder::Kind;
use crate::domain::issuance::{Activity, Doubt, Issuance, Standing, State, Summary, TimelineEntry};
use crate::domain::millis::Millis;
use crate::services::connections::ConnectionError;
use crate::storage::certificates::{self, Beside, By};
use crate::storage::issuances::{self, Filter};
use crate::storage::{Listed, Sought, Start, StorageError, Whose};

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
    /// Only those whose outcome is unknown, is not what was asked for, or is still to
    /// come.
    pub unfinished: bool,
    pub order: SortOrder,
    pub sought: Sought,
}

impl Wanted {
    fn filter(&self) -> Filter {
        Filter {
            state: self.state,
            unfinished: self.unfinished,
            kind: self.kind,
            from: self.from,
            to: self.to,
            sought: self.sought.clone(),
        }
    }
}

/// One issuance with its timeline.
#[derive(Debug, Clone)]
pub struct Story {
    pub issuance: Issuance,
    /// Decides what may be done with the issuance now.
    pub standing: Standing,
    /// Whether there is a certificate whose expiry is still to come.
    pub may_remind: bool,
    /// The certificate that it led to.
    pub certificate: Option<Certificate>,
    /// Oldest first.
    pub timeline: Vec<TimelineEntry>,
    /// `None` if it was removed.
    pub connection: Option<Connection>,
}

impl Story {
    /// What its timeline leaves open.
    pub fn doubt(&self) -> Option<Doubt> {
        Doubt::of(&self.timeline)
    }
}

/// One page, of at most `size`, of the person's submitted issuances.
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

/// One page of somebody's submitted issuances.
pub(super) async fn page(
    portal: &Portal,
    whose: &Whose,
    wanted: &Wanted,
    start: &Start,
    size: u16,
) -> Result<Listed<Summary>, StorageError> {
    let (storage, keys, filter) = (&portal.storage, &portal.keys, wanted.filter());
    issuances::list(storage, keys, whose, &filter, wanted.order, start, size).await
}

/// An issuance and what is known of its certificate, for a file.
#[derive(Debug, Clone)]
pub struct Exported {
    pub issuance: Issuance,
    /// `None` if it led to no certificate.
    pub certificate: Option<Beside>,
}

/// One page of the person's submitted issuances, with what a file of them has.
pub async fn export(
    portal: &Portal,
    who: &Caller,
    wanted: &Wanted,
    start: &Start,
    size: u16,
) -> Result<Listed<Exported>, StorageError> {
    let (storage, keys, filter) = (&portal.storage, &portal.keys, wanted.filter());
    let whose = Whose::Owner(who.owner_id.clone());
    let page = issuances::export(storage, keys, &whose, &filter, wanted.order, start, size).await?;
    let ids: Vec<&str> = page.rows.iter().map(|one| one.id.as_str()).collect();
    let mut found = certificates::beside(storage, By::Issuance, &ids).await?;
    Ok(page.map(|issuance| Exported {
        certificate: found.remove(&issuance.id),
        issuance,
    }))
}

/// One page of the person's drafts in which this is found, the newest first.
pub async fn drafts(
    portal: &Portal,
    who: &Caller,
    sought: &Sought,
    start: &Start,
    size: u16,
) -> Result<Listed<Summary>, StorageError> {
    let (storage, keys) = (&portal.storage, &portal.keys);
    issuances::drafts(storage, keys, &who.owner_id, sought, start, size).await
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
    let certificate = certificates::of_issuance(&portal.storage, id).await?;
    let connections = portal.connections.all().await?;
    let of_it = connections
        .iter()
        .find(|connection| connection.id == issuance.connection_id);
    Ok(Some(Story {
        connection: of_it.cloned(),
        may_remind: certificate
            .as_ref()
            .is_some_and(|one| ValidityOf::of(one, portal.today()).may_remind()),
        certificate,
        issuance,
        standing: standing.with(Doubt::of(&timeline)),
        timeline,
    }))
}
