//! Renewals: which certificates can be renewed, and why not the others.

use std::time::Duration;

use super::issue::{self, Answers, Begun, NewDraft};
use super::{Caller, Portal, resume};
use crate::domain::holder::Kind;
use crate::domain::issuance::State;
use crate::domain::millis::Millis;
use crate::domain::order::Order;
use crate::domain::thumbprint::Thumbprint;
use crate::storage::certificates::{self, Certificate};
use crate::storage::issuances::{self, Issuance};
use crate::storage::{Storage, StorageError};

/// So long before it expires a certificate may be renewed without a warning.
pub const WINDOW: Duration = Duration::from_secs(30 * 24 * 3600);

/// What keeps a certificate from being renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// It has expired.
    Expired,
    /// Seals are issued anew.
    Seal,
    /// Another has taken its place.
    Replaced(Thumbprint),
    /// A renewal with this id has begun.
    UnderWay(String),
    /// It is not this person's, or what it was ordered with is not known here.
    Unknown,
}

/// What is worth saying before a renewal that is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// The RA may refuse a renewal before this point.
    Early {
        /// From when on it is usual.
        usual_from: Millis,
    },
    /// The expiry is an estimate: the certificate itself knows better.
    Estimated,
}

/// What became of a wish to renew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Renewal {
    /// A draft with this id is there.
    Draft(String),
    /// A renewal that has begun before: look there.
    UnderWay(String),
    /// It cannot be renewed.
    Blocked(Obstacle),
    /// There is no such certificate for this person.
    Missing,
}

/// What the certificate itself says against a renewal at `now`.
pub fn obstacle(certificate: &Certificate, now: Millis) -> Option<Obstacle> {
    if let Some(replaced_by) = &certificate.replaced_by {
        Some(Obstacle::Replaced(replaced_by.clone()))
    } else if certificate.kind == Kind::Seal.as_str() {
        Some(Obstacle::Seal)
    } else if certificate.not_after <= now {
        Some(Obstacle::Expired)
    } else {
        None
    }
}

/// What is worth saying before a renewal at `now`.
pub fn advice(certificate: &Certificate, now: Millis) -> Vec<Advice> {
    let usual_from = certificate.not_after - WINDOW;
    let early = (now < usual_from).then_some(Advice::Early { usual_from });
    let estimated = (!certificate.exact).then_some(Advice::Estimated);
    early.into_iter().chain(estimated).collect()
}

/// This person's certificate with this thumbprint: another's is as good as missing.
pub async fn own_certificate(
    storage: &Storage,
    who: &Caller,
    thumbprint: &Thumbprint,
) -> Result<Option<Certificate>, StorageError> {
    let found = certificates::by_thumbprint(storage, &who.connection_id, thumbprint).await?;
    Ok(found.filter(|certificate| certificate.owner_id == who.owner_id))
}

/// Begins the renewal of this person's certificate: a draft with the answers
/// that led to it. A form sent twice makes one draft.
pub async fn begin_renewal(
    portal: &Portal,
    who: &Caller,
    thumbprint: &Thumbprint,
    draft_id: &str,
) -> Result<Renewal, StorageError> {
    let storage = &portal.storage;
    let Some(certificate) = own_certificate(storage, who, thumbprint).await? else {
        return Ok(Renewal::Missing);
    };
    let open = issuances::open_renewal(storage, &who.owner_id, thumbprint).await?;
    if let Some(open) = open.first() {
        return Ok(Renewal::UnderWay(open.id.clone()));
    }
    if let Some(obstacle) = obstacle(&certificate, portal.clock.now()) {
        return Ok(Renewal::Blocked(obstacle));
    }
    let origin = issuances::by_id(storage, &certificate.issuance_id).await?;
    let Some(answers) = origin.and_then(|origin| Answers::from_stored(&origin.answers)) else {
        return Ok(Renewal::Blocked(Obstacle::Unknown));
    };
    let draft = NewDraft {
        id: draft_id.to_owned(),
        answers: Answers {
            data_changed: String::new(),
            ..answers
        },
        renews: Some(thumbprint.clone()),
    };
    Ok(match issue::begin(portal, who, draft).await? {
        Begun::Draft(id) => Renewal::Draft(id),
        Begun::Missing => Renewal::Missing,
    })
}

/// Begins a new issue in place of a renewal, with the answers that led to the
/// certificate: data that changed cannot be renewed. A renewal of it that is
/// still a draft is thrown away.
pub async fn begin_anew(
    portal: &Portal,
    who: &Caller,
    thumbprint: &Thumbprint,
    draft_id: &str,
) -> Result<Renewal, StorageError> {
    let storage = &portal.storage;
    let Some(certificate) = own_certificate(storage, who, thumbprint).await? else {
        return Ok(Renewal::Missing);
    };
    let origin = issuances::by_id(storage, &certificate.issuance_id).await?;
    let Some(answers) = origin.and_then(|origin| Answers::from_stored(&origin.answers)) else {
        return Ok(Renewal::Blocked(Obstacle::Unknown));
    };
    for open in issuances::open_renewal(storage, &who.owner_id, thumbprint).await? {
        resume::discard(portal, who, &open.id).await?;
    }
    let draft = NewDraft {
        id: draft_id.to_owned(),
        answers: Answers {
            data_changed: String::new(),
            ..answers
        },
        renews: None,
    };
    Ok(match issue::begin(portal, who, draft).await? {
        Begun::Draft(id) => Renewal::Draft(id),
        Begun::Missing => Renewal::Missing,
    })
}

/// What `renewal` orders: once more what its certificate was ordered with. All
/// that could be said against it is looked at again, since time has passed.
pub(super) async fn order_again(
    portal: &Portal,
    renewal: &Issuance,
    thumbprint: &Thumbprint,
) -> Result<Result<Order, Obstacle>, StorageError> {
    let storage = &portal.storage;
    let found = certificates::by_thumbprint(storage, &renewal.connection_id, thumbprint).await?;
    let Some(certificate) = found.filter(|one| one.owner_id == renewal.owner_id) else {
        return Ok(Err(Obstacle::Unknown));
    };
    if let Some(obstacle) = obstacle(&certificate, portal.clock.now()) {
        return Ok(Err(obstacle));
    }
    let open = issuances::open_renewal(storage, &renewal.owner_id, thumbprint).await?;
    let submitted = |other: &&Issuance| other.id != renewal.id && other.state != State::Draft;
    if let Some(other) = open.iter().find(submitted) {
        return Ok(Err(Obstacle::UnderWay(other.id.clone())));
    }
    let origin = issuances::by_id(storage, &certificate.issuance_id).await?;
    let request = origin
        .and_then(|origin| origin.request)
        .and_then(|json| serde_json::from_str::<Order>(&json).ok());
    Ok(request.map_or(Err(Obstacle::Unknown), |request| {
        Ok(Order {
            renews: Some(thumbprint.clone()),
            request_code: None,
            ..request
        })
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 3600);

    fn certificate() -> Certificate {
        Certificate {
            id: "1".into(),
            connection_id: "c".into(),
            owner_id: "o".into(),
            issuance_id: "i".into(),
            certificate_id: Some("7".into()),
            thumbprint: "AB".repeat(20).parse().unwrap(),
            holder: "Ana".into(),
            subject: "CN=Ana".into(),
            kind: "person".into(),
            renews: None,
            replaced_by: None,
            issued_at: Millis(0),
            not_after: Millis(0) + DAY * 730,
            exact: true,
        }
    }

    #[test]
    fn a_valid_certificate_can_be_renewed_and_early_is_only_advised_against() {
        let certificate = certificate();
        let early = Millis(0) + DAY * 699;
        assert_eq!(obstacle(&certificate, early), None);
        let usual_from = Millis(0) + DAY * 700;
        assert_eq!(advice(&certificate, early), [Advice::Early { usual_from }]);
        assert_eq!(advice(&certificate, usual_from), []);
    }

    #[test]
    fn an_expired_one_a_seal_and_a_replaced_one_cannot() {
        let mut certificate = certificate();
        let end = certificate.not_after;
        assert_eq!(obstacle(&certificate, end), Some(Obstacle::Expired));
        assert_eq!(obstacle(&certificate, Millis(end.0 - 1)), None);
        certificate.kind = "seal".into();
        assert_eq!(obstacle(&certificate, Millis(0)), Some(Obstacle::Seal));
        let other: Thumbprint = "CD".repeat(20).parse().unwrap();
        certificate.replaced_by = Some(other.clone());
        let replaced = Some(Obstacle::Replaced(other));
        assert_eq!(obstacle(&certificate, Millis(0)), replaced);
    }

    #[test]
    fn an_estimated_expiry_is_said_to_be_one() {
        let mut certificate = certificate();
        certificate.exact = false;
        let late = certificate.not_after - DAY;
        assert_eq!(advice(&certificate, late), [Advice::Estimated]);
    }
}
