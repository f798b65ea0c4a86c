//! One issuance from form to certificate, as a state machine without way back.
//!
//! `draft -> creating -> key_created -> finalizing -> issued`, and states for
//! every other outcome. The machine knows nothing of storage or the network: it
//! takes an [`Event`] and returns the next [`State`].

mod record;
mod standing;

use super::string_enum::string_enum;

pub use record::{Issuance, Refusal, ServerMessage, Summary, TimelineEntry, holder_as_ordered};
pub use standing::{Activity, Doubt, Standing};

string_enum! {
    /// The state of an issuance. The text form is stored and shown as
    /// `data-state`.
    pub enum State as "state" {
        /// Being filled in, or returned to this state because nothing was sent.
        Draft = "draft",
        /// The intent to call `csr/create` is stored; its outcome is not.
        Creating = "creating",
        /// Redtrust holds a key pair for it; the request code is known.
        KeyCreated = "key_created",
        /// The intent to call `csr/finalize` is stored; its outcome is not.
        Finalizing = "finalizing",
        /// The certificate exists and is stored.
        Issued = "issued",
        /// Redtrust refused.
        Refused = "refused",
        /// A call was sent and its effect is not known.
        Unknown = "unknown",
        /// Redtrust's answer does not match the request.
        Mismatch = "mismatch",
        /// Abandoned by its owner.
        Abandoned = "abandoned",
    }
}

impl State {
    /// Whether a call is in progress, or was when its worker died.
    pub const fn is_in_flight(self) -> bool {
        match self {
            Self::Creating | Self::Finalizing => true,
            Self::Draft | Self::KeyCreated | Self::Unknown => false,
            Self::Issued | Self::Refused | Self::Mismatch | Self::Abandoned => false,
        }
    }

    /// Whether a worker may hold a lease: it keeps one between its two calls.
    pub const fn may_be_leased(self) -> bool {
        match self {
            Self::Creating | Self::KeyCreated | Self::Finalizing => true,
            Self::Draft | Self::Unknown => false,
            Self::Issued | Self::Refused | Self::Mismatch | Self::Abandoned => false,
        }
    }

    /// Whether its state can still change.
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
    /// [`NoSuchDoor`] if the event cannot happen in this state.
    pub const fn after(self, event: Event) -> Result<Self, NoSuchDoor> {
        use Event as E;
        Ok(match (self, event) {
            (Self::Draft, E::CreateIntended) => Self::Creating,
            (Self::Creating, E::NothingSent) => Self::Draft,
            // From `unknown` if the answer came after it had been given up.
            (Self::Creating | Self::Unknown, E::KeyCreated) => Self::KeyCreated,
            (Self::KeyCreated | Self::Unknown, E::FinalizeIntended) => Self::Finalizing,
            (Self::Finalizing, E::NothingSent) => Self::KeyCreated,
            (Self::Creating, E::TurnedBack) => Self::Draft,
            (Self::Finalizing, E::TurnedBack) => Self::KeyCreated,
            (Self::Finalizing | Self::KeyCreated | Self::Unknown, E::Issued) => Self::Issued,
            (Self::KeyCreated | Self::Unknown, E::Shown) => Self::Unknown,
            (Self::Creating | Self::Finalizing, E::Refused) => Self::Refused,
            (Self::Creating | Self::Finalizing, E::OutcomeUnknown) => Self::Unknown,
            (Self::Creating | Self::Finalizing, E::Mismatched) => Self::Mismatch,
            (Self::Draft | Self::KeyCreated | Self::Unknown, E::Abandoned) => Self::Abandoned,
            _ => return Err(NoSuchDoor { state: self, event }),
        })
    }
}

string_enum! {
    /// An event of an issuance. The text form is stored in its timeline.
    pub enum Event as "event" {
        /// The intent to create was committed.
        CreateIntended = "create_intended",
        /// The call failed before a byte was sent.
        NothingSent = "nothing_sent",
        /// `csr/create` answered with a request code.
        KeyCreated = "key_created",
        /// The intent to finalize was committed.
        FinalizeIntended = "finalize_intended",
        /// `csr/finalize` returned a certificate, or the owner uploaded one for this key
        /// that proves itself.
        Issued = "issued",
        /// The owner uploaded a certificate for this key that proves nothing.
        Shown = "shown",
        /// An ERROR envelope was returned, and the request ends with it.
        Refused = "refused",
        /// An ERROR envelope was returned, and the same call may be made again.
        TurnedBack = "turned_back",
        /// The answer was lost, late or unreadable, or said that the certificate may
        /// exist already.
        OutcomeUnknown = "outcome_unknown",
        /// The answer does not match the request.
        Mismatched = "mismatched",
        /// The owner abandoned it.
        Abandoned = "abandoned",
    }
}

/// An event that cannot happen in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{event:?} cannot happen to an issuance that is {state}")]
pub struct NoSuchDoor {
    /// The state of the issuance.
    pub state: State,
    /// The attempted event.
    pub event: Event,
}

string_enum! {
    /// The reason for a state, where the state alone does not explain it.
    /// Stored with the state; pages have a text for each.
    pub enum Cause as "cause" {
        /// No connection to Redtrust could be made: nothing was sent.
        Unreachable = "unreachable",
        /// Redtrust's certificate or address was not accepted: nothing was
        /// sent.
        Untrusted = "untrusted",
        /// Too many calls in progress, or too many recent failures: nothing was
        /// sent.
        Busy = "busy",
        /// The sign-in at Redtrust has ended: not executed.
        SignInAgain = "sign_in_again",
        /// No answer within the time allowed.
        TimedOut = "timed_out",
        /// The connection broke after the request was sent.
        Cut = "cut",
        /// An answer that could not be read.
        Unreadable = "unreadable",
        /// Redtrust, or a proxy before it, returned a server error.
        ServerError = "server_error",
        /// The process that waited for the answer is gone.
        WorkerGone = "worker_gone",
        /// The database cannot store the answer as it is.
        NotStored = "not_stored",
        /// Redtrust says that it was already finalized.
        AlreadyFinalized = "already_finalized",
        /// Redtrust refused in a way that does not exclude that the certificate exists.
        MayExist = "may_exist",
        /// Redtrust refused a fresh token: this user may not issue.
        MayNotIssue = "may_not_issue",
        /// Redtrust refused and gave its own message.
        Rejected = "rejected",
        /// The key in the CSR does not have the ordered type or size.
        OtherKey = "other_key",
        /// The subject in the CSR is not the ordered one.
        OtherSubject = "other_subject",
        /// The answer has another request code.
        OtherRequestCode = "other_request_code",
        /// The thumbprint belongs to another issuance.
        ThumbprintTaken = "thumbprint_taken",
        /// Its owner uploaded a certificate that was made with its key, and nothing else
        /// says that Redtrust issued it.
        ShownByOwner = "shown_by_owner",
        /// Its owner uploaded its certificate, and that was signed by a CA that issues for
        /// the connection.
        ProvenByFile = "proven_by_file",
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
    fn a_call_that_may_be_made_again_leads_back_to_where_it_was_made_from() {
        for (from, intent) in [
            (State::Draft, Event::CreateIntended),
            (State::KeyCreated, Event::FinalizeIntended),
        ] {
            let under_way = from.after(intent).unwrap();
            for event in [Event::TurnedBack, Event::NothingSent] {
                assert_eq!(under_way.after(event), Ok(from));
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
                Event::TurnedBack,
                Event::OutcomeUnknown,
                Event::Mismatched,
            ] {
                assert!(state.after(event).is_ok(), "{state} {event:?}");
            }
        }
    }
}
