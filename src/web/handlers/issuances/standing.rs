//! How an issuance stands, as its owner has to know it: finer than the state,
//! since who is at work and what is known make the difference.

use std::time::Duration;

use crate::domain::issuance::{Cause, State};
use crate::domain::millis::Millis;
use crate::i18n::{Key, key};
use crate::services::engine::Recording;
use crate::services::history::Story;

/// After so long the page says that it is still waiting.
const PATIENCE: Duration = Duration::from_secs(10);

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
    pub fn of(story: &Story, now: Millis) -> Self {
        let issuance = &story.issuance;
        match issuance.state {
            State::Draft if issuance.submitted_at.is_none() => Self::Draft,
            State::Draft => Self::NotSent,
            State::Finalizing if story.recording == Some(Recording::Issued) => Self::Recording,
            State::KeyCreated if !story.at_work => Self::KeysOnly,
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

    /// Nothing is ordered: there is no way to show.
    pub const fn is_draft(self) -> bool {
        matches!(self, Self::Draft | Self::NotSent)
    }

    /// Finalize can be asked for.
    pub const fn may_resume(self) -> bool {
        matches!(self, Self::KeysOnly | Self::UnknownWithCode)
    }

    /// It can be given up.
    pub const fn may_abandon(self) -> bool {
        matches!(
            self,
            Self::NotSent | Self::KeysOnly | Self::UnknownWithCode | Self::UnknownNoCode
        )
    }

    /// A new request with the same answers is a way on.
    pub const fn may_begin_again(self) -> bool {
        matches!(
            self,
            Self::Refused | Self::UnknownNoCode | Self::Mismatch | Self::Abandoned
        )
    }

    /// Headline, what happened, what is safe to do now.
    pub const fn words(self) -> (Key, Key, Key) {
        match self {
            Self::Draft => (
                key("one-draft-title"),
                key("one-draft-what"),
                key("one-draft-next"),
            ),
            Self::NotSent => (
                key("one-not-sent-title"),
                key("one-not-sent-what"),
                key("one-not-sent-next"),
            ),
            Self::Working => (
                key("one-working-title"),
                key("one-working-what"),
                key("one-working-next"),
            ),
            Self::Waiting => (
                key("one-waiting-title"),
                key("one-waiting-what"),
                key("one-working-next"),
            ),
            Self::Recording => (
                key("one-recording-title"),
                key("one-recording-what"),
                key("one-recording-next"),
            ),
            Self::KeysOnly => (
                key("one-keys-only-title"),
                key("one-keys-only-what"),
                key("one-keys-only-next"),
            ),
            Self::Issued => (
                key("one-issued-title"),
                key("one-issued-what"),
                key("one-issued-next"),
            ),
            Self::Refused => (
                key("one-refused-title"),
                key("one-refused-what"),
                key("one-refused-next"),
            ),
            Self::UnknownWithCode => (
                key("one-unknown-title"),
                key("one-unknown-code-what"),
                key("one-unknown-code-next"),
            ),
            Self::UnknownNoCode => (
                key("one-unknown-title"),
                key("one-unknown-what"),
                key("one-unknown-next"),
            ),
            Self::Mismatch => (
                key("one-mismatch-title"),
                key("one-mismatch-what"),
                key("one-mismatch-next"),
            ),
            Self::Abandoned => (
                key("one-abandoned-title"),
                key("one-abandoned-what"),
                key("one-abandoned-next"),
            ),
        }
    }
}

/// Why it stands where it stands.
pub const fn cause(cause: Cause) -> Key {
    match cause {
        Cause::Unreachable => key("cause-unreachable"),
        Cause::Untrusted => key("cause-untrusted"),
        Cause::Busy => key("cause-busy"),
        Cause::SignInAgain => key("cause-sign-in-again"),
        Cause::TimedOut => key("cause-timed-out"),
        Cause::Cut => key("cause-cut"),
        Cause::Unreadable => key("cause-unreadable"),
        Cause::ServerError => key("cause-server-error"),
        Cause::WorkerGone => key("cause-worker-gone"),
        Cause::AlreadyFinalized => key("cause-already-finalized"),
        Cause::Rejected => key("cause-rejected"),
        Cause::OtherKey => key("cause-other-key"),
        Cause::OtherSubject => key("cause-other-subject"),
        Cause::OtherRequestCode => key("cause-other-request-code"),
        Cause::ThumbprintTaken => key("cause-thumbprint-taken"),
        Cause::ShownByOwner => key("cause-shown-by-owner"),
    }
}
