//! What exists already for the holder of a request: the same document, or the same name
//! whatever its case and accents. Somebody else of the same name is told apart.

use crate::domain::certificate::{Certificate, Validity};
use crate::domain::document::{etsi_in, masked_etsi};
use crate::domain::issuance::{Issuance, State};
use crate::domain::order::Order;
use crate::domain::thumbprint::Thumbprint;
use crate::services::Portal;
use crate::storage::issuances::Wanted;
use crate::storage::{StorageError, certificates, issuances};

/// How another holder compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    SameDocument,
    /// One of the two has no document, so the name is all there is.
    SameName,
    /// The same name with another document: another person.
    Namesake,
}

/// What there is for that holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A valid certificate.
    Certificate(Thumbprint, Validity),
    /// A request that is under way, or whose outcome is not known.
    Request { id: String, is_unknown: bool },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    pub likeness: Likeness,
    pub holder: String,
    /// The other's document, masked.
    pub document: Option<String>,
    pub found: Found,
}

impl Duplicate {
    fn new(own: Option<&str>, holder: String, name: &str, found: Found) -> Self {
        let theirs = etsi_in(name);
        let likeness = match (own, theirs) {
            (Some(own), Some(theirs)) if own == theirs => Likeness::SameDocument,
            (Some(_), Some(_)) => Likeness::Namesake,
            (None, _) | (_, None) => Likeness::SameName,
        };
        Self {
            likeness,
            holder,
            document: theirs.map(masked_etsi),
            found,
        }
    }

    fn of_certificate(own: Option<&str>, certificate: Certificate) -> Self {
        let found = Found::Certificate(certificate.thumbprint, certificate.validity);
        Self::new(own, certificate.holder, &certificate.subject, found)
    }

    fn of_request(own: Option<&str>, issuance: Issuance) -> Self {
        let name = issuance.order.map(|order| order.dn.preview());
        let found = Found::Request {
            id: issuance.id,
            is_unknown: issuance.state == State::Unknown,
        };
        Self::new(own, issuance.holder, &name.unwrap_or_default(), found)
    }
}

/// What this person has already for the holder of `order`, which is of the issuance `own`,
/// but for what it renews; the likest first.
pub async fn duplicates(
    portal: &Portal,
    own: &Issuance,
    order: &Order,
) -> Result<Vec<Duplicate>, StorageError> {
    let name = order.dn.preview();
    let document = etsi_in(&name);
    let wanted = Wanted {
        owner_id: &own.owner_id,
        holder: order.dn.common_name().unwrap_or_default(),
        document,
    };
    let (storage, keys, now) = (&portal.storage, &portal.keys, portal.clock.now());
    let mut valid = certificates::alike(storage, keys, wanted, now).await?;
    valid.retain(|found| order.renews.as_ref() != Some(&found.thumbprint));
    let mut open = issuances::alike(storage, keys, wanted).await?;
    open.retain(|found| found.id != own.id);
    let valid = valid.into_iter();
    let valid = valid.map(|one| Duplicate::of_certificate(document, one));
    let open = open.into_iter();
    let open = open.map(|one| Duplicate::of_request(document, one));
    let mut all: Vec<_> = valid.chain(open).collect();
    all.sort_by_key(|one| one.likeness);
    Ok(all)
}
