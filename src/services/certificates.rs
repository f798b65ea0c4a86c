//! A person's certificates.

use super::certificate_list::{self, Wanted};
use super::{Caller, Portal, issue};
use crate::domain::certificate::Certificate;
use crate::domain::connection::RequestOptions;
use crate::domain::distinguished_name::DistinguishedName;
use crate::domain::thumbprint::Thumbprint;
use crate::storage::{Listed, Start, StorageError, certificates};

/// One page of this person's certificates that have not been replaced, in order
/// of expiry.
pub async fn current(
    portal: &Portal,
    who: &Caller,
    after: Option<Vec<u8>>,
    size: u16,
) -> Result<Listed<Certificate>, StorageError> {
    let start = after.map_or(Start::First, Start::After);
    certificate_list::whole(portal, who, &Wanted::default(), &start, size).await
}

/// This person's certificate with this thumbprint; somebody else's counts as
/// missing.
pub async fn own_certificate(
    portal: &Portal,
    who: &Caller,
    thumbprint: &Thumbprint,
) -> Result<Option<Certificate>, StorageError> {
    let at = &who.connection_id;
    let found = certificates::by_thumbprint(&portal.storage, at, thumbprint).await?;
    Ok(found.filter(|certificate| {
        let own = certificate.owner_id == who.owner_id;
        if !own {
            tracing::warn!(event = "not_yours", certificate = certificate.id);
        }
        own
    }))
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
