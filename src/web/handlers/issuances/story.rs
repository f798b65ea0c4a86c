//! The progress and the timeline of an issuance, for its page.

use super::standing::cause;
use crate::domain::issuance::{Cause, Doubt, Event, Issuance, Standing, State, TimelineEntry};
use crate::domain::millis::Millis;
use crate::i18n::{Key, key};
use crate::services::history::Story;
use crate::web::page::Said;

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
    pub said: Option<Said>,
}

const LABELS: [Key; 3] = [
    key("one-step-keys"),
    key("one-step-certificate"),
    key("one-step-stored"),
];

/// The three milestones: how many are done, and the state of the next one.
pub fn progress(issuance: &Issuance, standing: Standing) -> Vec<Milestone> {
    let done = done(issuance, standing);
    let step = |(at, label): (usize, &Key)| {
        let class = match at.cmp(&done) {
            std::cmp::Ordering::Less => "done",
            std::cmp::Ordering::Equal => next(standing),
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

fn done(issuance: &Issuance, standing: Standing) -> usize {
    let has_keys =
        issuance.request_code.is_some() && !issuance.code_from_client || issuance.csr.is_some();
    match (issuance.state, standing) {
        (State::Issued, _) => milestones_of(issuance.cause),
        (_, Standing::Recording) => 2,
        (State::KeyCreated | State::Finalizing, _)
        | (_, Standing::AbandonedInDoubt(Doubt::Certificate)) => 1,
        _ if has_keys => 1,
        _ => 0,
    }
}

/// How the milestone looks that comes next.
const fn next(standing: Standing) -> &'static str {
    match standing {
        Standing::Working | Standing::Waiting | Standing::Recording => "now",
        Standing::Refused
        | Standing::KeysRefused
        | Standing::UnknownWithCode
        | Standing::UnknownNoCode
        | Standing::Mismatch
        | Standing::AbandonedInDoubt(_)
        | Standing::Issued => "failed",
        Standing::Draft
        | Standing::NotSent
        | Standing::PutOff
        | Standing::KeysOnly
        | Standing::Abandoned => "",
    }
}

/// The milestones of an issued one. An uploaded certificate does not prove that Redtrust
/// keeps it.
const fn milestones_of(cause: Option<Cause>) -> usize {
    match cause {
        Some(Cause::ShownByOwner) => 1,
        Some(Cause::ProvenByFile) => 2,
        _ => 3,
    }
}

const fn word(class: &str, standing: Standing) -> Key {
    use Standing as S;
    match (class.as_bytes(), standing) {
        (b"done", _) => key("one-step-done"),
        (b"now", _) => key("one-step-now"),
        (
            b"failed",
            S::UnknownWithCode | S::UnknownNoCode | S::AbandonedInDoubt(_) | S::Issued,
        )
        // Redtrust keeps what it may have issued.
        | (_, S::AbandonedInDoubt(Doubt::Certificate)) => key("one-step-not-known"),
        (b"failed", _) | (_, S::Abandoned | S::AbandonedInDoubt(_)) => key("one-step-failed"),
        _ => key("one-step-open"),
    }
}

/// What Redtrust said last, and the warning with which it may have made the keys.
pub fn said(story: &Story) -> Vec<Said> {
    let warning = |entry: &TimelineEntry| match entry.event {
        Event::KeyCreated => entry.said.clone(),
        _ => None,
    };
    let mut said: Vec<_> = story.timeline.iter().filter_map(warning).collect();
    let last = story.issuance.error.clone();
    said.retain(|warning| last.as_ref() != Some(warning));
    let class = story
        .issuance
        .refusal()
        .map_or(WARNING, |class| class.as_str());
    let connection = story.connection.as_ref();
    let warnings = said.into_iter().map(|said| (said, WARNING));
    let all = warnings.chain(last.map(|said| (said, class)));
    all.map(|(said, class)| Said::new(said, connection, class))
        .collect()
}

/// The class of words that are no error.
const WARNING: &str = "warning";

/// The timeline, starting with the draft.
pub fn lines(story: &Story) -> Vec<Line> {
    let begun = Line {
        at: story.issuance.created_at,
        what: key("event-begun"),
        why: None,
        said: None,
    };
    let line = |entry: &TimelineEntry| match entry.cause {
        Some(cause @ (Cause::ShownByOwner | Cause::ProvenByFile)) => Line {
            at: entry.at,
            what: match cause {
                Cause::ProvenByFile => key("event-settled"),
                _ => key("event-shown"),
            },
            why: None,
            said: None,
        },
        why => Line {
            at: entry.at,
            what: event(entry.event),
            why: match (entry.event, why) {
                // The event says it.
                (Event::Refused | Event::TurnedBack, Some(Cause::Rejected)) => None,
                (_, why) => why.map(cause),
            },
            said: entry
                .said
                .clone()
                .map(|said| Said::error(said, story.connection.as_ref())),
        },
    };
    std::iter::once(begun)
        .chain(story.timeline.iter().map(line))
        .collect()
}

const fn event(event: Event) -> Key {
    match event {
        Event::CreateIntended => key("event-create-intended"),
        Event::NothingSent => key("event-nothing-sent"),
        Event::KeyCreated => key("event-key-created"),
        Event::FinalizeIntended => key("event-finalize-intended"),
        Event::Issued => key("event-issued"),
        Event::Shown => key("event-shown"),
        Event::Refused => key("event-refused"),
        Event::TurnedBack => key("event-turned-back"),
        Event::OutcomeUnknown => key("event-outcome-unknown"),
        Event::Mismatched => key("event-mismatched"),
        Event::Abandoned => key("event-abandoned"),
    }
}
