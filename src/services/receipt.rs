//! The evidence of an issuance: the request and its certificate.

use super::connections::ConnectionError;
use super::{Caller, Portal, own};
use crate::domain::certificate::Certificate;
use crate::domain::issuance::{Issuance, State};
use crate::storage::certificates;

/// An issuance with its certificate.
#[derive(Debug, Clone)]
pub struct Receipt {
    pub issuance: Issuance,
    pub certificate: Certificate,
    /// The Redtrust server's name; empty if it was removed.
    pub connection: String,
}

/// The receipt of one of this person's issuances; `None` if it has no
/// certificate, is missing or belongs to somebody else.
pub async fn receipt(
    portal: &Portal,
    who: &Caller,
    id: &str,
) -> Result<Option<Receipt>, ConnectionError> {
    let storage = &portal.storage;
    let found = own::issuance(portal, who, id).await?;
    let may_have_one = |one: &Issuance| one.state == State::Issued || one.is_shown_by_owner();
    let Some(issuance) = found.filter(may_have_one) else {
        return Ok(None);
    };
    let Some(certificate) = certificates::of_issuance(storage, &issuance.id).await? else {
        return Ok(None);
    };
    let connections = portal.connections.all().await?;
    let connection = connections
        .iter()
        .find(|connection| connection.id == issuance.connection_id);
    Ok(Some(Receipt {
        connection: connection.map_or_else(String::new, |one| one.settings.name.clone()),
        issuance,
        certificate,
    }))
}
