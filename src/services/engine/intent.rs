//! Commits the intent to make a call, before the call is made.

use std::sync::Arc;

use super::step::{By, step};
use crate::domain::issuance::{Event, Issuance};
use crate::domain::millis::Millis;
use crate::services::Portal;
use crate::storage::StorageError;
use crate::storage::issuances::Change;

/// Commits an intent under the lease in `change`. Returns the changed issuance;
/// `None` if somebody else changed it first.
pub(super) async fn commit_intent(
    portal: &Portal,
    issuance: &Issuance,
    event: Event,
    change: Change,
    by: By,
) -> Result<Option<Issuance>, StorageError> {
    let now = portal.clock.now();
    let Some(next) = with_intent(issuance, event, &change, now) else {
        return Ok(None);
    };
    let (before, keys) = (issuance.clone(), Arc::clone(&portal.keys));
    let moved = portal
        .storage
        .write(move |conn| {
            Box::pin(async move { step(conn, &keys, &before, event, &change, &by, now).await })
        })
        .await?;
    Ok(moved.then_some(next))
}

/// The issuance after the intent was committed. Computed, not read back: a
/// failed read would leave a stored intent that nobody works on.
fn with_intent(before: &Issuance, event: Event, change: &Change, now: Millis) -> Option<Issuance> {
    let mut next = before.clone();
    next.state = before.state.after(event).ok()?;
    next.version += 1;
    next.updated_at = now;
    next.lease_until = change.lease.as_ref().map_or(Millis(0), |lease| lease.until);
    (next.error, next.cause) = (None, None);
    for (kept, new) in [
        (&mut next.sign_in_id, &change.sign_in_id),
        (&mut next.holder, &change.holder),
    ] {
        if let Some(new) = new {
            kept.clone_from(new);
        }
    }
    next.order = change.order.clone().or(next.order);
    next.request_code = change.request_code.clone().or(next.request_code);
    Some(next)
}
