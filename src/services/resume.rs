//! Ways out of a half-finished issuance: finalize again with the same code,
//! or give it up.

use std::sync::Arc;

use super::connections::ConnectionError;
use super::{Portal, Who, engine};
use crate::domain::issuance::{Event, State};
use crate::storage::StorageError;
use crate::storage::issuances::{self, Change, Issuance, transition};

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
///
/// # Errors
/// [`ConnectionError`] where the database or the connection fails: then nothing was sent.
pub async fn resume(portal: &Arc<Portal>, who: &Who, id: &str) -> Result<Resumed, ConnectionError> {
    let Some(issuance) = issuances::owned(&portal.storage, id, &who.owner_id).await? else {
        return Ok(Resumed::Missing);
    };
    if !issuance.state.may_resume(issuance.request_code.is_some()) {
        return Ok(Resumed::NotNow);
    }
    let peer = portal.connections.by_id(&issuance.connection_id).await?;
    let Some(peer) = peer.filter(|peer| peer.connection.enabled) else {
        return Ok(Resumed::NoConnection);
    };
    let moved = engine::begin_finalize(portal, &peer, &issuance, &who.sign_in_id).await?;
    Ok(if moved {
        Resumed::Done
    } else {
        Resumed::NotNow
    })
}

/// Gives an issuance up. A key pair that Redtrust made stays there unused.
///
/// # Errors
/// [`StorageError`] as for every write.
pub async fn abandon(portal: &Portal, who: &Who, id: &str) -> Result<Resumed, StorageError> {
    let Some(issuance) = issuances::owned(&portal.storage, id, &who.owner_id).await? else {
        return Ok(Resumed::Missing);
    };
    give_up(portal, issuance).await
}

/// Throws a draft away; what was sent before stays where it is.
///
/// # Errors
/// [`StorageError`] as for every write.
pub async fn discard(portal: &Portal, who: &Who, id: &str) -> Result<Resumed, StorageError> {
    let Some(issuance) = issuances::owned(&portal.storage, id, &who.owner_id).await? else {
        return Ok(Resumed::Missing);
    };
    if issuance.state != State::Draft {
        return Ok(Resumed::NotNow);
    }
    give_up(portal, issuance).await
}

async fn give_up(portal: &Portal, issuance: Issuance) -> Result<Resumed, StorageError> {
    let now = portal.clock.now();
    let moved = portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                transition(conn, &issuance, Event::Abandoned, &Change::default(), now).await
            })
        })
        .await?;
    Ok(if moved {
        Resumed::Done
    } else {
        Resumed::NotNow
    })
}
