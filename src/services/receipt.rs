//! What proves an issuance: the request and the certificate that it led to.

use super::connections::ConnectionError;
use super::{Caller, Portal};
use crate::domain::certificate::Certificate;
use crate::domain::issuance::{Issuance, State};
use crate::storage::{certificates, issuances};

/// An issuance that led to a certificate.
#[derive(Debug, Clone)]
pub struct Receipt {
    pub issuance: Issuance,
    pub certificate: Certificate,
    /// The Redtrust server's name; empty where it was removed.
    pub connection: String,
}

/// The receipt of one of this person's issuances; `None` where it led to no
/// certificate, and for another's as for a missing one.
///
/// # Errors
/// [`ConnectionError`] where the database or the connection fails.
pub async fn receipt(
    portal: &Portal,
    who: &Caller,
    id: &str,
) -> Result<Option<Receipt>, ConnectionError> {
    let storage = &portal.storage;
    let found = issuances::owned(storage, id, &who.owner_id).await?;
    let Some(issuance) = found.filter(|issuance| issuance.state == State::Issued) else {
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
