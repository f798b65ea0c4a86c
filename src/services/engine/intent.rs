//! Commits the intent to make a call, before the call is made.

use super::step::{By, step};
use crate::domain::issuance::{Event, Issuance};
use crate::services::Portal;
use crate::services::mail::Means;
use crate::storage::StorageError;
use crate::storage::issuances::Change;
use crate::storage::runs::{self, HeldLine};

/// Commits an intent under the lease in `change`, and that a line of a run was ordered with
/// it. Returns the changed issuance; `None` if somebody else changed it first.
pub(super) async fn commit_intent(
    portal: &Portal,
    issuance: &Issuance,
    event: Event,
    change: Change,
    by: By,
    line: Option<HeldLine>,
) -> Result<Option<Issuance>, StorageError> {
    let now = portal.clock.now();
    // Computed, not read back: a failed read would leave a stored intent that nobody works on.
    let next = change.applied_to(issuance, event, now);
    let (before, means) = (issuance.clone(), Means::of(portal));
    let moved = portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                let moved = step(conn, &means, &before, event, &change, &by, now).await?;
                if let Some(line) = line.filter(|_| moved)
                    && !runs::took(conn, &line, &before.id).await?
                {
                    return Err(StorageError::Conflict);
                }
                Ok(moved)
            })
        })
        .await?;
    Ok(next.filter(|_| moved))
}
