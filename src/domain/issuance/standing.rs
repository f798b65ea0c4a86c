//! The status of an issuance as its owner sees it. More detailed than the
//! state, because it also depends on whether a worker is running and which
//! facts are known. The only place that decides what the owner may do now.

use std::time::Duration;

use super::{Event, Issuance, State, TimelineEntry};
use crate::millis::Millis;

/// After this time the page says that it is still waiting.
const PATIENCE: Duration = Duration::from_secs(10);

/// Facts about an issuance that are not in its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Activity {
    /// A worker is running, on this node or another.
    pub at_work: bool,
    /// Redtrust has issued the certificate, but it is not stored yet.
    pub unsaved_certificate: bool,
}

/// What nobody knows of an issuance, whatever happened to it afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Whether Redtrust made its keys. No certificate was asked for.
    Keys,
    /// Whether its certificate exists.
    Certificate,
}

impl Doubt {
    /// What this timeline leaves open.
    pub fn of(timeline: &[TimelineEntry]) -> Option<Self> {
        let (mut asked, mut doubt) = (None, None);
        for entry in timeline {
            asked = match entry.event {
                Event::CreateIntended => Some(Self::Keys),
                Event::FinalizeIntended | Event::Shown => Some(Self::Certificate),
                _ => asked,
            };
            doubt = match (entry.state, doubt) {
                (_, Some(Self::Certificate)) => doubt,
                (State::Unknown, _) => asked,
                (State::KeyCreated, _) => None,
                _ => doubt,
            };
        }
        doubt
    }
}

/// The status of an issuance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Being filled in.
    Draft,
    /// Submitted and returned to draft: nothing was sent.
    NotSent,
    /// Submitted and returned to draft: Redtrust cannot do it now.
    PutOff,
    /// A call is in progress.
    Working,
    /// A call has been in progress for long.
    Waiting,
    /// Redtrust has issued the certificate, but it is not stored yet.
    Recording,
    /// The key pair exists, and no worker is running.
    KeysOnly,
    /// The key pair exists, and Redtrust refused to issue the certificate for it.
    KeysRefused,
    /// The certificate exists.
    Issued,
    /// Redtrust refused.
    Refused,
    /// The effect of a call is not known; finalize can be repeated.
    UnknownWithCode,
    /// The effect of a call is not known, and without a code finalize cannot be
    /// repeated.
    UnknownNoCode,
    /// The answer does not match the request.
    Mismatch,
    /// Abandoned by its owner.
    Abandoned,
    /// Abandoned although this is not known.
    AbandonedInDoubt(Doubt),
}

impl Standing {
    /// The same of an issuance whose timeline leaves this open.
    #[must_use]
    pub const fn with(self, doubt: Option<Doubt>) -> Self {
        match (self, doubt) {
            (Self::Abandoned, Some(doubt)) => Self::AbandonedInDoubt(doubt),
            _ => self,
        }
    }

    /// The status of this issuance at `now`.
    pub fn of(issuance: &Issuance, activity: Activity, now: Millis) -> Self {
        match issuance.state {
            State::Draft if issuance.submitted_at.is_none() => Self::Draft,
            State::Draft if issuance.refusal().is_some() => Self::PutOff,
            State::Draft => Self::NotSent,
            State::Finalizing if activity.unsaved_certificate => Self::Recording,
            State::KeyCreated if !activity.at_work => match issuance.refusal() {
                Some(_) => Self::KeysRefused,
                None => Self::KeysOnly,
            },
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

    /// Whether it will change by itself: then the page reloads itself.
    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::Working | Self::Waiting | Self::Recording)
    }

    /// Whether the certificate exists.
    pub const fn is_issued(self) -> bool {
        matches!(self, Self::Issued)
    }

    /// Whether nothing is ordered: there is no progress to show.
    pub const fn is_draft(self) -> bool {
        matches!(self, Self::Draft | Self::NotSent | Self::PutOff)
    }

    /// Whether `csr/finalize` may be repeated: the code is known and no worker
    /// is running.
    pub const fn may_resume(self) -> bool {
        matches!(
            self,
            Self::KeysOnly | Self::KeysRefused | Self::UnknownWithCode
        )
    }

    /// Whether it may be abandoned. A draft that was never sent is discarded
    /// instead.
    pub const fn may_abandon(self) -> bool {
        matches!(
            self,
            Self::NotSent
                | Self::PutOff
                | Self::KeysOnly
                | Self::KeysRefused
                | Self::UnknownWithCode
                | Self::UnknownNoCode
        )
    }

    /// Whether it may be discarded as a draft. Redtrust keeps what it received
    /// before.
    pub const fn may_discard(self) -> bool {
        self.is_draft()
    }

    /// Whether a new request with the same answers makes sense.
    pub const fn may_begin_again(self) -> bool {
        matches!(
            self,
            Self::Refused
                | Self::UnknownNoCode
                | Self::Mismatch
                | Self::Abandoned
                | Self::AbandonedInDoubt(_)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answers::Answers;
    use crate::holder::Kind;
    use crate::issuance::Event;

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
            erased_at: None,
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
    fn giving_up_leaves_open_what_is_not_known() {
        use Event as E;
        let doubt = |events: &[Event]| {
            let mut state = State::Draft;
            let entry = |event: &Event| {
                state = state.after(*event).unwrap();
                TimelineEntry {
                    at: Millis(0),
                    event: *event,
                    state,
                    said: None,
                    cause: None,
                }
            };
            let timeline: Vec<_> = events.iter().map(entry).collect();
            Standing::Abandoned.with(Doubt::of(&timeline))
        };
        let in_doubt = Standing::AbandonedInDoubt;
        let lost = [E::CreateIntended, E::OutcomeUnknown, E::Abandoned];
        assert_eq!(doubt(&lost), in_doubt(Doubt::Keys));
        let keys = [E::CreateIntended, E::KeyCreated];
        assert_eq!(
            doubt(&[keys.as_slice(), &[E::Abandoned]].concat()),
            Standing::Abandoned
        );
        let lost = [E::FinalizeIntended, E::OutcomeUnknown];
        // Asking once more in vain does not make it known.
        let again = [E::FinalizeIntended, E::NothingSent];
        for then in [&[][..], &again] {
            let all = [&keys[..], &lost, then, &[E::Abandoned]].concat();
            assert_eq!(doubt(&all), in_doubt(Doubt::Certificate));
        }
        let shown = [&keys[..], &[E::Shown, E::Abandoned]].concat();
        assert_eq!(doubt(&shown), in_doubt(Doubt::Certificate));
    }

    #[test]
    fn who_waits_for_long_is_told_so() {
        let creating = issuance(State::Creating, None);
        let at = |now| Standing::of(&creating, Activity::default(), now);
        assert_eq!(at(Millis(0) + PATIENCE), Standing::Working);
        assert_eq!(at(Millis(1) + PATIENCE), Standing::Waiting);
    }
}
