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
    match commit_intent(worker.portal, &created, event, change, by, None).await {
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
    if outcome.issued_nothing()
        && may_be_issued_already(worker.portal, &finalizing.id, outcome.event).await
    {
        outcome = outcome.into_unknown();
    }
    if let Recorded::Done(_) = record(worker, &finalizing, outcome).await {
        failpoints::hit("finalize.after_outcome");
        failpoints::hit("finalize.before_response");
    }
}

/// Whether an earlier finalize may have succeeded. Then an error such as "expired"
/// may mean just that, and we must not report an issued certificate as refused.
async fn may_be_issued_already(portal: &Portal, id: &str, now: Event) -> bool {
    match issuances::timeline(&portal.storage, id).await {
        Ok(timeline) => is_still_unknown(&timeline, now) || lost_a_finalize(&timeline, now),
        Err(error) => {
            tracing::warn!(event = "timeline_not_read", issuance = %id, %error);
            true
        }
    }
}

/// Whether nothing was sent now, and what was the case before is unknown; also whether there
/// is a key pair, where the answer to create was lost.
fn is_still_unknown(timeline: &[TimelineEntry], now: Event) -> bool {
    // The last entry is the intent of the present call.
    let before = timeline.iter().rev().nth(1);
    now == Event::NothingSent && before.is_some_and(|before| before.state == State::Unknown)
}

/// `now` is the event of the current one. One that ends the request needs more:
/// no earlier finalize may have failed inside Redtrust either.
fn lost_a_finalize(timeline: &[TimelineEntry], now: Event) -> bool {
    let no_verdict = |entry: &TimelineEntry| {
        let said = entry.said.as_ref();
        said.is_some_and(|said| said.class().is_no_verdict())
    };
    let may_have_succeeded = |outcome: &TimelineEntry| match outcome.event {
        Event::OutcomeUnknown => true,
        Event::TurnedBack => now == Event::Refused && no_verdict(outcome),
        _ => false,
    };
    let later = timeline.iter().skip(1);
    timeline.iter().zip(later).any(|(intent, outcome)| {
        intent.event == Event::FinalizeIntended && may_have_succeeded(outcome)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::issuance::ServerMessage;
    use crate::domain::millis::Millis;

    fn entry(event: Event) -> TimelineEntry {
        TimelineEntry {
            at: Millis(0),
            event,
            state: State::Unknown,
            said: None,
            cause: None,
        }
    }

    fn timeline(events: &[Event]) -> Vec<TimelineEntry> {
        events.iter().copied().map(entry).collect()
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
        for event in [E::Refused, E::TurnedBack, E::NothingSent] {
            assert!(lost_a_finalize(&timeline(&lost), event));
            // Here the answer to create was lost, and the request code was ours.
            let create = [E::CreateIntended, E::OutcomeUnknown, E::FinalizeIntended];
            assert!(!lost_a_finalize(&timeline(&create), event));
        }
    }

    #[test]
    fn a_code_that_is_gone_after_a_failure_inside_redtrust_is_no_verdict() {
        use Event as E;
        for (code, lost) in [("ERR_CONNECTIVITY", true), ("ERR_LICENSE_EXCEEDED", false)] {
            let mut earlier = timeline(&[E::FinalizeIntended, E::TurnedBack, E::FinalizeIntended]);
            earlier[1].said = Some(ServerMessage {
                code: code.into(),
                text: String::new(),
            });
            assert_eq!(lost_a_finalize(&earlier, E::Refused), lost, "{code}");
            assert!(!lost_a_finalize(&earlier, E::TurnedBack), "{code}");
        }
    }
}
