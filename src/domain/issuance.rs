//! One journey from form to certificate, as a state machine with one-way doors.
//!
//! `draft -> creating -> key_created -> finalizing -> issued`, and the states
//! that say honestly that something else happened. The machine knows nothing of
//! storage or the network: it takes an [`Event`] and answers the next [`State`].

use std::fmt;
use std::str::FromStr;

/// Where an issuance stands. The text form is stored and shown as `data-state`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Being filled in, or put back here because nothing was sent.
    Draft,
    /// The intent to call `csr/create` is on disk; its outcome is not.
    Creating,
    /// Redtrust holds a key pair for it; the request code is known.
    KeyCreated,
    /// The intent to call `csr/finalize` is on disk; its outcome is not.
    Finalizing,
    /// The certificate exists and is recorded.
    Issued,
    /// Redtrust said no.
    Refused,
    /// A call went out and what it did is not known.
    Unknown,
    /// Redtrust answered with something that is not what was asked for.
    Mismatch,
    /// Given up by its owner.
    Abandoned,
}

impl State {
    /// Every state.
    pub const ALL: &'static [Self] = &[
        Self::Draft,
        Self::Creating,
        Self::KeyCreated,
        Self::Finalizing,
        Self::Issued,
        Self::Refused,
        Self::Unknown,
        Self::Mismatch,
        Self::Abandoned,
    ];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Creating => "creating",
            Self::KeyCreated => "key_created",
            Self::Finalizing => "finalizing",
            Self::Issued => "issued",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::Mismatch => "mismatch",
            Self::Abandoned => "abandoned",
        }
    }

    /// A call is under way, or was when its worker died.
    pub const fn is_in_flight(self) -> bool {
        matches!(self, Self::Creating | Self::Finalizing)
    }

    /// Nothing will change any more.
    pub const fn is_final(self) -> bool {
        matches!(
            self,
            Self::Issued | Self::Refused | Self::Mismatch | Self::Abandoned
        )
    }

    /// Whether the owner may repeat `csr/finalize` now: a request code is
    /// known and nobody is at work.
    pub const fn may_resume(self, has_request_code: bool) -> bool {
        has_request_code && matches!(self, Self::KeyCreated | Self::Unknown)
    }

    /// Whether the owner may give it up.
    pub const fn may_abandon(self) -> bool {
        matches!(self, Self::Draft | Self::KeyCreated | Self::Unknown)
    }

    /// The state after `event`.
    ///
    /// # Errors
    /// [`NoSuchDoor`] where the event cannot happen in this state.
    pub const fn after(self, event: Event) -> Result<Self, NoSuchDoor> {
        use Event as E;
        Ok(match (self, event) {
            (Self::Draft, E::CreateIntended) => Self::Creating,
            (Self::Creating, E::NothingSent) => Self::Draft,
            (Self::Creating, E::KeyCreated) => Self::KeyCreated,
            (Self::KeyCreated | Self::Unknown, E::FinalizeIntended) => Self::Finalizing,
            (Self::Finalizing, E::NothingSent) => Self::KeyCreated,
            (Self::Finalizing | Self::Unknown, E::Issued) => Self::Issued,
            (Self::Creating | Self::Finalizing, E::Refused) => Self::Refused,
            (Self::Creating | Self::Finalizing, E::OutcomeUnknown) => Self::Unknown,
            (Self::Creating | Self::Finalizing, E::Mismatched) => Self::Mismatch,
            (Self::Draft | Self::KeyCreated | Self::Unknown, E::Abandoned) => Self::Abandoned,
            _ => return Err(NoSuchDoor { state: self, event }),
        })
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that is no state's stored name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not the name of an issuance's state")]
pub struct UnknownState(pub String);

impl FromStr for State {
    type Err = UnknownState;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| UnknownState(text.to_owned()))
    }
}

/// What can happen to an issuance. The text form is stored in its timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// The intent to create was committed.
    CreateIntended,
    /// The call failed before a byte was sent.
    NothingSent,
    /// `csr/create` answered with a request code.
    KeyCreated,
    /// The intent to finalize was committed.
    FinalizeIntended,
    /// `csr/finalize` answered with a certificate, or a certificate for this key was shown.
    Issued,
    /// An ERROR envelope came back.
    Refused,
    /// The answer was lost, late, unreadable, or said that it had been finalized already.
    OutcomeUnknown,
    /// The answer does not belong to what was asked.
    Mismatched,
    /// The owner gave it up.
    Abandoned,
}

impl Event {
    /// Every event.
    pub const ALL: &'static [Self] = &[
        Self::CreateIntended,
        Self::NothingSent,
        Self::KeyCreated,
        Self::FinalizeIntended,
        Self::Issued,
        Self::Refused,
        Self::OutcomeUnknown,
        Self::Mismatched,
        Self::Abandoned,
    ];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreateIntended => "create_intended",
            Self::NothingSent => "nothing_sent",
            Self::KeyCreated => "key_created",
            Self::FinalizeIntended => "finalize_intended",
            Self::Issued => "issued",
            Self::Refused => "refused",
            Self::OutcomeUnknown => "outcome_unknown",
            Self::Mismatched => "mismatched",
            Self::Abandoned => "abandoned",
        }
    }

    /// The event with this stored name.
    pub fn from_stored(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|event| event.as_str() == text)
    }
}

/// An event that cannot happen in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{event:?} cannot happen to an issuance that is {state}")]
pub struct NoSuchDoor {
    /// Where the issuance stood.
    pub state: State,
    /// What was tried.
    pub event: Event,
}

/// Why an issuance stands where it stands, where that is not plain from the
/// state alone. Stored beside the state; pages have words for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// No connection to Redtrust could be made: nothing was sent.
    Unreachable,
    /// Redtrust's certificate or address was not accepted: nothing was sent.
    Untrusted,
    /// Too many calls under way, or too many failed just now: nothing was sent.
    Busy,
    /// The sign-in at Redtrust has ended: not executed.
    SignInAgain,
    /// No answer within the time allowed.
    TimedOut,
    /// The connection broke after the request went out.
    Cut,
    /// An answer that could not be read.
    Unreadable,
    /// Redtrust, or something before it, answered with a server error.
    ServerError,
    /// The process that waited for the answer is gone.
    WorkerGone,
    /// Redtrust says that it was finalized before.
    AlreadyFinalized,
    /// Redtrust said no, in its own words.
    Rejected,
    /// The key in the CSR is not of the type or size asked for.
    OtherKey,
    /// The subject in the CSR is not the one asked for.
    OtherSubject,
    /// The answer carries another request code.
    OtherRequestCode,
    /// The thumbprint belongs to another issuance.
    ThumbprintTaken,
    /// Its owner showed a certificate that was made with its keys.
    ShownByOwner,
}

impl Cause {
    /// Every cause.
    pub const ALL: &'static [Self] = &[
        Self::Unreachable,
        Self::Untrusted,
        Self::Busy,
        Self::SignInAgain,
        Self::TimedOut,
        Self::Cut,
        Self::Unreadable,
        Self::ServerError,
        Self::WorkerGone,
        Self::AlreadyFinalized,
        Self::Rejected,
        Self::OtherKey,
        Self::OtherSubject,
        Self::OtherRequestCode,
        Self::ThumbprintTaken,
        Self::ShownByOwner,
    ];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Untrusted => "untrusted",
            Self::Busy => "busy",
            Self::SignInAgain => "sign_in_again",
            Self::TimedOut => "timed_out",
            Self::Cut => "cut",
            Self::Unreadable => "unreadable",
            Self::ServerError => "server_error",
            Self::WorkerGone => "worker_gone",
            Self::AlreadyFinalized => "already_finalized",
            Self::Rejected => "rejected",
            Self::OtherKey => "other_key",
            Self::OtherSubject => "other_subject",
            Self::OtherRequestCode => "other_request_code",
            Self::ThumbprintTaken => "thumbprint_taken",
            Self::ShownByOwner => "shown_by_owner",
        }
    }

    /// The cause with this stored name.
    pub fn from_stored(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|cause| cause.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_good_day_leads_from_draft_to_issued() {
        let mut state = State::Draft;
        for event in [
            Event::CreateIntended,
            Event::KeyCreated,
            Event::FinalizeIntended,
            Event::Issued,
        ] {
            state = state.after(event).unwrap();
        }
        assert_eq!(state, State::Issued);
    }

    #[test]
    fn no_final_state_has_a_way_out() {
        for state in State::ALL.iter().filter(|s| s.is_final()) {
            for event in Event::ALL {
                assert!(state.after(*event).is_err(), "{state} {event:?}");
            }
        }
    }

    #[test]
    fn unknown_never_leads_back_to_create() {
        assert!(State::Unknown.after(Event::CreateIntended).is_err());
        assert!(State::KeyCreated.after(Event::CreateIntended).is_err());
    }

    #[test]
    fn every_state_reads_back_what_it_writes() {
        for state in State::ALL {
            assert_eq!(state.as_str().parse(), Ok(*state));
        }
        assert!("done".parse::<State>().is_err());
    }

    #[test]
    fn every_event_and_cause_reads_back_what_it_writes() {
        for event in Event::ALL {
            assert_eq!(Event::from_stored(event.as_str()), Some(*event));
        }
        for cause in Cause::ALL {
            assert_eq!(Cause::from_stored(cause.as_str()), Some(*cause));
        }
        assert_eq!(Event::from_stored("Issued"), None);
        assert_eq!(Cause::from_stored(""), None);
    }

    #[test]
    fn what_the_owner_may_do_the_machine_allows() {
        for state in State::ALL {
            let finalize = state.after(Event::FinalizeIntended).is_ok();
            assert_eq!(state.may_resume(true), finalize, "{state}");
            assert!(!state.may_resume(false), "{state}");
            let abandon = state.after(Event::Abandoned).is_ok();
            assert_eq!(state.may_abandon(), abandon, "{state}");
        }
    }

    #[test]
    fn a_call_under_way_can_end_in_every_way_a_call_ends() {
        for state in State::ALL.iter().filter(|s| s.is_in_flight()) {
            for event in [
                Event::NothingSent,
                Event::Refused,
                Event::OutcomeUnknown,
                Event::Mismatched,
            ] {
                assert!(state.after(event).is_ok(), "{state} {event:?}");
            }
        }
    }
}
