//! A person's certificates.

use super::{Caller, Portal, issue};
use crate::domain::certificate::Certificate;
use crate::domain::certificate_standing::Urgency;
use crate::domain::connection::RequestOptions;
use crate::domain::distinguished_name::DistinguishedName;
use crate::domain::millis::Millis;
use crate::domain::thumbprint::Thumbprint;
use crate::storage::certificates::Kinds;
use crate::storage::{StorageError, certificates};

/// What somebody may choose from who wants to renew.
#[derive(Debug, Clone)]
pub struct Renewable {
    /// The first to expire: first those that can be renewed, then seals.
    pub first: Vec<Certificate>,
    /// How many have expired.
    pub expired: i64,
    /// How many others there are that have not.
    pub others: i64,
}

/// The first `most` of this person's certificates to renew, and how many more there are that
/// have not been replaced.
pub async fn renewable(
    portal: &Portal,
    who: &Caller,
    most: usize,
) -> Result<Renewable, StorageError> {
    let (storage, owner, today) = (&portal.storage, &who.owner_id, portal.today());
    let now = today.now;
    let first = certificates::renewable(storage, owner, now, most).await?;
    let ranges = [Urgency::Expired.range(today), now..Millis(i64::MAX)];
    let counts = certificates::count_expiring(storage, owner, Kinds::All, &ranges).await?;
    let count = |at: usize| counts.get(at).copied().unwrap_or_default();
    let shown = i64::try_from(first.len()).unwrap_or(i64::MAX);
    Ok(Renewable {
        first,
        expired: count(0),
        others: count(1) - shown,
    })
}

/// This person's certificate with this thumbprint; somebody else's counts as
/// missing.
pub async fn own_certificate(
    portal: &Portal,
    who: &Caller,
    thumbprint: &Thumbprint,
) -> Result<Option<Certificate>, StorageError> {
    let (storage, at) = (&portal.storage, &who.connection_id);
    let own = certificates::owned(storage, at, &who.owner_id, [thumbprint; 2]).await?;
    if own.is_none()
        && let Some(other) = certificates::by_thumbprint(storage, at, thumbprint).await?
    {
        tracing::warn!(event = "not_yours", certificate = other.id);
    }
    Ok(own)
}

/// The file of this person's certificate and those of the CAs above it, the nearest first,
/// in DER form; `None` if there is none.
pub async fn file(
    portal: &Portal,
    who: &Caller,
    thumbprint: &Thumbprint,
) -> Result<Option<Vec<Vec<u8>>>, StorageError> {
    let Some(certificate) = own_certificate(portal, who, thumbprint).await? else {
        return Ok(None);
    };
    let files = certificates::file(&portal.storage, &certificate).await?;
    Ok(Some(files).filter(|files| !files.is_empty()))
}

/// How many digits the thumbprints of this person's server have, once it has named one.
pub async fn usual_length(portal: &Portal, who: &Caller) -> Result<Option<usize>, StorageError> {
    let example = certificates::any_thumbprint(&portal.storage, &who.connection_id).await?;
    Ok(example.map(|example| example.as_str().len()))
}

/// The name in a certificate, attribute by attribute; empty if it is not known.
pub async fn name(
    portal: &Portal,
    certificate: &Certificate,
) -> Result<DistinguishedName, StorageError> {
    let origin = issue::origin(portal, certificate, &RequestOptions::default()).await?;
    let order = origin.and_then(|origin| origin.order);
    Ok(order.map(|order| order.dn).unwrap_or_default())
}
