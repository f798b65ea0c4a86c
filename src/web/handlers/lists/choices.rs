//! What the lists of requests and of certificates can be filtered and sorted by.

use super::query::{BY_HOLDER, LAST, OLDEST};
use super::view::{Choices, Labels};
use crate::domain::certificate_standing::{Standing, Urgency};
use crate::domain::issuance::State;
use crate::i18n::key;
use crate::web::handlers::names;
use crate::web::page::Frame;
use crate::web::page::form::Choice;

/// Requests.
pub fn of_requests(frame: &Frame) -> Choices {
    // Both that are in flight have one name, and are found together.
    let is_apart = |state: &&State| !matches!(state, State::Draft | State::Finalizing);
    let left_draft = State::ALL.iter().filter(is_apart);
    let state = |state: &State| Choice::new(state.as_str(), frame.of_key(&names::state(*state).0));
    let any = Choice::new("", frame.t("issuances-all-states"));
    Choices {
        labels: Labels {
            state: key("issuances-state"),
            from: key("issuances-from"),
            to: key("issuances-to"),
        },
        states: std::iter::once(any).chain(left_draft.map(state)).collect(),
        dues: Vec::new(),
        orders: vec![
            Choice::new("", frame.t("issuances-newest")),
            Choice::new(OLDEST, frame.t("issuances-oldest")),
            Choice::new(BY_HOLDER, frame.t("issuances-by-holder")),
        ],
    }
}

/// Certificates.
pub fn of_certificates(frame: &Frame) -> Choices {
    let word = |one: &Standing| match one {
        // Only the end of a validity is looked for, not its beginning.
        Standing::Valid => key("lists-valid"),
        one => names::standing(*one).0,
    };
    let state = |one: &Standing| Choice::new(one.as_str(), frame.of_key(&word(one)));
    let due = |one: &Urgency| Choice::new(one.as_str(), frame.of_key(&names::urgency(*one).0));
    let current = Choice::new("", frame.t("lists-all-current"));
    let any = Choice::new("", frame.t("lists-any-time"));
    Choices {
        labels: Labels {
            state: key("lists-status"),
            from: key("lists-expires-from"),
            to: key("lists-expires-to"),
        },
        states: std::iter::once(current)
            .chain(Standing::ALL.iter().map(state))
            .collect(),
        dues: std::iter::once(any)
            .chain(Urgency::ALL.iter().map(due))
            .collect(),
        orders: vec![
            Choice::new("", frame.t("lists-first-to-expire")),
            Choice::new(LAST, frame.t("lists-last-to-expire")),
            Choice::new(BY_HOLDER, frame.t("issuances-by-holder")),
        ],
    }
}
