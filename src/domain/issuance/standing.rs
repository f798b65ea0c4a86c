//! How an issuance stands, as its owner has to know it: finer than the state,
//! since who is at work and what is known make the difference. What the owner
//! may do now is decided here and nowhere else.

use std::time::Duration;

use super::{Issuance, State};
use crate::domain::millis::Millis;

/// After so long the page says that it is still waiting.
const PATIENCE: Duration = Duration::from_secs(10);

/// What goes on around an issuance and is not in its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Activity {
    /// Somebody is at work on it, on this node or another.
    pub at_work: bool,
    /// Redtrust has issued the certificate, and that is not on disk yet.
    pub unsaved_certificate: bool,
}

/// How an issuance stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Being filled in.
    Draft,
    /// Submitted, and back here: nothing was sent.
    NotSent,
    /// A call is under way.
    Working,
    /// A call has been under way for long.
    Waiting,
    /// Redtrust issued the certificate, and that is not on disk yet.
    Recording,
    /// The keys are there, and nobody is at work.
    KeysOnly,
    /// The certificate is there.
    Issued,
    /// Redtrust said no.
    Refused,
    /// What a call did is not known; it can be asked for again.
    UnknownWithCode,
    /// What a call did is not known, nor how to ask.
    UnknownNoCode,
    /// The answer is not what was asked for.
    Mismatch,
    /// Given up.
    Abandoned,
}

impl Standing {
    /// How this issuance stands at `now`.
    pub fn of(issuance: &Issuance, activity: Activity, now: Millis) -> Self {
        match issuance.state {
            State::Draft if issuance.submitted_at.is_none() => Self::Draft,
            State::Draft => Self::NotSent,
            State::Finalizing if activity.unsaved_certificate => Self::Recording,
            State::KeyCreated if !activity.at_work => Self::KeysOnly,
            State::Creating | State::KeyCreated | State::Finalizing => {
                match now.since(issuance.updated_at) > PATIENCE {
                    true => Self::Waiting,
                    false => Self::Working,
                }
            }
            State::Issued => Self::Issued,
            State::Refused => Self::Refused,
            State::Unknown if issuance.request_code.is_some() => Self::UnknownWithCode,
            State::Unknown => Self::UnknownNoCode,
            State::Mismatch => Self::Mismatch,
            State::Abandoned => Self::Abandoned,
        }
    }

    /// Something will change by itself: the page loads itself again.
    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::Working | Self::Waiting | Self::Recording)
    }

    /// The certificate is there.
    pub const fn is_issued(self) -> bool {
        matches!(self, Self::Issued)
    }

    /// Nothing is ordered: there is no progress to show.
    pub const fn is_draft(self) -> bool {
        matches!(self, Self::Draft | Self::NotSent)
    }

    /// `csr/finalize` may be repeated: a code is known and nobody is at work.
    pub const fn may_resume(self) -> bool {
        matches!(self, Self::KeysOnly | Self::UnknownWithCode)
    }

    /// It may be given up. A draft that was never sent is thrown away instead.
    pub const fn may_abandon(self) -> bool {
        matches!(
            self,
            Self::NotSent | Self::KeysOnly | Self::UnknownWithCode | Self::UnknownNoCode
        )
    }

    /// It may be thrown away as a draft; what was sent before stays where it is.
    pub const fn may_discard(self) -> bool {
        self.is_draft()
    }

    /// A new request with the same answers is a way on.
    pub const fn may_begin_again(self) -> bool {
        matches!(
            self,
            Self::Refused | Self::UnknownNoCode | Self::Mismatch | Self::Abandoned
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::answers::Answers;
    use crate::domain::holder::Kind;
    use crate::domain::issuance::Event;

    fn issuance(state: State, request_code: Option<&str>) -> Issuance {
        Issuance {
            id: "i".into(),
            reference: "0".repeat(10),
            owner_id: "o".into(),
            connection_id: "c".into(),
            sign_in_id: "s".into(),
            kind: Kind::Name,
            state,
            version: 1,
            answers: Answers::default(),
            order: None,
            holder: "Ana".into(),
            renews: None,
            request_code: request_code.map(Into::into),
            code_from_client: false,
            csr: None,
            csr_key: None,
            certificate_id: None,
            thumbprint: None,
            error: None,
            cause: None,
            created_at: Millis(0),
            submitted_at: None,
            updated_at: Millis(0),
            lease_until: Millis(0),
        }
    }

    #[test]
    fn what_the_owner_may_do_the_state_machine_allows() {
        for state in State::ALL {
            for code in [None, Some("r-1")] {
                for at_work in [false, true] {
                    let activity = Activity {
                        at_work,
                        unsaved_certificate: false,
                    };
                    let issuance = issuance(*state, code);
                    let standing = Standing::of(&issuance, activity, Millis(0));
                    let allows = |event| state.after(event).is_ok();
                    assert!(!standing.may_resume() || allows(Event::FinalizeIntended));
                    assert!(!standing.may_abandon() || allows(Event::Abandoned));
                    assert!(!standing.may_discard() || allows(Event::Abandoned));
                    assert!(!standing.may_resume() || !at_work || *state == State::Unknown);
                    assert_eq!(standing.is_issued(), *state == State::Issued);
                }
            }
        }
    }

    #[test]
    fn finalize_is_offered_with_a_code_only() {
        let standing =
            |state, code| Standing::of(&issuance(state, code), Activity::default(), Millis(0));
        assert!(standing(State::Unknown, Some("r-1")).may_resume());
        assert!(!standing(State::Unknown, None).may_resume());
        assert!(standing(State::KeyCreated, Some("r-1")).may_resume());
    }

    #[test]
    fn who_waits_for_long_is_told_so() {
        let creating = issuance(State::Creating, None);
        let at = |now| Standing::of(&creating, Activity::default(), now);
        assert_eq!(at(Millis(0) + PATIENCE), Standing::Working);
        assert_eq!(at(Millis(1) + PATIENCE), Standing::Waiting);
    }
}
