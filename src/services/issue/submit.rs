//! From a draft to the engine: once, whoever presses how often.

use std::sync::Arc;

use super::draft::Draft;
use super::order::{NotReady, for_server, prepare};
use crate::domain::issuance::State;
use crate::services::connections::ConnectionError;
use crate::services::{Caller, Portal, engine};
use crate::storage::{StorageError, issuances};

/// What became of a submit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submitted {
    /// The work goes on: look at the issuance's page.
    Submitted,
    /// It was submitted before: look at the same page.
    AlreadySubmitted,
    /// Something has to be done first.
    NotReady(NotReady),
    /// There is no such draft for this person.
    Missing,
    /// Its connection is gone or disabled.
    NoConnection,
    /// It changed since the check page was made: check again.
    Stale,
}

/// Submits a draft as it stood when its check page was made: `seen` is the
/// version that page was made from.
///
/// # Errors
/// [`ConnectionError`] where the database or the connection fails: then
/// nothing was sent.
pub async fn submit(
    portal: &Arc<Portal>,
    who: &Caller,
    draft: &Draft,
    seen: i64,
) -> Result<Submitted, ConnectionError> {
    let issuance = &draft.issuance;
    if !draft.is_draft() {
        return Ok(Submitted::AlreadySubmitted);
    }
    if issuance.version != seen {
        return Ok(Submitted::Stale);
    }
    let order = match prepare(portal, draft).await? {
        Ok(order) => order,
        Err(not_ready) => return Ok(Submitted::NotReady(not_ready)),
    };
    let redtrust = portal.connections.by_id(&issuance.connection_id).await?;
    let Some(redtrust) = redtrust.filter(|redtrust| redtrust.connection.enabled) else {
        return Ok(Submitted::NoConnection);
    };
    let order = for_server(order, &redtrust.connection);
    match engine::begin_create(portal, &redtrust, issuance, who, order).await {
        Ok(true) => return Ok(Submitted::Submitted),
        Ok(false) => {}
        // Another draft's renewal of the same certificate was quicker.
        Err(StorageError::Conflict) => {
            let prepared = prepare(portal, draft).await?;
            return Ok(prepared.map_or_else(Submitted::NotReady, |_| Submitted::Stale));
        }
        Err(error) => return Err(error.into()),
    }
    let now = issuances::owned(&portal.storage, &issuance.id, &who.owner_id).await?;
    Ok(match now {
        None => Submitted::Missing,
        Some(issuance) if issuance.state == State::Draft => Submitted::Stale,
        Some(_) => Submitted::AlreadySubmitted,
    })
}
