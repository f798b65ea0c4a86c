//! What officers see: the requests and certificates of all people on some connections.
//! Nothing here changes anything.

use std::collections::HashMap;

use super::accounts::Role;
use super::connections::ConnectionError;
use super::history::{self, Story};
use super::{Page, Portal};
use crate::domain::certificate::Certificate;
use crate::domain::connection::Connection;
use crate::domain::issuance::Issuance;
use crate::storage::{StorageError, certificates, issuances, owners};

/// A record with the name of the person whose it is.
#[derive(Debug, Clone)]
pub struct Owned<T> {
    pub record: T,
    /// The person's name.
    pub owner: String,
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

/// One page of a connection's submitted issuances, newest first; with `unfinished` only
/// those that are unknown, mismatched or still under way.
pub async fn requests(
    portal: &Portal,
    connection: &Connection,
    unfinished: bool,
    after: Option<Vec<u8>>,
    size: u16,
) -> Result<Page<Owned<Issuance>>, StorageError> {
    let (storage, id) = (&portal.storage, &connection.id);
    let page = issuances::of_connection(storage, id, unfinished, after, size).await?;
    owned(portal, page, |issuance| &issuance.owner_id).await
}

/// One page of a connection's certificates that have not been replaced, in order of
/// expiry.
pub async fn certificates(
    portal: &Portal,
    connection: &Connection,
    after: Option<Vec<u8>>,
    size: u16,
) -> Result<Page<Owned<Certificate>>, StorageError> {
    let (storage, id) = (&portal.storage, &connection.id);
    let page = certificates::current_of_connection(storage, id, after, size).await?;
    owned(portal, page, |certificate| &certificate.owner_id).await
}

/// One issuance of one of these connections with its timeline; drafts are their
/// owners' own.
pub async fn story(
    portal: &Portal,
    seen: &[Connection],
    id: &str,
) -> Result<Option<Owned<Story>>, ConnectionError> {
    let may_see = |issuance: &Issuance| {
        let mut connections = seen.iter();
        issuance.submitted_at.is_some()
            && connections.any(|connection| connection.id == issuance.connection_id)
    };
    let read = async { Ok(issuances::by_id(&portal.storage, id).await?.filter(may_see)) };
    let Some(record) = history::told(portal, id, read).await? else {
        return Ok(None);
    };
    let owner_id = record.issuance.owner_id.clone();
    let mut names = owners::names(&portal.storage, &[owner_id.as_str()]).await?;
    let owner = names.remove(&owner_id).unwrap_or_default();
    Ok(Some(Owned { record, owner }))
}

async fn owned<T>(
    portal: &Portal,
    page: Page<T>,
    owner_of: impl Fn(&T) -> &String,
) -> Result<Page<Owned<T>>, StorageError> {
    let ids: Vec<&str> = page.rows.iter().map(|row| owner_of(row).as_str()).collect();
    let names: HashMap<String, String> = owners::names(&portal.storage, &ids).await?;
    let with_owner = |record: T| {
        let owner = names.get(owner_of(&record)).cloned().unwrap_or_default();
        Owned { record, owner }
    };
    Ok(Page {
        rows: page.rows.into_iter().map(with_owner).collect(),
        broken: page.broken,
        next: page.next,
    })
}
