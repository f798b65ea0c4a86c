//! Settles a request whose outcome is unknown, or whose certificate Redtrust refused,
//! by its certificate: one that was made for the key of its CSR.
//!
//! Redtrust's id of that certificate stays unknown: it is in no file.

use std::sync::Arc;

use super::{UploadProblem, read};
use crate::domain::certificate::{Certificate, Validity};
use crate::domain::issuance::{Cause, Event, Issuance, State};
use crate::services::engine::{By, step};
use crate::services::{Caller, Portal, ids, own};
use crate::storage::StorageError;
use crate::storage::certificates;
use crate::storage::issuances::Change;

/// Result of settling a request with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// The request is now issued.
    Done,
    /// The file changed nothing.
    Wrong(UploadProblem),
    /// There is nothing to settle in its state, or a concurrent change came
    /// first.
    NotNow,
    Missing,
}

/// Whether a certificate can settle this request: its outcome is not known, or Redtrust
/// refused to issue it, which need not be true for ever; and its key is known.
pub fn may_settle(issuance: &Issuance) -> bool {
    let is_open = match issuance.state {
        State::Unknown => true,
        State::KeyCreated => issuance.refusal().is_some(),
        _ => false,
    };
    is_open && issuance.csr_key.is_some()
}

/// Settles this person's request with the certificate in `file`.
pub async fn settle(
    portal: &Portal,
    who: &Caller,
    id: &str,
    file: Option<&[u8]>,
) -> Result<Settled, StorageError> {
    let storage = &portal.storage;
    let Some(issuance) = own::issuance(portal, who, id).await? else {
        return Ok(Settled::Missing);
    };
    if !may_settle(&issuance) {
        return Ok(Settled::NotNow);
    }
    let mut all = match read(file) {
        Ok(all) => all,
        Err(problem) => return Ok(Settled::Wrong(problem)),
    };
    let key = issuance.csr_key.as_ref();
    let Some(at) = all
        .iter()
        .position(|facts| key == Some(&facts.public_key_sha256))
    else {
        return Ok(Settled::Wrong(UploadProblem::OtherKey(all)));
    };
    let shown = all.swap_remove(at);
    let example = certificates::any_thumbprint(storage, &issuance.connection_id).await?;
    let thumbprint = shown.called_like(example.as_ref()).clone();
    let now = portal.clock.now();
    let change = Change {
        thumbprint: Some(thumbprint.clone()),
        cause: Some(Cause::ShownByOwner),
        ..Change::default()
    };
    let (subject, validity) = (shown.subject.preview(), Validity::Exact(shown.not_after));
    let id = ids::new_id();
    let certificate = Certificate::of_issuance(&issuance, id, thumbprint, subject, validity, now);
    match write(portal, who, issuance, change, certificate).await {
        Ok(true) => Ok(Settled::Done),
        Ok(false) => Ok(Settled::NotNow),
        Err(StorageError::Conflict) => Ok(Settled::Wrong(UploadProblem::Taken(vec![shown]))),
        Err(error) => Err(error),
    }
}

/// One transaction, and only if the request is still in the state it was read
/// in.
async fn write(
    portal: &Portal,
    who: &Caller,
    issuance: Issuance,
    change: Change,
    certificate: Certificate,
) -> Result<bool, StorageError> {
    let (keys, now) = (Arc::clone(&portal.keys), portal.clock.now());
    let by = By::Owner(who.source.clone());
    portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                if !step(conn, &keys, &issuance, Event::Issued, &change, &by, now).await? {
                    return Ok(false);
                }
                certificates::insert(conn, &certificate).await?;
                Ok(true)
            })
        })
        .await
}
