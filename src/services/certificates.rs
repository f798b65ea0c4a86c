//! A person's certificates.

use super::{Caller, Portal};
use crate::domain::certificate::Certificate;
use crate::domain::thumbprint::Thumbprint;
use crate::storage::{Page, StorageError, certificates};

/// One page of this person's certificates that have not been replaced, in order
/// of expiry.
pub async fn current(
    portal: &Portal,
    who: &Caller,
    after: Option<Vec<u8>>,
    size: u16,
) -> Result<Page<Certificate>, StorageError> {
    certificates::current(&portal.storage, &who.owner_id, after, size).await
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
