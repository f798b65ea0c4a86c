//! Submits a draft to the engine, exactly once however often the button is
//! pressed.

use std::sync::Arc;

use super::draft::Draft;
use super::duplicates::has_others;
use super::order::{NotReady, for_server, prepare};
use crate::domain::issuance::State;
use crate::domain::order::Order;
use crate::services::connections::ConnectionError;
use crate::services::{Caller, Portal, engine};
use crate::storage::runs::HeldLine;
use crate::storage::{StorageError, issuances};

/// Result of submitting a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submitted {
    /// The work continues: show the issuance's page.
    Submitted,
    /// It was submitted before: show the same page.
    AlreadySubmitted,
    /// Something must be done first.
    NotReady(NotReady),
    Missing,
    /// Its connection was removed or disabled.
    NoConnection,
    /// As many others of this person are under way as may be: it stays a draft.
    TooMany,
    /// It changed since the check page was rendered, or what its holder has: check again.
    Stale,
}

/// Submits a draft if it is unchanged since its check page was rendered, `seen` being the
/// version of that page, and its holder has nothing that the page did not show: `shown` are
/// the marks of what it did, if it was a page that shows any.
///
/// # Errors
/// [`ConnectionError`] if the database or the connection fails: then nothing
/// was sent.
pub async fn submit(
    portal: &Arc<Portal>,
    who: &Caller,
    draft: &Draft,
    seen: i64,
    shown: Option<&str>,
) -> Result<Submitted, ConnectionError> {
    if !draft.is_draft() {
        return Ok(Submitted::AlreadySubmitted);
    }
    if draft.issuance.version != seen {
        return Ok(Submitted::Stale);
    }
    let order = match prepare(portal, draft).await? {
        Ok(order) => order,
        Err(not_ready) => return Ok(Submitted::NotReady(not_ready)),
    };
    if let Some(shown) = shown
        && has_others(portal, &draft.issuance, &order, shown).await?
    {
        return not_sent(portal, who, draft).await;
    }
    send(portal, who, draft, order, None).await
}

/// Submits a draft, as it was loaded, as a line of a run. That the line was ordered as this
/// issuance is stored with the intent: whoever dies, the two never differ.
///
/// # Errors
/// As [`submit`].
pub async fn submit_line(
    portal: &Arc<Portal>,
    who: &Caller,
    draft: &Draft,
    line: HeldLine,
) -> Result<Submitted, ConnectionError> {
    if !draft.is_draft() {
        return Ok(Submitted::AlreadySubmitted);
    }
    match prepare(portal, draft).await? {
        Ok(order) => send(portal, who, draft, order, Some(line)).await,
        Err(not_ready) => Ok(Submitted::NotReady(not_ready)),
    }
}

async fn send(
    portal: &Arc<Portal>,
    who: &Caller,
    draft: &Draft,
    order: Order,
    line: Option<HeldLine>,
) -> Result<Submitted, ConnectionError> {
    let issuance = &draft.issuance;
    let redtrust = portal.connections.by_id(&issuance.connection_id).await?;
    let Some(redtrust) = redtrust.filter(|redtrust| redtrust.connection.enabled) else {
        return Ok(Submitted::NoConnection);
    };
    let order = for_server(order, &redtrust.connection);
    let single = line.is_none();
    let place = single.then(|| portal.in_flight.singles.take(issuance));
    let Ok(place) = place.transpose() else {
        return Ok(Submitted::TooMany);
    };
    match engine::begin_create(portal, &redtrust, issuance, who, order, line, place).await {
        Ok(true) => return Ok(Submitted::Submitted),
        Ok(false) => {}
        // Another draft already renewed the same certificate, or the line waits no more.
        Err(StorageError::Conflict) => {
            let prepared = prepare(portal, draft).await?;
            return Ok(prepared.map_or_else(Submitted::NotReady, |_| Submitted::Stale));
        }
        Err(error) => return Err(error.into()),
    }
    not_sent(portal, who, draft).await
}

/// What became meanwhile of a draft that is not sent now.
async fn not_sent(
    portal: &Portal,
    who: &Caller,
    draft: &Draft,
) -> Result<Submitted, ConnectionError> {
    let now = issuances::owned(&portal.storage, &draft.issuance.id, &who.owner_id).await?;
    Ok(match now {
        None => Submitted::Missing,
        Some(issuance) if issuance.state == State::Draft => Submitted::Stale,
        Some(_) => Submitted::AlreadySubmitted,
    })
}
