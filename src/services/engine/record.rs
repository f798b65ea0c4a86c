//! Stores an outcome. Nobody sees an outcome before it is stored.

use std::time::Duration;

use super::outcome::CallOutcome;
use super::step::step;
use super::worker::Worker;
use crate::domain::certificate::{Certificate, Validity};
use crate::domain::issuance::{Cause, Event, Issuance, State};
use crate::services::mail::Means;
use crate::services::{Portal, ids};
use crate::storage::StorageError;
use crate::storage::certificates;
use crate::storage::issuances::{self, Change};

/// Longest pause between two attempts to store an outcome.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Result of storing an outcome.
pub(super) enum Recorded {
    /// Stored; this is the issuance afterwards.
    Done(Box<Issuance>),
    /// The issuance was changed in the meantime: this worker has nothing more to do with it.
    TooLate,
}

/// Stores `outcome`, retrying for as long as the database refuses it:
/// Redtrust's answer exists nowhere else. One that can never be stored as it is becomes an
/// unknown one, which those in charge hear of.
pub(super) async fn record(
    worker: &Worker<'_>,
    issuance: &Issuance,
    outcome: CallOutcome,
) -> Recorded {
    let (mut outcome, mut issuance) = (outcome, issuance.clone());
    let mut pause = Duration::from_millis(50);
    let (mut unsure, mut asked_twice) = (false, false);
    loop {
        worker
            .lease
            .set_unsaved_certificate(outcome.event == Event::Issued);
        let written = match write(worker, &issuance, &outcome, unsure).await {
            Ok(None) => match changed_since(worker.portal, &issuance, outcome.event).await {
                // Somebody else works on it: what they find out is written first.
                Ok(Some(same)) if same.version == issuance.version => {
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                    continue;
                }
                Ok(Some(changed)) => {
                    issuance = changed;
                    continue;
                }
                none => none,
            },
            written => written,
        };
        match written {
            Ok(Some(next)) => {
                worker.lease.committed(next.lease_until);
                worker.lease.set_unsaved_certificate(false);
                return match issuance.state {
                    // Its owner was told that it is unknown, and decides how to go on.
                    State::Unknown => Recorded::TooLate,
                    _ => Recorded::Done(Box::new(next)),
                };
            }
            Ok(None) => {
                tracing::warn!(event = "late_write_refused", issuance = %issuance.id, outcome = outcome.event.as_str());
                return Recorded::TooLate;
            }
            // The same certificate may just be taken over from its file, which gives way to this.
            Err(StorageError::Conflict) if outcome.event == Event::Issued && !asked_twice => {
                asked_twice = true;
            }
            Err(StorageError::Conflict) if outcome.event == Event::Issued => {
                outcome = taken(outcome);
            }
            // The request code already belongs to another issuance, which keeps
            // it.
            Err(StorageError::Conflict) if outcome.change.request_code.is_some() => {
                outcome = CallOutcome::mismatch(Cause::OtherRequestCode);
            }
            Err(error) if !error.may_pass() && outcome.change.cause != Some(Cause::NotStored) => {
                tracing::error!(event = "outcome_never_recorded", issuance = %issuance.id, outcome = outcome.event.as_str(), %error);
                outcome = not_stored(outcome);
            }
            Err(error) => {
                tracing::error!(event = "outcome_not_recorded", issuance = %issuance.id, %error);
                unsure = true;
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

/// The issuance as it is now, if this worker was given up meanwhile and the answer that came
/// after all still says what became of it: the answer exists nowhere else. A key pair does so
/// while nothing else happened, a certificate for the same request code whatever its owner
/// has tried since, unless the request is settled.
async fn changed_since(
    portal: &Portal,
    intended: &Issuance,
    event: Event,
) -> Result<Option<Issuance>, StorageError> {
    if !matches!(event, Event::KeyCreated | Event::Issued) {
        return Ok(None);
    }
    let stored = issuances::by_id(&portal.storage, &intended.id).await?;
    Ok(stored.filter(|stored| match event {
        Event::Issued => {
            stored.state.after(event).is_ok() && stored.request_code == intended.request_code
        }
        _ => {
            stored.version == intended.version + 1
                && stored.state == State::Unknown
                && stored.cause == Some(Cause::WorkerGone)
        }
    }))
}

/// The thumbprint that Redtrust returned belongs to another issuance: the
/// answer is kept as evidence, but never counts as a success.
fn taken(issued: CallOutcome) -> CallOutcome {
    let mut mismatch = CallOutcome::mismatch(Cause::ThumbprintTaken);
    mismatch.change.certificate_id = issued.change.certificate_id;
    mismatch.change.thumbprint = issued.change.thumbprint;
    mismatch
}

/// What is left of an outcome that cannot be stored as it is: all facts but words that a
/// database may not be able to hold.
fn not_stored(outcome: CallOutcome) -> CallOutcome {
    let is_plain = |text: &String| {
        let mut bytes = text.bytes();
        bytes.all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace())
    };
    let before = outcome.change;
    CallOutcome {
        event: Event::OutcomeUnknown,
        change: Change {
            request_code: before.request_code.filter(is_plain),
            csr: before.csr.filter(is_plain),
            csr_key: before.csr_key,
            certificate_id: before.certificate_id.filter(is_plain),
            thumbprint: before.thumbprint,
            error: (before.error).filter(|said| is_plain(&said.code) && is_plain(&said.text)),
            cause: Some(Cause::NotStored),
            ..Change::default()
        },
    }
}

/// One transaction: the step and, if there is one, the certificate. After
/// `csr/create` the worker keeps its lease, because it continues. `unsure`: an
/// earlier attempt may have been committed although it seemed to fail.
async fn write(
    worker: &Worker<'_>,
    issuance: &Issuance,
    outcome: &CallOutcome,
    unsure: bool,
) -> Result<Option<Issuance>, StorageError> {
    let portal = worker.portal;
    let now = portal.clock.now();
    let certificate = match outcome.event {
        Event::Issued => certificate_of(portal, issuance, outcome).await?,
        _ => None,
    };
    let (before, mut written) = (issuance.clone(), outcome.clone());
    written.change.by = Some(worker.lease.holder().to_owned());
    if written.event == Event::KeyCreated && issuance.state == State::Creating {
        written.change.lease = Some(worker.lease.renewed(&portal.clock));
    }
    let next = written.change.applied_to(issuance, written.event, now);
    let (means, by) = (Means::of(portal), worker.by.clone());
    let moved = portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                let CallOutcome { event, change } = &written;
                if !step(conn, &means, &before, *event, change, &by, now).await? {
                    return Ok(false);
                }
                if let Some(certificate) = &certificate {
                    certificates::insert(conn, &means.keys, certificate).await?;
                }
                Ok(true)
            })
        })
        .await?;
    if moved || !unsure {
        return Ok(next.filter(|_| moved));
    }
    let stored = issuances::by_id(&portal.storage, &issuance.id).await?;
    Ok(stored.filter(|stored| is_ours(issuance, outcome, stored)))
}

/// Whether `stored` is the result of applying `outcome` to `before`.
fn is_ours(before: &Issuance, outcome: &CallOutcome, stored: &Issuance) -> bool {
    stored.version == before.version + 1
        && Ok(stored.state) == before.state.after(outcome.event)
        && stored.thumbprint == outcome.change.thumbprint
        && stored.cause == outcome.change.cause
}

async fn certificate_of(
    portal: &Portal,
    issuance: &Issuance,
    outcome: &CallOutcome,
) -> Result<Option<Certificate>, StorageError> {
    let (Some(thumbprint), Some(certificate_id)) = (
        outcome.change.thumbprint.clone(),
        outcome.change.certificate_id.clone(),
    ) else {
        return Ok(None);
    };
    let now = portal.clock.now();
    let all = portal.connections.all().await?;
    let connection = all.iter().find(|one| one.id == issuance.connection_id);
    let validity = connection
        .map(|one| one.settings.validity)
        .unwrap_or_default();
    // The requested name: Redtrust does not return the certificate itself.
    let order = issuance.order.as_ref();
    let subject = order.map_or_else(
        || issuance.holder.in_full().to_owned(),
        |order| order.dn.preview(),
    );
    let estimated = Validity::Estimated(now + validity.duration());
    let id = ids::new_id();
    Ok(Some(Certificate {
        certificate_id: Some(certificate_id),
        ..Certificate::of_issuance(issuance, id, thumbprint, subject, estimated, now)
    }))
}
