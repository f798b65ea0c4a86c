//! The evidence of an issuance: the request and its certificate.

use super::connections::ConnectionError;
use super::{Caller, Portal, own};
use crate::domain::certificate::Certificate;
use crate::domain::issuance::{Issuance, State};
use crate::storage::{certificates, issuances};

/// An issuance with its certificate.
#[derive(Debug, Clone)]
pub struct Receipt {
    pub issuance: Issuance,
    pub certificate: Certificate,
    /// The Redtrust server's name; empty if it was removed.
    pub connection: String,
    /// It is a play certificate: its Redtrust is a sandbox.
    pub play: bool,
}

/// What somebody who has the paper may know of a receipt: no names.
#[derive(Debug, Clone)]
pub struct Verified {
    pub reference: String,
    pub certificate: Certificate,
    /// It is a play certificate.
    pub play: bool,
}

/// The certificate behind a receipt's reference, as it was typed; `None` if there is
/// none.
///
/// # Errors
/// [`ConnectionError`]
pub async fn verify(portal: &Portal, typed: &str) -> Result<Option<Verified>, ConnectionError> {
    let reference = typed.trim().to_uppercase();
    let storage = &portal.storage;
    let Some(id) = issuances::id_of(storage, &reference).await? else {
        return Ok(None);
    };
    let Some(certificate) = certificates::of_issuance(storage, &id).await? else {
        return Ok(None);
    };
    // Reads the connections, so that the next line knows them.
    portal.connections.all().await?;
    Ok(Some(Verified {
        play: portal.connections.is_sandbox(&certificate.connection_id),
        reference,
        certificate,
    }))
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
        play: connection.is_some_and(|one| one.sandbox),
        connection: connection.map_or_else(String::new, |one| one.settings.name.clone()),
        issuance,
        certificate,
    }))
}
