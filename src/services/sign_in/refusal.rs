//! Why a return from Redtrust's page was refused.

use super::begin::UrlProblem;
use crate::domain::sign_in_failure::Cause;
use crate::domain::temp_token::{TempTokenRefusal, TokenShape};
use crate::redtrust::RedtrustError;

/// Why a callback was refused. Only the last two made a call.
#[derive(Debug)]
pub enum Refusal {
    /// The connection was removed or disabled, or led to another server meanwhile.
    NoConnection,
    /// The redirect URL was disabled in the meantime.
    RedirectUrl(UrlProblem),
    /// No `tkn`. A cancelled sign-in looks the same.
    TokenMissing,
    /// `tkn` does not look like a token.
    TokenShape(TokenShape),
    /// This token was used before.
    TokenUsed,
    /// No sign-in was started in this browser.
    NoAttempt,
    /// The sign-in was started more than ten minutes ago.
    AttemptExpired,
    /// The token's signature or claims are not valid.
    Token(TempTokenRefusal),
    /// Redtrust refused.
    Rejected(RedtrustError),
    /// Redtrust could not be reached, or its answer could not be used.
    Failed(RedtrustError),
}

impl Refusal {
    pub(super) fn of_call(error: RedtrustError) -> Self {
        match error.said() {
            Some(_) => Self::Rejected(error),
            None => Self::Failed(error),
        }
    }

    /// The cause as admins see it; `None` for what is nobody's mistake but the
    /// person's: a link that was used before, or that belongs elsewhere.
    pub(super) const fn cause(&self) -> Option<Cause> {
        use TempTokenRefusal as Token;
        Some(match self {
            Self::NoConnection | Self::TokenUsed | Self::NoAttempt => return None,
            Self::RedirectUrl(_) => Cause::RedirectUrl,
            Self::TokenMissing => Cause::TokenMissing,
            Self::TokenShape(_) => Cause::TokenShape,
            Self::AttemptExpired => Cause::AttemptExpired,
            Self::Token(Token::NotAJws | Token::Algorithm) => Cause::TokenForm,
            Self::Token(Token::Signature) => Cause::TokenSignature,
            Self::Token(Token::Claims) => Cause::TokenClaims,
            Self::Token(Token::Expired) => Cause::TokenExpired,
            Self::Token(Token::IssuedInFuture | Token::LivesTooLong) => Cause::TokenClock,
            Self::Token(Token::OtherAudience) => Cause::TokenAudience,
            Self::Token(Token::OtherIssuer) => Cause::TokenIssuer,
            Self::Token(Token::OtherRedirectUrl) => Cause::TokenRedirectUrl,
            Self::Token(Token::Key(_)) => Cause::SharedKey,
            Self::Rejected(_) => Cause::Rejected,
            Self::Failed(error) => cause_of_call(error),
        })
    }

    /// The error of the call, if one was made.
    pub(super) const fn error(&self) -> Option<&RedtrustError> {
        match self {
            Self::Rejected(error) | Self::Failed(error) => Some(error),
            _ => None,
        }
    }
}

/// The cause that a failed call stands for.
pub(super) const fn cause_of_call(error: &RedtrustError) -> Cause {
    match error {
        RedtrustError::Unreachable { .. } | RedtrustError::BlockedAddress { .. } => {
            Cause::Unreachable
        }
        RedtrustError::Tls { .. } => Cause::Tls,
        RedtrustError::Busy | RedtrustError::BreakerOpen => Cause::Busy,
        RedtrustError::TimedOut => Cause::NoAnswer,
        RedtrustError::Rejected { .. } | RedtrustError::Unauthorized { .. } => Cause::Rejected,
        RedtrustError::Cut
        | RedtrustError::Unavailable { .. }
        | RedtrustError::Malformed { .. } => Cause::BadAnswer,
    }
}
