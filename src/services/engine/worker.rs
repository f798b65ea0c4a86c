//! The worker: carries one issuance through its calls, outside any request.

use std::sync::Arc;

use super::calls::Call;
use super::record::{Recorded, record};
use super::step::{By, step};
use super::working::Entered;
use crate::domain::issuance::{Event, State};
use crate::domain::millis::Millis;
use crate::domain::order::Order;
use crate::failpoints;
use crate::services::connections::Redtrust;
use crate::services::{Caller, Portal, Source};
use crate::storage::StorageError;
use crate::storage::issuances::{self, Change, Issuance, TimelineEntry};

/// Commits the intent to create, and lets a worker make both calls.
/// Answers whether it was this caller who moved the draft.
///
/// # Errors
/// [`StorageError`] where the intent could not be committed: then nothing is sent.
pub async fn begin_create(
    portal: &Arc<Portal>,
    redtrust: &Arc<Redtrust>,
    draft: &Issuance,
    source: &Source,
    request: Order,
    mut change: Change,
) -> Result<bool, StorageError> {
    failpoints::hit("create.before_intent");
    change.submitted = true;
    change.code_from_client = request.request_code.is_some();
    change.request_code.clone_from(&request.request_code);
    let lease = portal.working.lease(&portal.clock);
    change.lease = Some(lease.clone());
    let by = By::Owner(source.clone());
    let Some(creating) = intend(portal, draft, Event::CreateIntended, change, by).await? else {
        return Ok(false);
    };
    failpoints::hit("create.after_intent");
    let (portal_, redtrust, by) = (
        Arc::clone(portal),
        Arc::clone(redtrust),
        By::Worker(source.clone()),
    );
    portal.working.spawn(async move {
        let entered = portal_.working.enter(&creating.id, lease);
        let worker = Worker {
            portal: &portal_,
            redtrust: &redtrust,
            entered,
            by,
        };
        worker.create_then_finalize(creating, &request).await;
    });
    failpoints::hit("create.before_response");
    Ok(true)
}

/// Commits the intent to finalize with the code that is known, and lets a
/// worker make the call. Answers whether it was this caller who moved it: not
/// where somebody is at work on it.
///
/// # Errors
/// [`StorageError`] where the intent could not be committed: then nothing is sent.
pub async fn begin_finalize(
    portal: &Arc<Portal>,
    redtrust: &Arc<Redtrust>,
    issuance: &Issuance,
    who: &Caller,
) -> Result<bool, StorageError> {
    failpoints::hit("finalize.before_intent");
    let lease = portal.working.lease(&portal.clock);
    let change = Change {
        lease: Some(lease.clone()),
        sign_in_id: Some(who.sign_in_id.clone()),
        ..Change::default()
    };
    let by = By::Owner(who.source.clone());
    let intended = intend(portal, issuance, Event::FinalizeIntended, change, by).await?;
    let Some(finalizing) = intended else {
        return Ok(false);
    };
    failpoints::hit("finalize.after_intent");
    let (portal_, redtrust, by) = (
        Arc::clone(portal),
        Arc::clone(redtrust),
        By::Worker(who.source.clone()),
    );
    portal.working.spawn(async move {
        let entered = portal_.working.enter(&finalizing.id, lease);
        let worker = Worker {
            portal: &portal_,
            redtrust: &redtrust,
            entered,
            by,
        };
        worker.finalize(finalizing).await;
    });
    Ok(true)
}

/// Commits an intent under the lease that `change` holds.
async fn intend(
    portal: &Portal,
    issuance: &Issuance,
    event: Event,
    change: Change,
    by: By,
) -> Result<Option<Issuance>, StorageError> {
    let now = portal.clock.now();
    let Some(next) = intended(issuance, event, &change, now) else {
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

/// What committing an intent makes of an issuance. Not read back: a read that
/// failed would leave an intent on disk that nobody works on.
fn intended(before: &Issuance, event: Event, change: &Change, now: Millis) -> Option<Issuance> {
    let mut next = before.clone();
    next.state = before.state.after(event).ok()?;
    next.attempt += 1;
    next.updated_at = now;
    next.lease_until = change.lease.as_ref().map_or(Millis(0), |lease| lease.until);
    next.cause = None;
    for (kept, new) in [
        (&mut next.sign_in_id, &change.sign_in_id),
        (&mut next.holder, &change.holder),
    ] {
        if let Some(new) = new {
            kept.clone_from(new);
        }
    }
    next.request = change.request.clone().or(next.request);
    next.request_code = change.request_code.clone().or(next.request_code);
    Some(next)
}

/// Carries one issuance under one lease, from its intent to its outcome.
pub(super) struct Worker<'a> {
    pub(super) portal: &'a Portal,
    pub(super) redtrust: &'a Redtrust,
    pub(super) entered: Entered<'a>,
    pub(super) by: By,
}

impl Worker<'_> {
    /// A process that was stopped for longer than its lease must not send:
    /// another may have sorted the issuance meanwhile.
    pub(super) fn may_send(&self) -> bool {
        self.entered.holds(self.portal.clock.now())
    }

    async fn create_then_finalize(&self, creating: Issuance, request: &Order) {
        let outcome = Call::Create(request).make(self, &creating).await;
        let Recorded::Done(created) = record(self, &creating, outcome).await else {
            return;
        };
        failpoints::hit("create.after_outcome");
        if created.state != State::KeyCreated {
            return;
        }
        failpoints::hit("finalize.before_intent");
        // The lease goes on: nobody else may take the issuance in between.
        let change = Change {
            by: Some(self.entered.holder().to_owned()),
            lease: Some(self.entered.renewed(&self.portal.clock)),
            ..Change::default()
        };
        let event = Event::FinalizeIntended;
        match intend(self.portal, &created, event, change, self.by.clone()).await {
            Ok(Some(finalizing)) => {
                self.entered.committed(finalizing.lease_until);
                failpoints::hit("finalize.after_intent");
                self.finalize(finalizing).await;
            }
            Ok(None) => {
                tracing::warn!(event = "issuance_taken_over", issuance = %created.id);
            }
            // The key pair and its code are on disk: its owner can go on from
            // there once the lease has lapsed.
            Err(error) => {
                tracing::error!(event = "finalize_not_begun", issuance = %created.id, %error);
            }
        }
    }

    async fn finalize(&self, finalizing: Issuance) {
        let Some(code) = finalizing.request_code.clone() else {
            return;
        };
        let mut outcome = Call::Finalize(&code).make(self, &finalizing).await;
        if outcome.event == Event::Refused
            && may_be_issued_already(self.portal, &finalizing.id).await
        {
            outcome = outcome.not_knowing();
        }
        if let Recorded::Done(_) = record(self, &finalizing, outcome).await {
            failpoints::hit("finalize.after_outcome");
            failpoints::hit("finalize.before_response");
        }
    }
}

/// Whether the answer of an earlier finalize was lost. Then "expired", say, may
/// well mean that it was done: an issued certificate is never called refused.
async fn may_be_issued_already(portal: &Portal, id: &str) -> bool {
    match issuances::timeline(&portal.storage, id).await {
        Ok(timeline) => lost_a_finalize(&timeline),
        Err(error) => {
            tracing::warn!(event = "timeline_not_read", issuance = %id, %error);
            true
        }
    }
}

fn lost_a_finalize(timeline: &[TimelineEntry]) -> bool {
    let later = timeline.iter().skip(1);
    timeline.iter().zip(later).any(|(intent, outcome)| {
        intent.event == Event::FinalizeIntended && outcome.event == Event::OutcomeUnknown
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timeline(events: &[Event]) -> Vec<TimelineEntry> {
        let entry = |event: &Event| TimelineEntry {
            at: Millis(0),
            event: *event,
            state: State::Unknown,
            error_code: None,
            cause: None,
        };
        events.iter().map(entry).collect()
    }

    #[test]
    fn a_finalize_without_an_answer_is_remembered_whatever_came_after_it() {
        use Event as E;
        let lost = [
            E::CreateIntended,
            E::KeyCreated,
            E::FinalizeIntended,
            E::OutcomeUnknown,
            E::FinalizeIntended,
            E::NothingSent,
            E::FinalizeIntended,
        ];
        assert!(lost_a_finalize(&timeline(&lost)));
        // Here it was the create whose answer was lost, with a code of our own.
        let create = [E::CreateIntended, E::OutcomeUnknown, E::FinalizeIntended];
        assert!(!lost_a_finalize(&timeline(&create)));
    }
}
