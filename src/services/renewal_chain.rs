//! A certificate's chain of renewals: what it renewed, and what replaced it.

use super::{Caller, Portal, certificates};
use crate::domain::certificate::Certificate;
use crate::domain::thumbprint::Thumbprint;
use crate::storage::StorageError;

/// How many certificates are followed in each direction.
const LONGEST: usize = 12;

/// The chain that contains `certificate`, newest first and itself included, as
/// far as this person's certificates are known here.
pub async fn renewal_chain(
    portal: &Portal,
    who: &Caller,
    certificate: &Certificate,
) -> Result<Vec<Certificate>, StorageError> {
    let replaced_by = |one: &Certificate| one.replaced_by.clone();
    let mut chain = follow(portal, who, certificate, replaced_by).await?;
    chain.reverse();
    chain.push(certificate.clone());
    let renews = |one: &Certificate| one.renews.clone();
    chain.extend(follow(portal, who, certificate, renews).await?);
    Ok(chain)
}

async fn follow(
    portal: &Portal,
    who: &Caller,
    from: &Certificate,
    to: impl Fn(&Certificate) -> Option<Thumbprint>,
) -> Result<Vec<Certificate>, StorageError> {
    let mut found = Vec::new();
    let mut next = to(from);
    while let Some(thumbprint) = next.take().filter(|_| found.len() < LONGEST) {
        let one = certificates::own_certificate(portal, who, &thumbprint).await?;
        next = one.as_ref().and_then(&to);
        found.extend(one);
    }
    Ok(found)
}
