//! The progress and the timeline of an issuance, for its page.

use super::standing::cause;
use crate::domain::issuance::{Cause, Event, Issuance, Standing, State, TimelineEntry};
use crate::domain::millis::Millis;
use crate::i18n::{Key, key};

/// One of the three milestones of an issuance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Milestone {
    pub label: Key,
    /// The state as a CSS class; may be empty.
    pub class: &'static str,
    /// The state in words.
    pub word: Key,
}

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub at: Millis,
    pub what: Key,
    pub why: Option<Key>,
    /// Redtrust's error code.
    pub code: Option<String>,
}

const LABELS: [Key; 3] = [
    key("one-step-keys"),
    key("one-step-certificate"),
    key("one-step-stored"),
];

/// The three milestones: how many are done, and the state of the next one.
pub fn progress(issuance: &Issuance, standing: Standing) -> Vec<Milestone> {
    let has_keys =
        issuance.request_code.is_some() && !issuance.code_from_client || issuance.csr.is_some();
    let done: usize = match (issuance.state, standing) {
        // An uploaded certificate does not prove that Redtrust keeps it.
        (State::Issued, _) if issuance.cause == Some(Cause::ShownByOwner) => 2,
        (State::Issued, _) => 3,
        (_, Standing::Recording) => 2,
        (State::KeyCreated | State::Finalizing, _) => 1,
        _ if has_keys => 1,
        _ => 0,
    };
    let next = match standing {
        Standing::Working | Standing::Waiting | Standing::Recording => "now",
        Standing::Refused
        | Standing::UnknownWithCode
        | Standing::UnknownNoCode
        | Standing::Mismatch
        | Standing::Issued => "failed",
        Standing::Draft | Standing::NotSent | Standing::KeysOnly | Standing::Abandoned => "",
    };
    let step = |(at, label): (usize, &Key)| {
        let class = match at.cmp(&done) {
            std::cmp::Ordering::Less => "done",
            std::cmp::Ordering::Equal => next,
            std::cmp::Ordering::Greater => "",
        };
        Milestone {
            label: *label,
            class,
            word: word(class, standing),
        }
    };
    LABELS.iter().enumerate().map(step).collect()
}

const fn word(class: &str, standing: Standing) -> Key {
    match (class.as_bytes(), standing) {
        (b"done", _) => key("one-step-done"),
        (b"now", _) => key("one-step-now"),
        (b"failed", Standing::UnknownWithCode | Standing::UnknownNoCode | Standing::Issued) => {
            key("one-step-not-known")
        }
        (b"failed", _) => key("one-step-failed"),
        _ => key("one-step-open"),
    }
}

/// The timeline, starting with the draft.
pub fn lines(issuance: &Issuance, timeline: &[TimelineEntry]) -> Vec<Line> {
    let begun = Line {
        at: issuance.created_at,
        what: key("event-begun"),
        why: None,
        code: None,
    };
    let line = |entry: &TimelineEntry| match entry.cause {
        Some(Cause::ShownByOwner) => Line {
            at: entry.at,
            what: key("event-settled"),
            why: None,
            code: None,
        },
        why => Line {
            at: entry.at,
            what: event(entry.event),
            why: why.map(cause),
            code: entry.error_code.clone(),
        },
    };
    std::iter::once(begun)
        .chain(timeline.iter().map(line))
        .collect()
}

const fn event(event: Event) -> Key {
    match event {
        Event::CreateIntended => key("event-create-intended"),
        Event::NothingSent => key("event-nothing-sent"),
        Event::KeyCreated => key("event-key-created"),
        Event::FinalizeIntended => key("event-finalize-intended"),
        Event::Issued => key("event-issued"),
        Event::Refused => key("event-refused"),
        Event::OutcomeUnknown => key("event-outcome-unknown"),
        Event::Mismatched => key("event-mismatched"),
        Event::Abandoned => key("event-abandoned"),
    }
}
