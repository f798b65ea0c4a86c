//! From a draft to the engine: once, whoever presses how often.

use std::sync::Arc;

use super::draft::load;
use super::field::Step;
use super::order::{Ready, for_server, prepare};
use crate::domain::issuance::State;
use crate::domain::order::Order;
use crate::services::connections::{ConnectionError, Redtrust};
use crate::services::renew::Obstacle;
use crate::services::{Caller, Portal, engine};
use crate::storage::StorageError;
use crate::storage::issuances::{self, Change, Issuance};

/// What became of a submit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submitted {
    /// The work goes on: look at this issuance's page.
    Submitted(String),
    /// It was submitted before: look at the same page.
    AlreadySubmitted(String),
    /// Something is missing or wrong on this step.
    Incomplete(Step),
    /// The certificate cannot be renewed (any more).
    NotRenewable(Obstacle),
    /// There is no such draft for this person.
    Missing,
    /// Its connection is gone or disabled.
    NoConnection,
    /// It changed since the check page was made: check again.
    Stale,
}

/// Submits a draft as it stood when its check page was made: `seen` is the
/// attempt that page was made from.
///
/// # Errors
/// [`ConnectionError`] where the database or the connection fails: then
/// nothing was sent.
pub async fn submit(
    portal: &Arc<Portal>,
    who: &Caller,
    id: &str,
    seen: i64,
) -> Result<Submitted, ConnectionError> {
    let Some(draft) = load(portal, who, id).await? else {
        return Ok(Submitted::Missing);
    };
    if draft.issuance.state != State::Draft {
        return Ok(Submitted::AlreadySubmitted(id.to_owned()));
    }
    if draft.issuance.attempt != seen {
        return Ok(Submitted::Stale);
    }
    let order = match prepare(portal, &draft).await? {
        Ready::Order(order) => order,
        not_ready => return Ok(refused(not_ready)),
    };
    let redtrust = portal
        .connections
        .by_id(&draft.issuance.connection_id)
        .await?;
    let Some(redtrust) = redtrust.filter(|redtrust| redtrust.connection.enabled) else {
        return Ok(Submitted::NoConnection);
    };
    match place(portal, who, &redtrust, &draft.issuance, order).await {
        Ok(true) => return Ok(Submitted::Submitted(id.to_owned())),
        Ok(false) => {}
        // Another draft's renewal of the same certificate was quicker.
        Err(StorageError::Conflict) => return Ok(refused(prepare(portal, &draft).await?)),
        Err(error) => return Err(error.into()),
    }
    let now = issuances::owned(&portal.storage, id, &who.owner_id).await?;
    Ok(match now {
        None => Submitted::Missing,
        Some(issuance) if issuance.state == State::Draft => Submitted::Stale,
        Some(_) => Submitted::AlreadySubmitted(id.to_owned()),
    })
}

fn refused(not_ready: Ready) -> Submitted {
    match not_ready {
        Ready::Order(_) => Submitted::Stale,
        Ready::Incomplete(step) => Submitted::Incomplete(step),
        Ready::NotRenewable(obstacle) => Submitted::NotRenewable(obstacle),
    }
}

/// Hands a draft with its order to the engine. Answers whether it was this
/// caller who moved it.
///
/// # Errors
/// [`StorageError`] where the intent could not be committed: then nothing is sent.
pub async fn place(
    portal: &Arc<Portal>,
    who: &Caller,
    redtrust: &Arc<Redtrust>,
    draft: &Issuance,
    order: Order,
) -> Result<bool, StorageError> {
    let holder = order.dn.common_name().map(ToOwned::to_owned);
    let request = for_server(order, &redtrust.connection);
    let json = serde_json::to_string(&request).map_err(|_| StorageError::Corrupt {
        table: "issuances",
        id: draft.id.clone(),
    })?;
    let change = Change {
        sign_in_id: Some(who.sign_in_id.clone()),
        holder,
        request: Some(json),
        ..Change::default()
    };
    engine::begin_create(portal, redtrust, draft, &who.source, request, change).await
}
