//! What can go wrong at a call. The one question behind all variants: can the
//! call have taken effect?

/// Why a call to Redtrust brought no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RedtrustError {
    /// No connection could be made, in time or at all. Nothing was sent.
    #[error("no connection: {cause}")]
    Unreachable {
        /// What the network said.
        cause: String,
    },
    /// The server's certificate was not accepted, or ours to check it with is
    /// of no use. Nothing was sent.
    #[error("TLS: {cause}")]
    Tls {
        /// What was wrong with it.
        cause: String,
    },
    /// The server's name leads to an address that must not be called. Nothing was sent.
    #[error("the address {address} must not be called")]
    BlockedAddress {
        /// Which.
        address: String,
    },
    /// Too many calls under way at this connection. Nothing was sent.
    #[error("too many calls under way")]
    Busy,
    /// Too many calls failed just now at this connection. Nothing was sent.
    #[error("too many calls failed just now")]
    BreakerOpen,
    /// The token was not accepted: not executed.
    #[error("not authorised: {code}: {message}")]
    Unauthorized {
        /// Redtrust's `errorCode`.
        code: String,
        /// Redtrust's `message`.
        message: String,
    },
    /// Redtrust said no, in its own words.
    #[error("refused with status {status}: {code}: {message}")]
    Rejected {
        /// Redtrust's `errorCode`.
        code: String,
        /// Redtrust's `message`.
        message: String,
        /// The HTTP status it came with.
        status: u16,
    },
    /// No whole answer within the time allowed. The call may have taken effect.
    #[error("no answer within the time allowed")]
    TimedOut,
    /// The connection broke after it was made, or what came was no HTTP. The
    /// call may have taken effect.
    #[error("the connection broke before the answer was whole")]
    Cut,
    /// A status that is no success, without an envelope. The call may have
    /// taken effect: who answered is not known.
    #[error("status {status} without an envelope")]
    Unavailable {
        /// The HTTP status.
        status: u16,
    },
    /// An answer that cannot be used. The call may have taken effect.
    #[error("an answer that cannot be used: {cause}")]
    Malformed {
        /// What is wrong with it; never any of it.
        cause: String,
    },
}

impl RedtrustError {
    /// Whether not one byte of the call went out.
    pub const fn nothing_was_sent(&self) -> bool {
        matches!(
            self,
            Self::Unreachable { .. }
                | Self::Tls { .. }
                | Self::BlockedAddress { .. }
                | Self::Busy
                | Self::BreakerOpen
        )
    }

    /// The same without `secrets`, where a server repeats them in its words.
    pub(super) fn without(mut self, secrets: &[&str]) -> Self {
        if let Self::Unauthorized { code, message } | Self::Rejected { code, message, .. } =
            &mut self
        {
            for secret in secrets.iter().filter(|secret| secret.len() >= SHORTEST) {
                *code = code.replace(secret, "…");
                *message = message.replace(secret, "…");
            }
        }
        self
    }
}

/// Shorter secrets are not looked for: a password `a` would take every `a` out
/// of a sentence, and so be told.
const SHORTEST: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_the_server_repeats_is_taken_out_of_its_words() {
        let error = RedtrustError::Rejected {
            code: "BAD".into(),
            message: "token canary-1 is bad".into(),
            status: 400,
        };
        let shown = error.without(&["canary-1"]).to_string();
        assert_eq!(shown, "refused with status 400: BAD: token … is bad");
    }

    #[test]
    fn only_what_failed_before_a_byte_went_out_counts_as_nothing_sent() {
        assert!(RedtrustError::Busy.nothing_was_sent());
        assert!(!RedtrustError::TimedOut.nothing_was_sent());
        assert!(!RedtrustError::Cut.nothing_was_sent());
        assert!(!RedtrustError::Unavailable { status: 502 }.nothing_was_sent());
    }
}
