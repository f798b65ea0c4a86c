//! A person's reminders at a secret address, for calendars that read it by themselves.
//! Who knows the address sees the holders' names and the dates, and nothing else.

use std::time::Duration;

use super::{Caller, Portal};
use crate::domain::certificate::Certificate;
use crate::domain::digest::sha256;
use crate::domain::millis::Millis;
use crate::storage::certificates::{self, By};
use crate::storage::{StorageError, calendar_feeds, owners};

pub use crate::storage::calendar_feeds::Feed;

/// Certificates that expire later are not in it yet.
const AHEAD: Duration = Duration::from_secs(400 * 24 * 3600);

/// The most certificates of one feed, the first to expire.
const MOST: u16 = 1000;

/// What a calendar reads.
#[derive(Debug, Clone)]
pub struct Found {
    /// The code of the language in which the address was made.
    pub language: String,
    /// Each with the reference of the request that led to it, as far as there is one.
    pub certificates: Vec<(Certificate, Option<String>)>,
}

/// Gives this person a new address and returns its secret, which is stored nowhere. The
/// one before ends.
pub async fn make(portal: &Portal, who: &Caller, language: &str) -> Result<String, StorageError> {
    let secret = data_encoding::HEXLOWER.encode(&rand::random::<[u8; 24]>());
    let (hash, now) = (sha256(&secret), portal.clock.now());
    let feed = Feed {
        owner_id: who.owner_id.clone(),
        language: language.to_owned(),
    };
    let work = portal.storage.write(move |conn| {
        Box::pin(async move { calendar_feeds::put(conn, &feed, &hash, now).await })
    });
    work.await?;
    Ok(secret)
}

/// Ends this person's address.
pub async fn revoke(portal: &Portal, who: &Caller) -> Result<(), StorageError> {
    let owner = who.owner_id.clone();
    let work = portal
        .storage
        .write(move |conn| Box::pin(async move { calendar_feeds::revoke(conn, &owner).await }));
    work.await
}

/// Since when this person has an address.
pub async fn since(portal: &Portal, who: &Caller) -> Result<Option<Millis>, StorageError> {
    calendar_feeds::since(&portal.storage, &who.owner_id).await
}

/// What is to be read with this secret; `None` if it is nobody's, or if its owner could not
/// sign in now: their connection is disabled, or leads to another server than the one that
/// named them.
pub async fn read(portal: &Portal, secret: &str) -> Result<Option<Found>, StorageError> {
    let storage = &portal.storage;
    let Some(feed) = calendar_feeds::find(storage, &sha256(secret)).await? else {
        return Ok(None);
    };
    let connections = portal.connections.all().await?;
    let at = owners::connection_of(storage, &feed.owner_id).await?;
    let connection = connections.iter().find(|one| Some(&one.id) == at.as_ref());
    let Some(connection) = connection.filter(|one| one.enabled) else {
        return Ok(None);
    };
    if !owners::is_at(storage, &feed.owner_id, &connection.server()).await? {
        return Ok(None);
    }
    let now = portal.clock.now();
    let found = certificates::expiring(storage, &feed.owner_id, now..now + AHEAD, MOST).await?;
    let ids: Vec<&str> = found.iter().map(|one| one.id.as_str()).collect();
    let mut beside = certificates::beside(storage, By::Id, &ids).await?;
    let with_reference = |certificate: Certificate| {
        let beside = beside.remove(&certificate.id);
        (certificate, beside.and_then(|one| one.reference))
    };
    Ok(Some(Found {
        language: feed.language,
        certificates: found.into_iter().map(with_reference).collect(),
    }))
}
