//! Sorts issuances whose worker is gone: says "unknown" where a call may have
//! gone out, and never makes one itself. A lease that has lapsed is the only
//! proof that a worker is gone: even beside a SQLite file another process, the
//! command line's, may be at work.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use super::Portal;
use super::engine::{By, step};
use crate::domain::issuance::{Cause, Event, Issuance};
use crate::storage::StorageError;
use crate::storage::issuances::{Change, open_without_lease};

/// How often it looks, in milliseconds: not the same on every node, so that
/// nodes started together do not look together for ever. With the longest
/// lease this stays under ten seconds.
const EVERY: RangeInclusive<u64> = 1_500..=2_500;

/// Sorts at once and then on a timer, for as long as the process lives.
pub async fn run(portal: Arc<Portal>) {
    loop {
        if let Err(error) = sort(&portal).await {
            tracing::warn!(event = "issuances_not_sorted", %error);
        }
        let pause = Duration::from_millis(rand::random_range(EVERY));
        tokio::time::sleep(pause).await;
    }
}

/// Moves every issuance that is in flight without a live lease to `unknown`.
/// Answers how many it moved.
pub async fn sort(portal: &Portal) -> Result<usize, StorageError> {
    let now = portal.clock.now();
    let left = open_without_lease(&portal.storage, now).await?;
    let mut sorted = 0;
    for issuance in left {
        if !portal.in_flight.works_on(&issuance.id) && give_up_waiting(portal, &issuance).await? {
            tracing::warn!(event = "worker_gone", issuance = %issuance.id, state = %issuance.state);
            sorted += 1;
        }
    }
    Ok(sorted)
}

async fn give_up_waiting(portal: &Portal, issuance: &Issuance) -> Result<bool, StorageError> {
    let change = Change {
        cause: Some(Cause::WorkerGone),
        ..Change::default()
    };
    let (before, now) = (issuance.clone(), portal.clock.now());
    let keys = Arc::clone(&portal.keys);
    portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                let event = Event::OutcomeUnknown;
                step(conn, &keys, &before, event, &change, &By::Portal, now).await
            })
        })
        .await
}
