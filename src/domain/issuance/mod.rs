//! One journey from form to certificate, as a state machine with one-way doors.
//!
//! `draft -> creating -> key_created -> finalizing -> issued`, and the states
//! that say honestly that something else happened. The machine knows nothing of
//! storage or the network: it takes an [`Event`] and answers the next [`State`].

mod record;
mod standing;

use super::string_enum::string_enum;

pub use record::{Issuance, ServerMessage, TimelineEntry};
pub use standing::{Activity, Standing};

string_enum! {
    /// Where an issuance stands. The text form is stored and shown as `data-state`.
    pub enum State as "state" {
        /// Being filled in, or put back here because nothing was sent.
        Draft = "draft",
        /// The intent to call `csr/create` is on disk; its outcome is not.
        Creating = "creating",
        /// Redtrust holds a key pair for it; the request code is known.
        KeyCreated = "key_created",
        /// The intent to call `csr/finalize` is on disk; its outcome is not.
        Finalizing = "finalizing",
        /// The certificate exists and is recorded.
        Issued = "issued",
        /// Redtrust said no.
        Refused = "refused",
        /// A call went out and what it did is not known.
        Unknown = "unknown",
        /// Redtrust answered with something that is not what was asked for.
        Mismatch = "mismatch",
        /// Given up by its owner.
        Abandoned = "abandoned",
    }
}

impl State {
    /// A call is under way, or was when its worker died.
    pub const fn is_in_flight(self) -> bool {
        match self {
            Self::Creating | Self::Finalizing => true,
            Self::Draft | Self::KeyCreated | Self::Unknown => false,
            Self::Issued | Self::Refused | Self::Mismatch | Self::Abandoned => false,
        }
    }

    /// A worker may hold a lease: it keeps one between its two calls.
    pub const fn may_be_leased(self) -> bool {
        match self {
            Self::Creating | Self::KeyCreated | Self::Finalizing => true,
            Self::Draft | Self::Unknown => false,
            Self::Issued | Self::Refused | Self::Mismatch | Self::Abandoned => false,
        }
    }

    /// Something can still happen to it.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Draft | Self::Creating | Self::KeyCreated | Self::Finalizing | Self::Unknown => {
                true
            }
            Self::Issued | Self::Refused | Self::Mismatch | Self::Abandoned => false,
        }
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

string_enum! {
    /// What can happen to an issuance. The text form is stored in its timeline.
    pub enum Event as "event" {
        /// The intent to create was committed.
        CreateIntended = "create_intended",
        /// The call failed before a byte was sent.
        NothingSent = "nothing_sent",
        /// `csr/create` answered with a request code.
        KeyCreated = "key_created",
        /// The intent to finalize was committed.
        FinalizeIntended = "finalize_intended",
        /// `csr/finalize` answered with a certificate, or a certificate for this key was shown.
        Issued = "issued",
        /// An ERROR envelope came back.
        Refused = "refused",
        /// The answer was lost, late, unreadable, or said that it had been finalized already.
        OutcomeUnknown = "outcome_unknown",
        /// The answer does not belong to what was asked.
        Mismatched = "mismatched",
        /// The owner gave it up.
        Abandoned = "abandoned",
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

string_enum! {
    /// Why an issuance stands where it stands, where that is not plain from the
    /// state alone. Stored beside the state; pages have words for each.
    pub enum Cause as "cause" {
        /// No connection to Redtrust could be made: nothing was sent.
        Unreachable = "unreachable",
        /// Redtrust's certificate or address was not accepted: nothing was sent.
        Untrusted = "untrusted",
        /// Too many calls under way, or too many failed just now: nothing was sent.
        Busy = "busy",
        /// The sign-in at Redtrust has ended: not executed.
        SignInAgain = "sign_in_again",
        /// No answer within the time allowed.
        TimedOut = "timed_out",
        /// The connection broke after the request went out.
        Cut = "cut",
        /// An answer that could not be read.
        Unreadable = "unreadable",
        /// Redtrust, or something before it, answered with a server error.
        ServerError = "server_error",
        /// The process that waited for the answer is gone.
        WorkerGone = "worker_gone",
        /// Redtrust says that it was finalized before.
        AlreadyFinalized = "already_finalized",
        /// Redtrust said no, in its own words.
        Rejected = "rejected",
        /// The key in the CSR is not of the type or size asked for.
        OtherKey = "other_key",
        /// The subject in the CSR is not the one asked for.
        OtherSubject = "other_subject",
        /// The answer carries another request code.
        OtherRequestCode = "other_request_code",
        /// The thumbprint belongs to another issuance.
        ThumbprintTaken = "thumbprint_taken",
        /// Its owner showed a certificate that was made with its keys.
        ShownByOwner = "shown_by_owner",
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
        for state in State::ALL.iter().filter(|state| !state.is_open()) {
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
    fn a_call_under_way_can_end_in_every_way_a_call_ends() {
        for state in State::ALL.iter().filter(|state| state.is_in_flight()) {
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
