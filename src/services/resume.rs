//! Ways out of a half-finished issuance: finalize again with the same code,
//! or give it up.

use std::sync::Arc;

use super::connections::ConnectionError;
use super::engine::{By, step};
use super::{Caller, Portal, engine};
use crate::domain::issuance::{Event, State};
use crate::storage::StorageError;
use crate::storage::issuances::{self, Change, Issuance};

/// What became of a wish to go on, or to give up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resumed {
    /// The work goes on (or is given up): look at the issuance's page.
    Done,
    /// It stands where that cannot be done, or somebody was quicker: look there too.
    NotNow,
    /// There is no such issuance for this person.
    Missing,
    /// Its connection is gone or disabled.
    NoConnection,
}

/// Repeats `csr/finalize` with the code that is known; never `csr/create`.
/// `seen` is the attempt that the button was shown at, where it says one: a
/// button pressed twice asks once.
///
/// # Errors
/// [`ConnectionError`] where the database or the connection fails: then nothing was sent.
pub async fn resume(
    portal: &Arc<Portal>,
    who: &Caller,
    id: &str,
    seen: Option<i64>,
) -> Result<Resumed, ConnectionError> {
    let Some(issuance) = issuances::owned(&portal.storage, id, &who.owner_id).await? else {
        return Ok(Resumed::Missing);
    };
    let is_stale = seen.is_some_and(|seen| seen != issuance.attempt);
    if is_stale || !issuance.state.may_resume(issuance.request_code.is_some()) {
        return Ok(Resumed::NotNow);
    }
    let redtrust = portal.connections.by_id(&issuance.connection_id).await?;
    let Some(redtrust) = redtrust.filter(|redtrust| redtrust.connection.enabled) else {
        return Ok(Resumed::NoConnection);
    };
    let moved = engine::begin_finalize(portal, &redtrust, &issuance, who).await?;
    Ok(if moved {
        Resumed::Done
    } else {
        Resumed::NotNow
    })
}

/// Gives an issuance up. A key pair that Redtrust made stays there unused.
pub async fn abandon(portal: &Portal, who: &Caller, id: &str) -> Result<Resumed, StorageError> {
    let Some(issuance) = issuances::owned(&portal.storage, id, &who.owner_id).await? else {
        return Ok(Resumed::Missing);
    };
    give_up(portal, who, issuance).await
}

/// Throws a draft away; what was sent before stays where it is.
pub async fn discard(portal: &Portal, who: &Caller, id: &str) -> Result<Resumed, StorageError> {
    let Some(issuance) = issuances::owned(&portal.storage, id, &who.owner_id).await? else {
        return Ok(Resumed::Missing);
    };
    if issuance.state != State::Draft {
        return Ok(Resumed::NotNow);
    }
    give_up(portal, who, issuance).await
}

async fn give_up(
    portal: &Portal,
    who: &Caller,
    issuance: Issuance,
) -> Result<Resumed, StorageError> {
    let (keys, now) = (Arc::clone(&portal.keys), portal.clock.now());
    let by = By::Owner(who.source.clone());
    let moved = portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                let (event, change) = (Event::Abandoned, Change::default());
                step(conn, &keys, &issuance, event, &change, &by, now).await
            })
        })
        .await?;
    Ok(if moved {
        Resumed::Done
    } else {
        Resumed::NotNow
    })
}
