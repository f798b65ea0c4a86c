//! The texts of each cause of a failed sign-in: its name, and what to do about it.

use crate::domain::sign_in_failure::Cause;
use crate::i18n::{Key, key};

pub(in crate::web::handlers::admin) const fn texts(cause: Cause) -> (Key, Key) {
    match cause {
        Cause::TokenMissing => (key("cause-token-missing"), key("cause-token-missing-fix")),
        Cause::TokenShape => (key("cause-token-shape"), key("cause-token-shape-fix")),
        Cause::TokenForm => (key("cause-token-form"), key("cause-token-form-fix")),
        Cause::TokenSignature => (
            key("cause-token-signature"),
            key("cause-token-signature-fix"),
        ),
        Cause::TokenClaims => (key("cause-token-claims"), key("cause-token-claims-fix")),
        Cause::TokenExpired => (key("cause-token-expired"), key("cause-token-expired-fix")),
        Cause::TokenClock => (key("cause-token-clock"), key("cause-token-clock-fix")),
        Cause::TokenAudience => (key("cause-token-audience"), key("cause-token-audience-fix")),
        Cause::TokenIssuer => (key("cause-token-issuer"), key("cause-token-issuer-fix")),
        Cause::TokenRedirectUrl => (
            key("cause-token-redirect-url"),
            key("cause-token-redirect-url-fix"),
        ),
        Cause::AttemptExpired => (
            key("cause-attempt-expired"),
            key("cause-attempt-expired-fix"),
        ),
        Cause::RedirectUrl => (key("cause-redirect-url"), key("cause-redirect-url-fix")),
        Cause::SharedKey => (key("cause-shared-key"), key("cause-shared-key-fix")),
        Cause::Rejected => (key("cause-rejected"), key("cause-rejected-fix")),
        Cause::Credentials => (key("cause-credentials"), key("cause-credentials-fix")),
        Cause::Unreachable => (key("cause-unreachable"), key("cause-unreachable-fix")),
        Cause::Tls => (key("cause-tls"), key("cause-tls-fix")),
        Cause::Busy => (key("cause-busy"), key("cause-busy-fix")),
        Cause::NoAnswer => (key("cause-no-answer"), key("cause-no-answer-fix")),
        Cause::BadAnswer => (key("cause-bad-answer"), key("cause-bad-answer-fix")),
    }
}
