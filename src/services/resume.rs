//! Ways out of a half-finished issuance: finalize again with the same code, or
//! abandon it.

use std::sync::Arc;

use super::connections::ConnectionError;
use super::engine::{By, step};
use super::mail::Means;
use super::{Caller, Portal, engine, history};
use crate::domain::issuance::{Event, Standing};
use crate::storage::StorageError;
use crate::storage::issuances::Change;

/// Result of resuming, abandoning or discarding an issuance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resumed {
    /// The work continues, or the issuance is abandoned: show its page.
    Done,
    /// Its state does not allow this, or a concurrent change came first: show
    /// its page too.
    NotNow,
    Missing,
    /// Its connection was removed or disabled.
    NoConnection,
    /// As many others of this person are under way as may be: nothing has changed.
    TooMany,
}

impl Resumed {
    const fn moved(moved: bool) -> Self {
        match moved {
            true => Self::Done,
            false => Self::NotNow,
        }
    }
}

/// Repeats `csr/finalize` with the known code; never `csr/create`. `seen` is
/// the version that the button was rendered for, if given: pressing the button
/// twice sends one call.
///
/// # Errors
/// [`ConnectionError`] if the database or the connection fails: then nothing
/// was sent.
pub async fn resume(
    portal: &Arc<Portal>,
    who: &Caller,
    id: &str,
    seen: Option<i64>,
) -> Result<Resumed, ConnectionError> {
    finalize(portal, who, id, seen, true).await
}

/// The same for a line of a run, which has a place of its run.
///
/// # Errors
/// As [`resume`].
pub async fn resume_line(
    portal: &Arc<Portal>,
    who: &Caller,
    id: &str,
) -> Result<Resumed, ConnectionError> {
    finalize(portal, who, id, None, false).await
}

async fn finalize(
    portal: &Arc<Portal>,
    who: &Caller,
    id: &str,
    seen: Option<i64>,
    single: bool,
) -> Result<Resumed, ConnectionError> {
    let Some((issuance, standing)) = history::find(portal, who, id).await? else {
        return Ok(Resumed::Missing);
    };
    let is_stale = seen.is_some_and(|seen| seen != issuance.version);
    if is_stale || !standing.may_resume() {
        return Ok(Resumed::NotNow);
    }
    let redtrust = portal.connections.by_id(&issuance.connection_id).await?;
    let Some(redtrust) = redtrust.filter(|redtrust| redtrust.connection.enabled) else {
        return Ok(Resumed::NoConnection);
    };
    let place = single.then(|| portal.in_flight.singles.take(&issuance));
    let Ok(place) = place.transpose() else {
        return Ok(Resumed::TooMany);
    };
    let moved = engine::begin_finalize(portal, &redtrust, &issuance, who, place).await?;
    Ok(Resumed::moved(moved))
}

/// Abandons an issuance. A key pair that Redtrust made stays there unused.
pub async fn abandon(portal: &Portal, who: &Caller, id: &str) -> Result<Resumed, StorageError> {
    give_up(portal, who, id, Standing::may_abandon).await
}

/// Discards a draft: it becomes abandoned. What Redtrust got before stays
/// there.
pub async fn discard(portal: &Portal, who: &Caller, id: &str) -> Result<Resumed, StorageError> {
    give_up(portal, who, id, Standing::may_discard).await
}

async fn give_up(
    portal: &Portal,
    who: &Caller,
    id: &str,
    may: impl Fn(Standing) -> bool,
) -> Result<Resumed, StorageError> {
    let Some((issuance, standing)) = history::find(portal, who, id).await? else {
        return Ok(Resumed::Missing);
    };
    if !may(standing) {
        return Ok(Resumed::NotNow);
    }
    let (means, now) = (Means::of(portal), portal.clock.now());
    let by = By::Owner(who.source.clone());
    let moved = portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                // What was typed after it was turned back is sent no more.
                let order = issuance.order.as_ref();
                let ordered = order.and_then(|order| order.dn.common_name());
                let change = Change {
                    holder: ordered.map(ToOwned::to_owned),
                    ..Change::default()
                };
                step(conn, &means, &issuance, Event::Abandoned, &change, &by, now).await
            })
        })
        .await?;
    Ok(Resumed::moved(moved))
}
