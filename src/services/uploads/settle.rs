//! Settles a request whose outcome is unknown, or whose certificate Redtrust refused,
//! by its certificate: one that was made for the key of its CSR. Its owner could have made
//! such a one too, so it counts as issued only if a CA signed it that issues for the
//! connection, and if its name and dates are those that were asked for. Any other is kept
//! as what its owner has shown, and the outcome is not known.
//!
//! Redtrust's id of that certificate stays unknown: it is in no file.

use super::{UploadProblem, issuers, read};
use crate::domain::certificate::{Certificate, Validity};
use crate::domain::certificate_file::CertificateFacts;
use crate::domain::certificate_trust::fits;
use crate::domain::issuance::{Cause, Event, Issuance, State};
use crate::services::engine::{By, step};
use crate::services::jobs::{Job, JobError};
use crate::services::mail::Means;
use crate::services::{Caller, Portal, ids, own};
use crate::storage::StorageError;
use crate::storage::certificates;
use crate::storage::issuances::Change;

/// Result of settling a request with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// The request is now issued.
    Done,
    /// The file is kept as what its owner has shown; the outcome is still not known.
    Shown,
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
) -> Result<Settled, JobError> {
    let Some(issuance) = own::issuance(portal, who, id).await? else {
        return Ok(Settled::Missing);
    };
    if !may_settle(&issuance) {
        return Ok(Settled::NotNow);
    }
    let job = Job::of(portal, &who.counted_as).await?;
    let mut all = match read(&job, file).await? {
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
    let shown = all.remove(at);
    let proof = Proof {
        proven: is_proven(portal, &job, &issuance, &shown, &all).await?,
        shown,
    };
    match write(portal, who, issuance, &proof).await {
        Ok(true) if proof.proven => Ok(Settled::Done),
        Ok(true) => Ok(Settled::Shown),
        Ok(false) => Ok(Settled::NotNow),
        Err(StorageError::Conflict) => {
            let taken = UploadProblem::Taken(vec![proof.shown]);
            Ok(Settled::Wrong(taken))
        }
        Err(error) => Err(error.into()),
    }
}

/// A certificate for the key of a request, and whether it proves what became of it.
struct Proof {
    shown: CertificateFacts,
    proven: bool,
}

async fn is_proven(
    portal: &Portal,
    job: &Job,
    issuance: &Issuance,
    shown: &CertificateFacts,
    rest: &[CertificateFacts],
) -> Result<bool, JobError> {
    let now = portal.clock.now();
    let fits = match (&issuance.order, issuance.submitted_at) {
        (Some(order), Some(ordered_at)) => fits(shown, order, ordered_at, now),
        _ => false,
    };
    Ok(fits && issuers::issues(portal, job, &issuance.connection_id, shown, rest).await?)
}

/// One transaction, and only if the request is still in the state it was read
/// in.
async fn write(
    portal: &Portal,
    who: &Caller,
    issuance: Issuance,
    proof: &Proof,
) -> Result<bool, StorageError> {
    let (shown, now) = (&proof.shown, portal.clock.now());
    let example = certificates::any_thumbprint(&portal.storage, &issuance.connection_id).await?;
    let thumbprint = shown.called_like(example.as_ref()).clone();
    let (event, cause) = match proof.proven {
        true => (Event::Issued, Cause::ProvenByFile),
        false => (Event::Shown, Cause::ShownByOwner),
    };
    let change = Change {
        thumbprint: Some(thumbprint.clone()),
        cause: Some(cause),
        ..Change::default()
    };
    let (subject, validity) = (shown.subject.preview(), Validity::Exact(shown.not_after));
    let id = ids::new_id();
    let certificate = Certificate {
        proven: proof.proven,
        ..Certificate::of_issuance(&issuance, id, thumbprint, subject, validity, now)
    };
    let (means, by) = (Means::of(portal), By::Owner(who.source.clone()));
    portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                if !step(conn, &means, &issuance, event, &change, &by, now).await? {
                    return Ok(false);
                }
                certificates::insert(conn, &means.keys, &certificate).await?;
                Ok(true)
            })
        })
        .await
}
