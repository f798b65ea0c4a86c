//! What officers see: the requests and certificates of all people on some connections.
//! Nothing here changes anything.

use std::collections::HashMap;

use super::accounts::Role;
use super::connections::ConnectionError;
use super::history::{self, Story};
use super::notes::Note;
use super::{Portal, certificate_list};
use crate::domain::certificate::{self, Certificate};
use crate::domain::connection::Connection;
use crate::domain::issuance::{Issuance, State, Summary, holder_as_ordered};
use crate::domain::look_alike::at_a_glance;
use crate::domain::spanish_id::masked;
use crate::storage::certificates::{Beside, By};
use crate::storage::{Listed, Start, StorageError, Total, Whose, certificates, issuances, owners};

/// A record with the name of the person whose it is.
#[derive(Debug, Clone)]
pub struct Owned<T> {
    pub record: T,
    pub owner: Owner,
}

/// A person in a list.
#[derive(Debug, Clone)]
pub struct Owner {
    pub name: String,
    /// Whether somebody else's name in the same list looks like it, or is the same.
    pub is_alike: bool,
}

/// The connections whose records somebody with this role may see: an officer those that
/// the account names, everybody else all.
pub async fn connections(
    portal: &Portal,
    role: Role,
    own: &[String],
) -> Result<Vec<Connection>, ConnectionError> {
    let all = portal.connections.all().await?;
    let may_see = |one: &&Connection| role != Role::Officer || own.contains(&one.id);
    Ok(all.iter().filter(may_see).cloned().collect())
}

/// One page of a connection's submitted issuances.
pub async fn requests(
    portal: &Portal,
    connection: &Connection,
    wanted: &history::Wanted,
    start: &Start,
    size: u16,
) -> Result<Listed<Owned<Summary>>, StorageError> {
    let whose = Whose::Connection(connection.id.clone());
    let page = history::page(portal, &whose, wanted, start, size).await?;
    owned(portal, page, |issuance| &issuance.owner_id).await
}

/// How many of a connection's requests are unknown or not finished.
pub async fn unfinished(portal: &Portal, connection: &Connection) -> Result<Total, StorageError> {
    let whose = Whose::Connection(connection.id.clone());
    let wanted = history::Wanted {
        unfinished: true,
        ..history::Wanted::default()
    };
    let first = history::page(portal, &whose, &wanted, &Start::First, 1).await?;
    Ok(first.total)
}

/// One page of a connection's certificates, each with what stands beside it if no request
/// here has a page that says so.
pub async fn certificates(
    portal: &Portal,
    connection: &Connection,
    wanted: &certificate_list::Wanted,
    start: &Start,
    size: u16,
) -> Result<Listed<(Owned<certificate::Summary>, Option<Beside>)>, StorageError> {
    let whose = Whose::Connection(connection.id.clone());
    let page = certificate_list::page(portal, &whose, wanted, start, size).await?;
    let taken_over = page.rows.iter().filter(|one| !one.is_issued_here());
    let ids: Vec<&str> = taken_over.map(|one| one.id.as_str()).collect();
    let mut beside = certificates::beside(&portal.storage, By::Id, &ids).await?;
    let page = owned(portal, page, |certificate| &certificate.owner_id).await?;
    Ok(page.map(|one| {
        let beside = beside.remove(&one.record.id);
        (one, beside)
    }))
}

/// What is shown of somebody's request besides its story.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The name of the person whose it is.
    pub owner: String,
    /// What that person wrote beside the certificate; empty if nothing.
    pub note: Note,
    /// The holder's document, masked; empty if there is none.
    pub document: String,
    /// The certificate that replaced the one of this request, if it is known here.
    pub replaced_by: Option<Certificate>,
}

/// One issuance of one of these connections with its timeline; drafts are their
/// owners' own.
pub async fn story(
    portal: &Portal,
    seen: &[Connection],
    id: &str,
) -> Result<Option<(Story, Seen)>, ConnectionError> {
    let may_see = |issuance: &Issuance| {
        let mut connections = seen.iter();
        issuance.submitted_at.is_some()
            && connections.any(|connection| connection.id == issuance.connection_id)
    };
    let read = async { Ok(issuances::by_id(&portal.storage, id).await?.filter(may_see)) };
    let Some(mut story) = history::told(portal, id, read).await? else {
        return Ok(None);
    };
    let issuance = &mut story.issuance;
    if issuance.state == State::Draft {
        let name = issuance.order.as_ref().map(|order| &order.dn);
        issuance.holder = holder_as_ordered(name, &issuance.reference).into();
    }
    let seen = seen_beside(portal, &story).await?;
    Ok(Some((story, seen)))
}

async fn seen_beside(portal: &Portal, story: &Story) -> Result<Seen, StorageError> {
    let (storage, issuance) = (&portal.storage, &story.issuance);
    let (id, owner_id) = (issuance.id.as_str(), issuance.owner_id.as_str());
    let mut beside = certificates::beside(storage, By::Issuance, &[id]).await?;
    let order = issuance.order.as_ref();
    let document = order.and_then(|order| order.dn.document());
    let mut people = owners::names(storage, &[owner_id]).await?;
    let replaced_by = story.certificate.as_ref();
    let replaced_by = match replaced_by.and_then(|one| one.replaced_by.as_ref()) {
        Some(new) => certificates::by_thumbprint(storage, &issuance.connection_id, new).await?,
        None => None,
    };
    Ok(Seen {
        owner: people.remove(owner_id).unwrap_or_default(),
        note: beside.remove(id).map(|one| one.note).unwrap_or_default(),
        document: document.map(masked).unwrap_or_default(),
        replaced_by,
    })
}

async fn owned<T>(
    portal: &Portal,
    page: Listed<T>,
    owner_of: impl Fn(&T) -> &String,
) -> Result<Listed<Owned<T>>, StorageError> {
    let ids: Vec<&str> = page.rows.iter().map(|row| owner_of(row).as_str()).collect();
    let names: HashMap<String, String> = owners::names(&portal.storage, &ids).await?;
    let mut alike: HashMap<String, usize> = HashMap::new();
    for name in names.values() {
        *alike.entry(at_a_glance(name)).or_default() += 1;
    }
    Ok(page.map(|record| {
        let name = names.get(owner_of(&record)).cloned().unwrap_or_default();
        let is_alike = alike
            .get(&at_a_glance(&name))
            .is_some_and(|people| *people > 1);
        let owner = Owner { name, is_alike };
        Owned { record, owner }
    }))
}
