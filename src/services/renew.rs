//! Drafts that start with the answers of an earlier issuance: a renewal, a new
//! issue instead of a renewal, or another attempt.

use super::issue::{self, Draft, NewDraft};
use super::{Caller, Portal, resume};
use crate::domain::answers::Answers;
use crate::domain::certificate::{Certificate, Obstacle};
use crate::domain::issuance::Issuance;
use crate::storage::{StorageError, issuances};

/// What a draft starts from, and for which purpose.
#[derive(Debug, Clone, Copy)]
pub enum BeginFrom<'a> {
    /// A renewal of this certificate with unchanged data.
    Renewal(&'a Certificate),
    /// A new issue instead of a renewal, because data has changed. A renewal of
    /// the certificate that is still a draft is discarded.
    NewIssue(&'a Certificate),
    /// Another attempt after an issuance that failed.
    Again(&'a Issuance),
}

/// Result of starting the draft.
#[derive(Debug, Clone)]
pub enum Begun {
    Draft(Box<Draft>),
    /// A renewal of the certificate is already in progress.
    UnderWay(Box<Issuance>),
    /// The certificate cannot be renewed.
    Blocked(Obstacle),
    /// The id for the draft is invalid or belongs to somebody else.
    Missing,
}

/// Starts a draft with the answers of one of this person's earlier issuances. A
/// form submitted twice makes one draft.
pub async fn begin(
    portal: &Portal,
    who: &Caller,
    from: BeginFrom<'_>,
    draft_id: &str,
) -> Result<Begun, StorageError> {
    let (answers, renews) = match from {
        BeginFrom::Again(issuance) => (Some(issuance.answers.clone()), None),
        BeginFrom::NewIssue(certificate) => (answers_of(portal, certificate).await?, None),
        BeginFrom::Renewal(certificate) => {
            if let Some(open) = open_renewals(portal, who, certificate).await?.pop() {
                return Ok(Begun::UnderWay(Box::new(open)));
            }
            if let Some(obstacle) = certificate.renewal_obstacle(portal.clock.now()) {
                return Ok(Begun::Blocked(obstacle));
            }
            let renews = Some(certificate.thumbprint.clone());
            (answers_of(portal, certificate).await?, renews)
        }
    };
    let Some(answers) = answers else {
        return Ok(Begun::Blocked(Obstacle::Unknown));
    };
    if let BeginFrom::NewIssue(certificate) = from {
        for open in open_renewals(portal, who, certificate).await? {
            resume::discard(portal, who, &open.id).await?;
        }
    }
    let draft = NewDraft {
        id: draft_id.to_owned(),
        answers,
        renews,
    };
    let begun = issue::begin(portal, who, draft).await?;
    Ok(begun.map_or(Begun::Missing, |draft| Begun::Draft(Box::new(draft))))
}

/// The answers that led to a certificate.
async fn answers_of(
    portal: &Portal,
    certificate: &Certificate,
) -> Result<Option<Answers>, StorageError> {
    let origin = issuances::by_id(&portal.storage, &certificate.issuance_id).await?;
    Ok(origin.map(|origin| origin.answers))
}

/// The unfinished renewals of a certificate, newest last.
async fn open_renewals(
    portal: &Portal,
    who: &Caller,
    certificate: &Certificate,
) -> Result<Vec<Issuance>, StorageError> {
    let (storage, owner) = (&portal.storage, &who.owner_id);
    let mut open = issuances::open_renewal(storage, owner, &certificate.thumbprint).await?;
    open.reverse();
    Ok(open)
}
