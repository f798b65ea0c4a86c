//! The table of outcomes: how the answer to a call changes an issuance.

use crate::domain::error_class::ErrorClass;
use crate::domain::issuance::{Cause, Event, ServerMessage};
use crate::redtrust::RedtrustError;
use crate::storage::issuances::Change;

/// Which of the two calls was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallKind {
    Create {
        /// Whether the request code is ours, and so known without an answer.
        own_code: bool,
    },
    Finalize,
}

/// The result of a call, as an event and the facts to store with it.
#[derive(Debug, Clone)]
pub struct CallOutcome {
    pub event: Event,
    /// What is stored with the event.
    pub change: Change,
}

impl CallOutcome {
    /// The call was not made, or Redtrust did not execute it, because of
    /// `cause`.
    pub fn nothing_sent(cause: Cause) -> Self {
        Self::because(Event::NothingSent, cause)
    }

    /// The answer does not match the request.
    pub fn mismatch(cause: Cause) -> Self {
        Self::because(Event::Mismatched, cause)
    }

    /// Whether this call issued nothing: Redtrust refused, or nothing was sent.
    pub(super) const fn issued_nothing(&self) -> bool {
        matches!(
            self.event,
            Event::Refused | Event::TurnedBack | Event::NothingSent
        )
    }

    /// Turns a call that issued nothing into `unknown`: an earlier one may have issued
    /// the certificate.
    pub(super) fn into_unknown(mut self) -> Self {
        if self.issued_nothing() {
            self.event = Event::OutcomeUnknown;
        }
        self
    }

    fn because(event: Event, cause: Cause) -> Self {
        let change = Change {
            cause: Some(cause),
            ..Change::default()
        };
        Self { event, change }
    }

    /// Keeps Redtrust's own words.
    pub(super) fn with_words(mut self, code: &str, message: &str) -> Self {
        self.change.error = Some(ServerMessage {
            code: code.to_owned(),
            text: message.to_owned(),
        });
        self
    }

    /// The outcome of an error at `csr/create` or `csr/finalize`.
    /// [`RedtrustError::Unauthorized`] is here the answer to a fresh token.
    pub fn from_error(call: CallKind, error: &RedtrustError) -> Self {
        match error {
            RedtrustError::Unreachable { .. } => Self::nothing_sent(Cause::Unreachable),
            RedtrustError::Tls { .. } | RedtrustError::BlockedAddress { .. } => {
                Self::nothing_sent(Cause::Untrusted)
            }
            RedtrustError::Busy | RedtrustError::BreakerOpen => Self::nothing_sent(Cause::Busy),
            RedtrustError::Unauthorized { code, message } => {
                match ErrorClass::of(code, message) {
                    ErrorClass::BadToken | ErrorClass::Other => {
                        Self::may_not_issue(call, code, message)
                    }
                    // Status 401 with a code that says something else.
                    class => Self::refused(call, class).with_words(code, message),
                }
            }
            RedtrustError::Rejected { code, message, .. } => {
                Self::refused(call, ErrorClass::of(code, message)).with_words(code, message)
            }
            RedtrustError::TimedOut => Self::because(Event::OutcomeUnknown, Cause::TimedOut),
            RedtrustError::Cut => Self::because(Event::OutcomeUnknown, Cause::Cut),
            RedtrustError::Unavailable { .. } => {
                Self::because(Event::OutcomeUnknown, Cause::ServerError)
            }
            RedtrustError::Malformed { .. } => {
                Self::because(Event::OutcomeUnknown, Cause::Unreadable)
            }
        }
    }

    /// Redtrust does not accept a fresh token for this call.
    pub(super) fn may_not_issue(call: CallKind, code: &str, message: &str) -> Self {
        let event = match call {
            CallKind::Create { .. } => Event::Refused,
            CallKind::Finalize => Event::TurnedBack,
        };
        Self::because(event, Cause::MayNotIssue).with_words(code, message)
    }

    /// Redtrust refused. A key pair is never thrown away for a refusal, whatever its
    /// code: finalize with the same request code is safe to repeat.
    fn refused(call: CallKind, class: ErrorClass) -> Self {
        let (event, cause) = match (call, class) {
            (CallKind::Create { .. }, ErrorClass::MayPass) => (Event::TurnedBack, Cause::Rejected),
            // A key pair may exist under our own code: finalize can tell.
            (CallKind::Create { own_code: true }, ErrorClass::DoneAlready) => {
                (Event::OutcomeUnknown, Cause::MayExist)
            }
            (CallKind::Create { .. }, _) => (Event::Refused, Cause::Rejected),
            (CallKind::Finalize, ErrorClass::DoneAlready) => {
                (Event::OutcomeUnknown, Cause::AlreadyFinalized)
            }
            (CallKind::Finalize, ErrorClass::MayExist) => (Event::OutcomeUnknown, Cause::MayExist),
            (CallKind::Finalize, ErrorClass::RequestGone) => (Event::Refused, Cause::Rejected),
            (CallKind::Finalize, _) => (Event::TurnedBack, Cause::Rejected),
        };
        Self::because(event, cause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rejected(call: CallKind, code: &str) -> CallOutcome {
        let error = RedtrustError::Rejected {
            code: code.into(),
            message: "m".into(),
            status: 400,
        };
        CallOutcome::from_error(call, &error)
    }

    const CREATE: CallKind = CallKind::Create { own_code: false };

    #[test]
    fn a_refusal_at_finalize_ends_a_request_only_if_its_code_is_gone() {
        for (code, event) in [
            ("REQUEST_ALREADY_FINALIZED", Event::OutcomeUnknown),
            ("ERR_NOT_FOUND", Event::OutcomeUnknown),
            ("REQUEST_CODE_EXPIRED", Event::Refused),
            ("ERR_LICENSE_EXCEEDED", Event::TurnedBack),
            ("ERR_CONNECTIVITY", Event::TurnedBack),
            ("QUOTA", Event::TurnedBack),
        ] {
            let outcome = rejected(CallKind::Finalize, code);
            assert_eq!(outcome.event, event, "{code}");
            let error = outcome.change.error.unwrap();
            assert_eq!((error.code.as_str(), error.text.as_str()), (code, "m"));
        }
    }

    #[test]
    fn a_refusal_at_create_ends_the_request_unless_it_may_pass_or_the_code_is_ours() {
        let own = CallKind::Create { own_code: true };
        for (call, code, event) in [
            (CREATE, "ERR_CONNECTIVITY", Event::TurnedBack),
            (CREATE, "NO_PERMISSION", Event::Refused),
            (CREATE, "ERR_ALREADY_EXIST", Event::Refused),
            (own, "ERR_ALREADY_EXIST", Event::OutcomeUnknown),
        ] {
            assert_eq!(rejected(call, code).event, event, "{call:?} {code}");
        }
    }

    #[test]
    fn a_fresh_token_that_is_refused_means_that_this_user_may_not_issue() {
        for (code, cause) in [
            ("UNAUTHORIZED", Cause::MayNotIssue),
            ("HTTP_401", Cause::MayNotIssue),
            ("ERR_LICENSE_EXCEEDED", Cause::Rejected),
        ] {
            let error = RedtrustError::Unauthorized {
                code: code.into(),
                message: String::new(),
            };
            for (call, event) in [
                (CREATE, Event::Refused),
                (CallKind::Finalize, Event::TurnedBack),
            ] {
                let outcome = CallOutcome::from_error(call, &error);
                assert_eq!(outcome.event, event, "{code}");
                assert_eq!(outcome.change.cause, Some(cause), "{code}");
            }
        }
    }

    #[test]
    fn a_time_out_is_never_called_a_failure() {
        let outcome = CallOutcome::from_error(CREATE, &RedtrustError::TimedOut);
        assert_eq!(outcome.event, Event::OutcomeUnknown);
    }

    #[test]
    fn a_refusal_after_a_lost_answer_is_no_verdict_and_keeps_its_words() {
        for code in ["REQUEST_CODE_EXPIRED", "ERR_LICENSE_EXCEEDED"] {
            let outcome = rejected(CallKind::Finalize, code).into_unknown();
            assert_eq!(outcome.event, Event::OutcomeUnknown);
            assert_eq!(outcome.change.cause, Some(Cause::Rejected));
            assert!(outcome.change.error.is_some());
        }
    }
}
