//! Drafts that start with the answers of an earlier issuance: a renewal, a new
//! issue instead of a renewal, or another attempt.

use std::collections::HashMap;

use super::issue::{self, Draft, NewDraft};
use super::{Caller, Portal, resume};
use crate::domain::answers::Answers;
use crate::domain::certificate::{Certificate, Obstacle};
use crate::domain::connection::RequestOptions;
use crate::domain::holder::Kind;
use crate::domain::issuance::{Issuance, State};
use crate::domain::thumbprint::Thumbprint;
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
            if let Some(not) = not_now(portal, who, certificate).await? {
                return Ok(not);
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
    draft(portal, who, draft_id, answers, renews).await
}

/// Starts the renewal of a certificate of which only the thumbprint is known: the
/// holder's details are asked for, `answers` are the first of them.
pub async fn begin_with_details(
    portal: &Portal,
    who: &Caller,
    certificate: &Certificate,
    answers: Answers,
    draft_id: &str,
) -> Result<Begun, StorageError> {
    if answers.kind() == Some(Kind::Seal) {
        return Ok(Begun::Blocked(Obstacle::Seal));
    }
    if let Some(not) = not_now(portal, who, certificate).await? {
        return Ok(not);
    }
    let renews = Some(certificate.thumbprint.clone());
    draft(portal, who, draft_id, answers, renews).await
}

/// Why a certificate cannot be renewed now, if so.
async fn not_now(
    portal: &Portal,
    who: &Caller,
    certificate: &Certificate,
) -> Result<Option<Begun>, StorageError> {
    if let Some(open) = open_renewals(portal, who, certificate).await?.pop() {
        return Ok(Some(Begun::UnderWay(Box::new(open))));
    }
    let obstacle = certificate.renewal_obstacle(portal.clock.now());
    Ok(obstacle.map(Begun::Blocked))
}

/// This person's renewals of these certificates that were sent and are not over: the id and
/// the state of each.
pub async fn under_way(
    portal: &Portal,
    who: &Caller,
    certificates: &[&Thumbprint],
) -> Result<HashMap<Thumbprint, (String, State)>, StorageError> {
    issuances::renewals_under_way(&portal.storage, &who.owner_id, certificates).await
}

/// Why no renewal of a certificate can be sent now, if so.
pub async fn obstacle(
    portal: &Portal,
    who: &Caller,
    certificate: &Certificate,
) -> Result<Option<Obstacle>, StorageError> {
    let obstacle = certificate.renewal_obstacle(portal.clock.now());
    if obstacle.is_some() {
        return Ok(obstacle);
    }
    let thumbprint = &certificate.thumbprint;
    let mut open = under_way(portal, who, &[thumbprint]).await?;
    let open = open.remove(thumbprint);
    Ok(open.map(|(id, _)| Obstacle::UnderWay(id)))
}

async fn draft(
    portal: &Portal,
    who: &Caller,
    id: &str,
    answers: Answers,
    renews: Option<Thumbprint>,
) -> Result<Begun, StorageError> {
    let draft = NewDraft {
        id: id.to_owned(),
        answers,
        renews,
    };
    let begun = issue::begin(portal, who, draft).await?;
    Ok(begun.map_or(Begun::Missing, |draft| Begun::Draft(Box::new(draft))))
}

/// Whether the holder's details must be asked for before a certificate can be renewed:
/// nothing but its thumbprint is known.
pub async fn needs_details(
    portal: &Portal,
    certificate: &Certificate,
) -> Result<bool, StorageError> {
    Ok(answers_of(portal, certificate).await?.is_none())
}

/// The answers that led to a certificate, or that its own name gives.
async fn answers_of(
    portal: &Portal,
    certificate: &Certificate,
) -> Result<Option<Answers>, StorageError> {
    let origin = issue::origin(portal, certificate, &RequestOptions::default()).await?;
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
