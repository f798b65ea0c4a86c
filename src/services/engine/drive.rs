//! The calls a worker makes: create and finalize, or finalize only.

use super::calls::Call;
use super::intent::commit_intent;
use super::record::{Recorded, record};
use super::worker::Worker;
use crate::domain::issuance::{Event, Issuance, State, TimelineEntry};
use crate::failpoints;
use crate::services::Portal;
use crate::storage::issuances::{self, Change};

/// Makes the call whose intent is stored, and then the next one.
pub(super) async fn drive(worker: &Worker<'_>, issuance: Issuance) {
    if issuance.state == State::Creating {
        create_then_finalize(worker, issuance).await;
    } else {
        finalize(worker, issuance).await;
    }
}

async fn create_then_finalize(worker: &Worker<'_>, creating: Issuance) {
    let Some(order) = &creating.order else {
        return;
    };
    let outcome = Call::Create(order).make(worker, &creating).await;
    let Recorded::Done(created) = record(worker, &creating, outcome).await else {
        return;
    };
    failpoints::hit("create.after_outcome");
    if created.state != State::KeyCreated {
        return;
    }
    failpoints::hit("finalize.before_intent");
    // The lease continues, so that nobody else takes the issuance in between.
    let change = Change {
        by: Some(worker.lease.holder().to_owned()),
        lease: Some(worker.lease.renewed(&worker.portal.clock)),
        ..Change::default()
    };
    let (event, by) = (Event::FinalizeIntended, worker.by.clone());
    match commit_intent(worker.portal, &created, event, change, by).await {
        Ok(Some(finalizing)) => {
            worker.lease.committed(finalizing.lease_until);
            failpoints::hit("finalize.after_intent");
            finalize(worker, finalizing).await;
        }
        Ok(None) => {
            tracing::warn!(event = "issuance_taken_over", issuance = %created.id);
        }
        // Key pair and code are stored: the owner can resume from there once
        // the lease has expired.
        Err(error) => {
            tracing::error!(event = "finalize_not_begun", issuance = %created.id, %error);
        }
    }
}

async fn finalize(worker: &Worker<'_>, finalizing: Issuance) {
    let Some(code) = &finalizing.request_code else {
        return;
    };
    let mut outcome = Call::Finalize(code).make(worker, &finalizing).await;
    if outcome.event == Event::Refused && may_be_issued_already(worker.portal, &finalizing.id).await
    {
        outcome = outcome.refusal_is_no_verdict();
    }
    if let Recorded::Done(_) = record(worker, &finalizing, outcome).await {
        failpoints::hit("finalize.after_outcome");
        failpoints::hit("finalize.before_response");
    }
}

/// Whether the answer to an earlier finalize was lost. Then an error such as
/// "expired" may mean that the earlier call succeeded, and we must not report
/// an issued certificate as refused.
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
    use crate::domain::millis::Millis;

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
        // Here the answer to create was lost, and the request code was ours.
        let create = [E::CreateIntended, E::OutcomeUnknown, E::FinalizeIntended];
        assert!(!lost_a_finalize(&timeline(&create)));
    }
}
