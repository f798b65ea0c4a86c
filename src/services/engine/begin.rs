//! Starts a worker: the intent is stored before the caller gets an answer.

use std::sync::Arc;

use tracing::Instrument as _;

use super::drive::drive;
use super::intent::commit_intent;
use super::places::Single;
use super::step::By;
use super::worker::Worker;
use crate::domain::issuance::{Event, Issuance};
use crate::domain::order::Order;
use crate::failpoints;
use crate::services::connections::Redtrust;
use crate::services::{Caller, Portal, sign_out};
use crate::storage::StorageError;
use crate::storage::issuances::{Change, Lease};
use crate::storage::runs::HeldLine;

/// Commits the intent to create `order`, as this line of a run if it is one, and starts a
/// worker for both calls, in the place of a single issuance otherwise. Returns whether this caller moved the draft.
///
/// # Errors
/// [`StorageError`] if the intent could not be committed: then nothing is sent.
/// [`StorageError::Conflict`] if somebody else renews the same certificate, or the line does
/// not wait under this lease any more.
pub async fn begin_create(
    portal: &Arc<Portal>,
    redtrust: &Arc<Redtrust>,
    draft: &Issuance,
    who: &Caller,
    order: Order,
    line: Option<HeldLine>,
    place: Option<Single>,
) -> Result<bool, StorageError> {
    failpoints::hit("create.before_intent");
    let lease = portal.in_flight.lease(&portal.clock);
    let change = Change {
        lease: Some(lease.clone()),
        sign_in_id: Some(who.sign_in_id.clone()),
        holder: order.dn.common_name().map(ToOwned::to_owned),
        request_code: order.request_code.clone(),
        order: Some(order),
        ..Change::default()
    };
    let (event, by) = (Event::CreateIntended, By::Owner(who.source.clone()));
    let Some(creating) = commit_intent(portal, draft, event, change, by, line).await? else {
        return Ok(false);
    };
    failpoints::hit("create.after_intent");
    spawn_worker(portal, redtrust, creating, who, (lease, place));
    failpoints::hit("create.before_response");
    Ok(true)
}

/// Commits the intent to finalize with the known code, and starts a worker for
/// the call, in the place of a single issuance unless it is a line of a run. Returns whether this caller moved the issuance: `false` if
/// somebody is already working on it.
///
/// # Errors
/// [`StorageError`] if the intent could not be committed: then nothing is sent.
pub async fn begin_finalize(
    portal: &Arc<Portal>,
    redtrust: &Arc<Redtrust>,
    issuance: &Issuance,
    who: &Caller,
    place: Option<Single>,
) -> Result<bool, StorageError> {
    failpoints::hit("finalize.before_intent");
    let lease = portal.in_flight.lease(&portal.clock);
    let change = Change {
        lease: Some(lease.clone()),
        sign_in_id: Some(who.sign_in_id.clone()),
        ..Change::default()
    };
    let (event, by) = (Event::FinalizeIntended, By::Owner(who.source.clone()));
    let Some(finalizing) = commit_intent(portal, issuance, event, change, by, None).await? else {
        return Ok(false);
    };
    failpoints::hit("finalize.after_intent");
    spawn_worker(portal, redtrust, finalizing, who, (lease, place));
    Ok(true)
}

fn spawn_worker(
    portal: &Arc<Portal>,
    redtrust: &Arc<Redtrust>,
    issuance: Issuance,
    who: &Caller,
    (lease, place): (Lease, Option<Single>),
) {
    let (worker_portal, redtrust) = (Arc::clone(portal), Arc::clone(redtrust));
    let by = By::Worker(who.source.clone());
    let trace = tracing::info_span!("work", otel.kind = "internal", issuance = %issuance.id);
    let work = async move {
        let sign_in_id = issuance.sign_in_id.clone();
        let worker = Worker {
            lease: worker_portal.in_flight.enter(&issuance.id, lease),
            portal: &worker_portal,
            redtrust: &redtrust,
            by,
        };
        drive(&worker, issuance).await;
        drop((worker, place));
        sign_out::after_work(&worker_portal, &sign_in_id).await;
    };
    portal.in_flight.spawn(work.instrument(trace));
}
