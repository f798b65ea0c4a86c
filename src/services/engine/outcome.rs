//! The table of outcomes: how the answer to a call changes an issuance.

use crate::domain::issuance::{Cause, Event, ServerMessage};
use crate::redtrust::RedtrustError;
use crate::storage::issuances::Change;

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

    /// Turns a refusal into `unknown`: an earlier finalize may have succeeded.
    pub(super) fn refusal_is_no_verdict(mut self) -> Self {
        if self.event == Event::Refused {
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

    fn with_error(mut self, code: &str, message: &str) -> Self {
        self.change.error = Some(ServerMessage {
            code: code.to_owned(),
            text: message.to_owned(),
        });
        self
    }

    /// The outcome of an error at `csr/create` or `csr/finalize`.
    /// [`RedtrustError::Unauthorized`] means that the call was not executed.
    pub fn from_error(error: &RedtrustError) -> Self {
        match error {
            RedtrustError::Unreachable { .. } => Self::nothing_sent(Cause::Unreachable),
            RedtrustError::Tls { .. } | RedtrustError::BlockedAddress { .. } => {
                Self::nothing_sent(Cause::Untrusted)
            }
            RedtrustError::Busy | RedtrustError::BreakerOpen => Self::nothing_sent(Cause::Busy),
            RedtrustError::Unauthorized { code, message } => {
                Self::nothing_sent(Cause::SignInAgain).with_error(code, message)
            }
            RedtrustError::Rejected { code, message, .. } if says_finalized(code, message) => {
                Self::because(Event::OutcomeUnknown, Cause::AlreadyFinalized)
                    .with_error(code, message)
            }
            RedtrustError::Rejected { code, message, .. } => {
                Self::because(Event::Refused, Cause::Rejected).with_error(code, message)
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
}

/// Whether Redtrust refused because the certificate already exists. The list of
/// error codes is \[open\], so we search code and message for the word.
fn says_finalized(code: &str, message: &str) -> bool {
    let says = |text: &str| {
        let text = text.to_ascii_lowercase();
        text.contains("already") && (text.contains("finali") || text.contains("issued"))
    };
    says(code) || says(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn already_finalized_is_not_a_refusal() {
        let outcome = CallOutcome::from_error(&RedtrustError::Rejected {
            code: "REQUEST_ALREADY_FINALIZED".into(),
            message: "x".into(),
            status: 409,
        });
        assert_eq!(outcome.event, Event::OutcomeUnknown);
        assert_eq!(outcome.change.cause, Some(Cause::AlreadyFinalized));
    }

    #[test]
    fn a_time_out_is_never_called_a_failure() {
        let outcome = CallOutcome::from_error(&RedtrustError::TimedOut);
        assert_eq!(outcome.event, Event::OutcomeUnknown);
    }

    #[test]
    fn a_refusal_after_a_lost_answer_is_no_verdict_and_keeps_its_words() {
        let refused = CallOutcome::from_error(&RedtrustError::Rejected {
            code: "REQUEST_CODE_EXPIRED".into(),
            message: "m".into(),
            status: 400,
        });
        let outcome = refused.refusal_is_no_verdict();
        assert_eq!(outcome.event, Event::OutcomeUnknown);
        assert_eq!(outcome.change.cause, Some(Cause::Rejected));
        assert!(outcome.change.error.is_some());
    }

    #[test]
    fn a_refusal_keeps_the_words_of_redtrust() {
        let outcome = CallOutcome::from_error(&RedtrustError::Rejected {
            code: "NO_PERMISSION".into(),
            message: "may not issue".into(),
            status: 403,
        });
        assert_eq!(outcome.event, Event::Refused);
        assert_eq!(
            outcome.change.error,
            Some(ServerMessage {
                code: "NO_PERMISSION".into(),
                text: "may not issue".into(),
            })
        );
    }
}
