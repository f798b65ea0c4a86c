//! One node at a time reads on in the audit and tells what belongs there.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tracing::Instrument as _;

use super::receiver::Receiver;
use crate::domain::audit::Action;
use crate::services::Portal;
use crate::storage::audit::{Entry, list};
use crate::storage::{StorageError, issuances, webhook};

const EVERY: Duration = Duration::from_secs(2);

/// Longer than one delivery takes; then another node goes on.
const HELD: Duration = Duration::from_secs(30);

/// How long a receiver that took nothing is left in peace.
const PAUSE: Duration = Duration::from_secs(30);

/// What a receiver has not taken for so long it is not told any more.
const TOO_LATE: Duration = Duration::from_secs(3 * 24 * 3600);

/// Entries that are read at once.
const BATCH: u16 = 100;

/// Runs until the process ends, which waits for the delivery under way.
pub async fn run(portal: Arc<Portal>, receiver: Receiver) {
    let receiver = Arc::new(receiver);
    let mut tick = tokio::time::interval(EVERY);
    while !portal.in_flight.is_stopping() {
        tick.tick().await;
        let (portal_of_round, receiver) = (Arc::clone(&portal), Arc::clone(&receiver));
        let round = async move {
            if let Err(error) = tell(&portal_of_round, &receiver).await {
                tracing::warn!(event = "webhook_not_told", %error);
            }
        };
        portal.in_flight.spawn_and_wait(round).await;
    }
}

/// Tells everything that is new, unless another node is at it.
///
/// # Errors
/// [`StorageError`]; what the receiver says is no error.
pub async fn tell(portal: &Portal, receiver: &Receiver) -> Result<(), StorageError> {
    let now = portal.clock.now();
    let held = portal
        .storage
        .write(move |conn| Box::pin(async move { webhook::hold(conn, now + HELD, now).await }));
    let Some(mut told) = held.await? else {
        return Ok(());
    };
    loop {
        let entries = list(&portal.storage, told, BATCH).await?;
        for entry in &entries {
            if portal.in_flight.is_stopping() {
                return note(portal, told, Duration::ZERO).await;
            }
            if !tell_one(portal, receiver, entry).await? {
                return note(portal, told, PAUSE).await;
            }
            told = entry.seq;
            if is_told(entry) {
                note(portal, told, HELD).await?;
            }
        }
        if entries.len() < usize::from(BATCH) {
            return note(portal, told, Duration::ZERO).await;
        }
    }
}

/// Keeps the work in hand for so long.
async fn note(portal: &Portal, told: i64, keep: Duration) -> Result<(), StorageError> {
    let until = portal.clock.now() + keep;
    let noted = portal
        .storage
        .write(move |conn| Box::pin(async move { webhook::note(conn, told, until).await }));
    noted.await
}

fn is_told(entry: &Entry) -> bool {
    Action::OUTCOMES
        .iter()
        .any(|action| action.as_str() == entry.what.action)
}

/// Returns whether the receiver knows it now, or need not.
async fn tell_one(
    portal: &Portal,
    receiver: &Receiver,
    entry: &Entry,
) -> Result<bool, StorageError> {
    if !is_told(entry) {
        return Ok(true);
    }
    let body = body(portal, entry).await?;
    let now = portal.clock.now();
    let trace = tracing::info_span!("webhook", otel.kind = "internal", id = entry.seq);
    let began = Instant::now();
    let told = receiver.post(entry.seq, body, now).instrument(trace).await;
    let gives_up = told.is_err() && now.since(entry.at) > TOO_LATE;
    if let Some(deliveries) = &portal.webhook {
        let outcome = match (&told, gives_up) {
            (Ok(()), _) => "delivered",
            (Err(_), true) => "given_up",
            (Err(_), false) => "failed",
        };
        deliveries.add(outcome, began.elapsed());
    }
    let Err(why) = told else {
        return Ok(true);
    };
    match gives_up {
        true => tracing::error!(event = "webhook_given_up", id = entry.seq, %why),
        false => tracing::warn!(event = "webhook_not_taken", id = entry.seq, %why),
    }
    Ok(gives_up)
}

/// What is told: no names, as in the audit.
async fn body(portal: &Portal, entry: &Entry) -> Result<String, StorageError> {
    let issuance = entry.what.object.trim_start_matches("issuance ");
    let reference = issuances::by_id(&portal.storage, issuance).await?;
    let facts = entry.what.after.as_deref();
    let facts = facts.and_then(|facts| serde_json::from_str::<Value>(facts).ok());
    let at = jiff::Timestamp::from_millisecond(entry.at.0);
    let body = json!({
        "id": entry.seq,
        "event": entry.what.action,
        "at": at.map(|at| at.to_string()).unwrap_or_default(),
        "issuance": issuance,
        "reference": reference.map(|issuance| issuance.reference),
        "url": format!("{}/issuances/{issuance}", portal.public_url),
        "facts": facts,
    });
    Ok(body.to_string())
}
