//! Starts a worker: the intent is stored before the caller gets an answer.

use std::sync::Arc;

use tokio::sync::oneshot;
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
use crate::storage::issuances::Change;
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
    let change = Change {
        holder: order.dn.common_name().map(ToOwned::to_owned),
        kind: draft.answers.kind(),
        request_code: order.request_code.clone(),
        order: Some(order),
        ..Change::default()
    };
    let intent = Intent {
        event: Event::CreateIntended,
        change,
        line,
        place,
    };
    let moved = begin(portal, redtrust, draft, who, intent).await?;
    failpoints::hit("create.before_response");
    Ok(moved)
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
    let intent = Intent {
        event: Event::FinalizeIntended,
        change: Change::default(),
        line: None,
        place,
    };
    begin(portal, redtrust, issuance, who, intent).await
}

/// What is intended, and whose place it takes.
struct Intent {
    event: Event,
    change: Change,
    line: Option<HeldLine>,
    place: Option<Single>,
}

/// Commits the intent and works on it. Both are one task: a caller that goes away between
/// the two would leave an intent behind that nobody works on.
async fn begin(
    portal: &Arc<Portal>,
    redtrust: &Arc<Redtrust>,
    issuance: &Issuance,
    who: &Caller,
    intent: Intent,
) -> Result<bool, StorageError> {
    let (moved, is_moved) = oneshot::channel();
    let (portal_of_work, redtrust) = (Arc::clone(portal), Arc::clone(redtrust));
    let (issuance, source) = (issuance.clone(), who.source.clone());
    let sign_in_id = who.sign_in_id.clone();
    portal.in_flight.spawn(async move {
        let Intent {
            event,
            mut change,
            line,
            place,
        } = intent;
        let portal = portal_of_work;
        let lease = portal.in_flight.lease(&portal.clock);
        change.lease = Some(lease.clone());
        change.sign_in_id = Some(sign_in_id.clone());
        let by = By::Owner(source.clone());
        let next = match commit_intent(&portal, &issuance, event, change, by, line).await {
            Ok(Some(next)) => next,
            other => {
                // Whoever asked may have stopped waiting.
                let _ = moved.send(other.map(|_| false));
                return;
            }
        };
        failpoints::hit(match event {
            Event::CreateIntended => "create.after_intent",
            _ => "finalize.after_intent",
        });
        let worker = Worker {
            lease: portal.in_flight.enter(&next.id, lease),
            portal: &portal,
            redtrust: &redtrust,
            by: By::Worker(source),
        };
        let _ = moved.send(Ok(true));
        let trace = tracing::info_span!("work", otel.kind = "internal", issuance = %next.id);
        let work = async {
            drive(&worker, next).await;
            drop((worker, place));
            sign_out::after_work(&portal, &sign_in_id).await;
        };
        work.instrument(trace).await;
    });
    let lost = |_| StorageError::Unavailable("an intent without an answer".to_owned());
    is_moved.await.map_err(lost)?
}
