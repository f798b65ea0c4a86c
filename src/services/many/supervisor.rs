//! Finds runs that nobody works on and takes them: those just confirmed, and those of a
//! process that is gone.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::shift;
use crate::services::Portal;
use crate::services::engine::LeaseWatch;
use crate::storage::{StorageError, runs};

/// How often it looks, in milliseconds; random, as for the reconciler.
const EVERY: RangeInclusive<u64> = 700..=1_300;

/// A run that nobody confirmed is deleted after this time: it may hold what people typed.
const UNCONFIRMED: Duration = Duration::from_secs(24 * 3600);

/// A run that is over, or paused, is deleted after this time; its issuances stay.
const QUIET: Duration = Duration::from_secs(30 * 24 * 3600);

/// Runs until the process ends.
pub async fn run(portal: Arc<Portal>) {
    let mut watch = LeaseWatch::default();
    loop {
        if let Err(error) = look(&portal, &mut watch).await {
            tracing::warn!(event = "runs_not_looked_at", %error);
        }
        let pause = Duration::from_millis(rand::random_range(EVERY));
        tokio::time::sleep(pause).await;
    }
}

async fn look(portal: &Arc<Portal>, watch: &mut LeaseWatch) -> Result<(), StorageError> {
    let claimable = runs::claimable(&portal.storage, portal.clock.now()).await?;
    if portal.in_flight.is_stopping() || !watch.may_take_over(Instant::now()) {
        return Ok(());
    }
    for id in claimable {
        take(portal, &id).await?;
    }
    Ok(())
}

/// Takes a run if nobody works on it, and works on it outside any request.
pub(super) async fn take(portal: &Arc<Portal>, id: &str) -> Result<(), StorageError> {
    let lease = portal.in_flight.lease(&portal.clock);
    let (run_id, claimed, now) = (id.to_owned(), lease.clone(), portal.clock.now());
    let taken = portal
        .storage
        .write(move |conn| Box::pin(async move { runs::claim(conn, &run_id, &claimed, now).await }))
        .await?;
    let run = match taken {
        true => runs::by_id(&portal.storage, id).await?,
        false => None,
    };
    if let Some(run) = run {
        let on = Arc::clone(portal);
        portal
            .in_flight
            .spawn(async move { shift::work(&on, run, lease).await });
    }
    Ok(())
}

/// Deletes old runs.
pub async fn purge(portal: &Portal) -> Result<(), StorageError> {
    let now = portal.clock.now();
    portal
        .storage
        .write(move |conn| {
            Box::pin(async move { runs::purge(conn, now - UNCONFIRMED, now - QUIET).await })
        })
        .await
}
