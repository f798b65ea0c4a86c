//! The texts of each cause of a failed sign-in: its name, and what to do about it.

use crate::domain::sign_in_failure::Cause;
use crate::i18n::{Key, key};

pub(in crate::web::handlers::admin) const fn texts(cause: Cause) -> (Key, Key) {
    match cause {
        Cause::TokenMissing => (key("why-token-missing"), key("why-token-missing-fix")),
        Cause::TokenShape => (key("why-token-shape"), key("why-token-shape-fix")),
        Cause::TokenForm => (key("why-token-form"), key("why-token-form-fix")),
        Cause::TokenSignature => (key("why-token-signature"), key("why-token-signature-fix")),
        Cause::TokenClaims => (key("why-token-claims"), key("why-token-claims-fix")),
        Cause::TokenExpired => (key("why-token-expired"), key("why-token-expired-fix")),
        Cause::TokenClock => (key("why-token-clock"), key("why-token-clock-fix")),
        Cause::TokenAudience => (key("why-token-audience"), key("why-token-audience-fix")),
        Cause::TokenIssuer => (key("why-token-issuer"), key("why-token-issuer-fix")),
        Cause::TokenRedirectUrl => (
            key("why-token-redirect-url"),
            key("why-token-redirect-url-fix"),
        ),
        Cause::AttemptExpired => (key("why-attempt-expired"), key("why-attempt-expired-fix")),
        Cause::RedirectUrl => (key("why-redirect-url"), key("why-redirect-url-fix")),
        Cause::SharedKey => (key("why-shared-key"), key("why-shared-key-fix")),
        Cause::Rejected => (key("why-rejected"), key("why-rejected-fix")),
        Cause::Credentials => (key("why-credentials"), key("why-credentials-fix")),
        Cause::Unreachable => (key("why-unreachable"), key("why-unreachable-fix")),
        Cause::Tls => (key("why-tls"), key("why-tls-fix")),
        Cause::Busy => (key("why-busy"), key("why-busy-fix")),
        Cause::NoAnswer => (key("why-no-answer"), key("why-no-answer-fix")),
        Cause::BadAnswer => (key("why-bad-answer"), key("why-bad-answer-fix")),
    }
}
