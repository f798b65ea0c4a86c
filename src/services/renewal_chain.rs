//! A certificate's chain of renewals: what it renewed, and what replaced it.

use super::{Caller, renew};
use crate::domain::thumbprint::Thumbprint;
use crate::storage::certificates::Certificate;
use crate::storage::{Storage, StorageError};

/// So many certificates are followed each way.
const LONGEST: usize = 12;

/// The chain in which `certificate` stands, the newest first and itself
/// included, as far as this person's certificates are known here.
pub async fn of(
    storage: &Storage,
    who: &Caller,
    certificate: &Certificate,
) -> Result<Vec<Certificate>, StorageError> {
    let replaced_by = |one: &Certificate| one.replaced_by.clone();
    let mut chain = follow(storage, who, certificate, replaced_by).await?;
    chain.reverse();
    chain.push(certificate.clone());
    let renews = |one: &Certificate| one.renews.clone();
    chain.extend(follow(storage, who, certificate, renews).await?);
    Ok(chain)
}

async fn follow(
    storage: &Storage,
    who: &Caller,
    from: &Certificate,
    to: impl Fn(&Certificate) -> Option<Thumbprint>,
) -> Result<Vec<Certificate>, StorageError> {
    let mut found = Vec::new();
    let mut next = to(from);
    while let Some(thumbprint) = next.take().filter(|_| found.len() < LONGEST) {
        let one = renew::own_certificate(storage, who, &thumbprint).await?;
        next = one.as_ref().and_then(&to);
        found.extend(one);
    }
    Ok(found)
}
