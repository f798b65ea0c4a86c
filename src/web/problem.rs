//! A problem as its page tells it: what happened, whether anything was created,
//! what is safe to do now, and one way on.

use actix_web::http::StatusCode;

use super::error::AppError;
use super::routes;
use crate::i18n::{Key, key};

/// A problem as its page tells it: what happened, what is safe now, one way on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headline.
    pub title: Key,
    /// What happened, and whether anything was created.
    pub what: Key,
    /// What is safe to do now.
    pub next: Key,
    /// Where the one link leads.
    pub href: String,
    /// What the link says.
    pub link: Key,
}

impl Problem {
    /// A problem whose way on is the home page.
    pub fn new(status: StatusCode, title: Key, what: Key, next: Key) -> Self {
        Self {
            status,
            title,
            what,
            next,
            href: routes::HOME.to_owned(),
            link: key("error-link-home"),
        }
    }

    /// The same problem with another way on.
    #[must_use]
    pub fn leading_to(mut self, href: impl Into<String>, link: Key) -> Self {
        self.href = href.into();
        self.link = link;
        self
    }

    /// The problem behind an error.
    pub fn of(error: &AppError) -> Self {
        let (status, title, what, next) = error.told();
        Self::new(status, title, what, next)
    }

    /// What the framework refused by itself, by status.
    pub fn of_status(status: StatusCode) -> Self {
        let known = match status {
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => AppError::NotFound,
            StatusCode::PAYLOAD_TOO_LARGE => AppError::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => AppError::WrongFormat,
            StatusCode::REQUEST_TIMEOUT => AppError::TooSlow,
            StatusCode::FORBIDDEN => AppError::NotAllowed,
            StatusCode::SERVICE_UNAVAILABLE => AppError::Unavailable,
            status if status.is_client_error() => AppError::BadRequest,
            _ => AppError::Internal,
        };
        Self {
            status,
            ..Self::of(&known)
        }
    }
}

/// Status, headline, what happened, what is safe.
type Told = (StatusCode, Key, Key, Key);

const SIGN_IN: Told = (
    StatusCode::UNAUTHORIZED,
    key("error-sign-in-title"),
    key("error-sign-in-what"),
    key("error-sign-in-next"),
);
const FORGED: Told = (
    StatusCode::FORBIDDEN,
    key("error-forged-title"),
    key("error-forged-what"),
    key("error-forged-next"),
);
const NOT_ALLOWED: Told = (
    StatusCode::FORBIDDEN,
    key("error-not-allowed-title"),
    key("error-not-allowed-what"),
    key("error-not-allowed-next"),
);
const NOT_FOUND: Told = (
    StatusCode::NOT_FOUND,
    key("error-not-found-title"),
    key("error-not-found-what"),
    key("error-not-found-next"),
);
const CONFLICT: Told = (
    StatusCode::CONFLICT,
    key("error-conflict-title"),
    key("error-conflict-what"),
    key("error-conflict-next"),
);
const BAD_REQUEST: Told = (
    StatusCode::BAD_REQUEST,
    key("error-bad-request-title"),
    key("error-bad-request-what"),
    key("error-bad-request-next"),
);
const TOO_LARGE: Told = (
    StatusCode::PAYLOAD_TOO_LARGE,
    key("error-too-large-title"),
    key("error-too-large-what"),
    key("error-too-large-next"),
);
const WRONG_FORMAT: Told = (
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    key("error-bad-request-title"),
    key("error-bad-request-what"),
    key("error-bad-request-next"),
);
const TOO_SLOW: Told = (
    StatusCode::REQUEST_TIMEOUT,
    key("error-too-slow-title"),
    key("error-too-slow-what"),
    key("error-too-slow-next"),
);
const TOO_MANY: Told = (
    StatusCode::TOO_MANY_REQUESTS,
    key("error-too-many-title"),
    key("error-too-many-what"),
    key("error-too-many-next"),
);
const UNAVAILABLE: Told = (
    StatusCode::SERVICE_UNAVAILABLE,
    key("error-unavailable-title"),
    key("error-unavailable-what"),
    key("error-unavailable-next"),
);
const UNREADABLE: Told = (
    StatusCode::INTERNAL_SERVER_ERROR,
    key("error-unreadable-title"),
    key("error-unreadable-what"),
    key("error-unreadable-next"),
);
const UNREACHABLE: Told = (
    StatusCode::BAD_GATEWAY,
    key("error-unreachable-title"),
    key("error-unreachable-what"),
    key("error-unreachable-next"),
);
const BAD_UPSTREAM: Told = (
    StatusCode::BAD_GATEWAY,
    key("error-bad-upstream-title"),
    key("error-bad-upstream-what"),
    key("error-bad-upstream-next"),
);
const NO_ANSWER: Told = (
    StatusCode::GATEWAY_TIMEOUT,
    key("error-no-answer-title"),
    key("error-no-answer-what"),
    key("error-no-answer-next"),
);
const INTERNAL: Told = (
    StatusCode::INTERNAL_SERVER_ERROR,
    key("error-internal-title"),
    key("error-internal-what"),
    key("error-internal-next"),
);

impl AppError {
    const fn told(&self) -> Told {
        match self {
            Self::SignInNeeded(_) | Self::AdminSignInNeeded => SIGN_IN,
            Self::Forged => FORGED,
            Self::NotAllowed => NOT_ALLOWED,
            Self::NotFound => NOT_FOUND,
            Self::Conflict => CONFLICT,
            Self::BadRequest => BAD_REQUEST,
            Self::TooLarge => TOO_LARGE,
            Self::WrongFormat => WRONG_FORMAT,
            Self::TooSlow => TOO_SLOW,
            Self::TooMany { .. } => TOO_MANY,
            Self::Unavailable => UNAVAILABLE,
            Self::Unreadable => UNREADABLE,
            Self::Unreachable => UNREACHABLE,
            Self::BadUpstream => BAD_UPSTREAM,
            Self::NoAnswer => NO_ANSWER,
            Self::Internal => INTERNAL,
        }
    }
}
