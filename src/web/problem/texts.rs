//! The content of each error page: status, code, texts, and the target of its link.

use actix_web::http::StatusCode;

use super::{AppError, Room};
use crate::i18n::{Key, key};
use crate::services::shares::UsedUp;
use crate::web::page::Said;
use crate::web::routes;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub status: StatusCode,
    /// A stable code for programs that read pages or logs.
    pub code: &'static str,
    pub texts: Texts,
    /// The target of the link.
    pub href: String,
    /// The text of the link.
    pub link: Key,
    /// What Redtrust said.
    pub said: Vec<Said>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Texts {
    pub title: Key,
    /// What happened, and whether anything was created.
    pub what: Key,
    /// What is safe to do now.
    pub next: Key,
}

/// The messages `NAME-title`, `NAME-what` and `NAME-next`.
macro_rules! texts {
    ($name:literal) => {
        $crate::web::problem::Texts {
            title: $crate::i18n::key(concat!($name, "-title")),
            what: $crate::i18n::key(concat!($name, "-what")),
            next: $crate::i18n::key(concat!($name, "-next")),
        }
    };
}
pub(in crate::web) use texts;

impl Problem {
    /// A problem whose link leads to the home page.
    pub fn new(status: StatusCode, code: &'static str, texts: Texts) -> Self {
        Self {
            status,
            code,
            texts,
            href: routes::HOME.to_owned(),
            link: key("error-link-home"),
            said: Vec::new(),
        }
    }

    /// Quotes what Redtrust said.
    #[must_use]
    pub fn quoting(mut self, said: Option<Said>) -> Self {
        self.said.extend(said);
        self
    }

    /// Changes the link.
    #[must_use]
    pub fn leading_to(mut self, href: impl Into<String>, link: Key) -> Self {
        self.href = href.into();
        self.link = link;
        self
    }

    pub fn of(error: &AppError) -> Self {
        let (status, code, texts) = describe(error);
        let problem = Self::new(status, code, texts);
        match error {
            AppError::NoSuchRun => problem.leading_to(routes::RUNS, key("many-runs-title")),
            _ => problem,
        }
    }

    /// The problem for an error of the framework, by its status.
    pub fn of_status(status: StatusCode) -> Self {
        let known = match status {
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => AppError::NotFound,
            StatusCode::PAYLOAD_TOO_LARGE => AppError::TooLarge(Room::NotKnown),
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

const fn too_large(room: Room) -> Texts {
    let what = match room {
        Room::Text => key("error-too-large-text"),
        Room::File => key("error-too-large-file"),
        Room::Files => key("error-too-large-files"),
        Room::NotKnown => key("error-too-large-what"),
    };
    Texts {
        what,
        ..texts!("error-too-large")
    }
}

const fn describe(error: &AppError) -> (StatusCode, &'static str, Texts) {
    use StatusCode as S;
    match error {
        AppError::SignInNeeded(_) | AppError::AdminSignInNeeded | AppError::Elsewhere(_) => {
            (S::UNAUTHORIZED, "sign_in_needed", texts!("error-sign-in"))
        }
        AppError::Forged => (S::FORBIDDEN, "forged", texts!("error-forged")),
        AppError::OtherSession => (S::FORBIDDEN, "other_session", texts!("error-other-session")),
        AppError::CookiesNeeded => (S::FORBIDDEN, "cookies_needed", texts!("error-cookies")),
        AppError::NotAllowed => (S::FORBIDDEN, "not_allowed", texts!("error-not-allowed")),
        AppError::NotFound => (S::NOT_FOUND, "not_found", texts!("error-not-found")),
        AppError::NoSuchRun => (S::NOT_FOUND, "no_such_run", texts!("many-gone")),
        AppError::Conflict => (S::CONFLICT, "conflict", texts!("error-conflict")),
        AppError::Lapsed => (S::CONFLICT, "lapsed", texts!("error-lapsed")),
        AppError::BadRequest => (S::BAD_REQUEST, "bad_request", texts!("error-bad-request")),
        AppError::UnusableText => (
            S::UNPROCESSABLE_ENTITY,
            "unusable_text",
            texts!("error-bad-request"),
        ),
        AppError::TooLarge(room) => (S::PAYLOAD_TOO_LARGE, "too_large", too_large(*room)),
        AppError::WrongFormat => (
            S::UNSUPPORTED_MEDIA_TYPE,
            "wrong_format",
            texts!("error-bad-request"),
        ),
        AppError::TooSlow => (S::REQUEST_TIMEOUT, "too_slow", texts!("error-too-slow")),
        AppError::TooMany { .. } => (S::TOO_MANY_REQUESTS, "too_many", texts!("error-too-many")),
        AppError::UsedUp(UsedUp::Own) => {
            (S::TOO_MANY_REQUESTS, "share_used_up", texts!("error-share"))
        }
        AppError::TooManyDrafts => (S::CONFLICT, "too_many_drafts", texts!("error-drafts")),
        AppError::TooManyUnderWay => (
            S::TOO_MANY_REQUESTS,
            "too_many_under_way",
            texts!("error-under-way"),
        ),
        AppError::Hurried => (S::TOO_MANY_REQUESTS, "hurried", texts!("error-busy")),
        AppError::UsedUp(UsedUp::All) => (S::SERVICE_UNAVAILABLE, "busy", texts!("error-busy")),
        AppError::Late => (S::SERVICE_UNAVAILABLE, "late", texts!("error-late")),
        AppError::Unavailable => (
            S::SERVICE_UNAVAILABLE,
            "unavailable",
            texts!("error-unavailable"),
        ),
        AppError::Unreadable { .. } => (
            S::INTERNAL_SERVER_ERROR,
            "unreadable",
            texts!("error-unreadable"),
        ),
        AppError::ConnectionUnusable(_) => (
            S::BAD_GATEWAY,
            "connection_unusable",
            texts!("error-unreachable"),
        ),
        AppError::Internal => (
            S::INTERNAL_SERVER_ERROR,
            "internal",
            texts!("error-internal"),
        ),
    }
}

/// The connection was removed or switched off.
pub fn connection_gone() -> Problem {
    let texts = texts!("connection-gone");
    Problem::new(StatusCode::CONFLICT, "connection_gone", texts)
}
