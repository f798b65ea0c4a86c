//! Resolves issuances whose worker is gone: moves them to "unknown" if a call
//! may have been sent, and never makes a call itself. An expired lease is the
//! only proof that a worker is gone: even with SQLite another process, such as
//! the command line, may be working.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tracing::Instrument as _;

use super::Portal;
use super::engine::{By, LeaseWatch, step};
use super::mail::Means;
use crate::domain::issuance::{Cause, Event, Issuance};
use crate::storage::StorageError;
use crate::storage::issuances::{Change, open_without_lease};

/// How often it runs, in milliseconds. Random, so that nodes started together
/// do not stay in step. With the longest lease, 6 seconds, this leaves a busy machine
/// three of the ten seconds within which nothing may be left without a worker.
const EVERY: RangeInclusive<u64> = 500..=1_000;

/// Runs at once and then on a timer, until the process ends.
pub async fn run(portal: Arc<Portal>) {
    let mut watch = LeaseWatch::default();
    loop {
        if let Err(error) = look(&portal, &mut watch).await {
            tracing::warn!(event = "issuances_not_sorted", %error);
        }
        let pause = Duration::from_millis(rand::random_range(EVERY));
        tokio::time::sleep(pause).await;
    }
}

async fn look(portal: &Portal, watch: &mut LeaseWatch) -> Result<(), StorageError> {
    let left = open_without_lease(&portal.storage, portal.clock.now()).await?;
    if watch.may_take_over(Instant::now()) {
        give_up(portal, left).await?;
    }
    Ok(())
}

/// Moves every issuance with a call in progress and no live lease to `unknown`.
/// Returns how many it moved.
pub async fn sort(portal: &Portal) -> Result<usize, StorageError> {
    let left = open_without_lease(&portal.storage, portal.clock.now()).await?;
    give_up(portal, left).await
}

/// One that cannot be moved keeps no other waiting, unless the database is at fault.
async fn give_up(portal: &Portal, left: Vec<Issuance>) -> Result<usize, StorageError> {
    let mut sorted = 0;
    for issuance in left {
        if portal.in_flight.works_on(&issuance.id) {
            continue;
        }
        let id = &issuance.id;
        let trace = tracing::info_span!("worker gone", otel.kind = "internal", issuance = %id);
        match give_up_waiting(portal, &issuance).instrument(trace).await {
            Ok(true) => {
                tracing::warn!(event = "worker_gone", issuance = %id, state = %issuance.state);
                sorted += 1;
            }
            Ok(false) => {}
            Err(StorageError::Busy) => return Err(StorageError::Busy),
            Err(error) => {
                tracing::warn!(event = "issuances_not_sorted", issuance = %id, %error);
                portal.storage.ping().await?;
            }
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
    let means = Means::of(portal);
    portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                let event = Event::OutcomeUnknown;
                step(conn, &means, &before, event, &change, &By::Portal, now).await
            })
        })
        .await
}
