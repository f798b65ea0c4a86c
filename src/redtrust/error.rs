//! The errors of a call. The main question for each: can the call have taken effect?

use serde::{Deserialize, Serialize};

use crate::domain::error_class::ErrorClass;
use crate::domain::issuance::ServerMessage;

/// Why a call to Redtrust failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum RedtrustError {
    /// No connection could be made. Nothing was sent.
    #[error("no connection: {cause}")]
    Unreachable {
        /// The network error.
        cause: String,
    },
    /// The server's certificate was rejected, or there are no root certificates to
    /// check it with. Nothing was sent.
    #[error("TLS: {cause}")]
    Tls {
        /// The TLS error.
        cause: String,
    },
    /// The server's name resolves to an address that must not be called. Nothing was
    /// sent.
    #[error("the address {address} must not be called")]
    BlockedAddress {
        /// The address.
        address: String,
    },
    /// The connection has too many concurrent calls. Nothing was sent.
    #[error("too many calls under way")]
    Busy,
    /// The circuit breaker is open after repeated failures. Nothing was sent.
    #[error("too many calls failed just now")]
    BreakerOpen,
    /// The token was rejected; the call was not executed.
    #[error("not authorised: {code}: {message}")]
    Unauthorized {
        /// Redtrust's `errorCode`.
        code: String,
        /// Redtrust's `message`.
        message: String,
    },
    /// Redtrust refused the call with an error of its own.
    #[error("refused with status {status}: {code}: {message}")]
    Rejected {
        /// Redtrust's `errorCode`.
        code: String,
        /// Redtrust's `message`.
        message: String,
        /// The HTTP status of the answer.
        status: u16,
    },
    /// No complete answer within the time limit. The call may have taken effect.
    #[error("no answer within the time allowed")]
    TimedOut,
    /// The connection broke after it was made, or the answer was not HTTP. The call may
    /// have taken effect.
    #[error("the connection broke before the answer was whole")]
    Cut,
    /// A status other than 2xx without an envelope. The call may have taken effect,
    /// because a proxy may have answered.
    #[error("status {status} without an envelope")]
    Unavailable {
        /// The HTTP status.
        status: u16,
    },
    /// An answer that cannot be used. The call may have taken effect.
    #[error("an answer that cannot be used: {cause}")]
    Malformed {
        /// What is wrong; never contains a part of the answer.
        cause: String,
    },
}

impl RedtrustError {
    /// Whether no byte of the call was sent.
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

    /// The kind of error, in one word for metrics.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "unreachable",
            Self::Tls { .. } => "tls",
            Self::BlockedAddress { .. } => "blocked_address",
            Self::Busy => "busy",
            Self::BreakerOpen => "breaker_open",
            Self::Unauthorized { .. } => "unauthorized",
            Self::Rejected { .. } => "rejected",
            Self::TimedOut => "timed_out",
            Self::Cut => "cut",
            Self::Unavailable { .. } => "unavailable",
            Self::Malformed { .. } => "malformed",
        }
    }

    /// Redtrust's own words, if it answered with an error of its own.
    pub fn said(&self) -> Option<ServerMessage> {
        match self {
            Self::Unauthorized { code, message } | Self::Rejected { code, message, .. } => {
                Some(ServerMessage {
                    code: code.clone(),
                    text: message.clone(),
                })
            }
            Self::Unreachable { .. }
            | Self::Tls { .. }
            | Self::BlockedAddress { .. }
            | Self::Busy
            | Self::BreakerOpen
            | Self::TimedOut
            | Self::Cut
            | Self::Unavailable { .. }
            | Self::Malformed { .. } => None,
        }
    }

    /// What the error asks for, if Redtrust itself answered with it.
    pub fn class(&self) -> Option<ErrorClass> {
        self.said().map(|said| said.class())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_failed_before_a_byte_went_out_counts_as_nothing_sent() {
        assert!(RedtrustError::Busy.nothing_was_sent());
        assert!(!RedtrustError::TimedOut.nothing_was_sent());
        assert!(!RedtrustError::Cut.nothing_was_sent());
        assert!(!RedtrustError::Unavailable { status: 502 }.nothing_was_sent());
    }
}
