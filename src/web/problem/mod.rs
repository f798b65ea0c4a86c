//! Error pages. Each says what happened, whether anything was created, what is safe
//! to do now, and offers one link.
//!
//! A handler returns an [`AppError`] or answers with a [`Problem`]; the code that
//! makes one logs the cause, once. `data-code` on the page holds the cause as a
//! short code, the same in every language.

mod of_redtrust;
mod page;
mod texts;

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{LOCATION, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};

pub use of_redtrust::of_redtrust;
pub use page::{answer, dress, in_session, without_request, without_session};
pub(in crate::web) use texts::texts;
pub use texts::{Problem, Texts, connection_gone};

use super::routes;
use crate::domain::login_attempt::Destination;
use crate::services::accounts::{AccountError, HashError};
use crate::services::connections::ConnectionError;
use crate::services::jobs::JobError;
use crate::services::shares::UsedUp;
use crate::storage::StorageError;

/// Seconds after which others may have given back what was used up.
const TRY_AGAIN: u64 = 5;

/// How much a form may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// 16 KB of what people type.
    Text,
    /// 1 MB: a file, or a long text.
    File,
    /// 4 MB of files together, and a thousand of them.
    Files,
    NotKnown,
}

/// Why a handler or extractor does not answer with its own page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppError {
    /// Redirects to sign-in, then to this destination.
    #[error("nobody is signed in")]
    SignInNeeded(Destination),
    /// Redirects to the admins' sign-in.
    #[error("no admin is signed in")]
    AdminSignInNeeded,
    /// Redirects to this path: another page comes first, or nothing is left to do
    /// here.
    #[error("look at {0}")]
    Elsewhere(String),
    /// The form was not sent from our own page, or the page is too old.
    #[error("the form's origin or token is not ours")]
    Forged,
    /// The form is from our own page, of a session other than the one there is now.
    #[error("the form is of another session")]
    OtherSession,
    /// The browser did not send the cookie that our page had set.
    #[error("no cookie came with the form")]
    CookiesNeeded,
    /// Signed in, but without permission.
    #[error("not allowed")]
    NotAllowed,
    /// Missing, or somebody else's.
    #[error("not found")]
    NotFound,
    /// No run of this person: never theirs, or not kept any more.
    #[error("no such run")]
    NoSuchRun,
    /// Something else changed in the meantime.
    #[error("conflict")]
    Conflict,
    /// The account or the session of whoever typed the password changed before it was done.
    #[error("what was confirmed does not hold any more")]
    Lapsed,
    /// The address or the form is invalid.
    #[error("bad request")]
    BadRequest,
    /// A text that the portal does not keep, with characters such as NUL.
    #[error("unusable text")]
    UnusableText,
    /// The body exceeds the form's size limit.
    #[error("body too large: {0:?}")]
    TooLarge(Room),
    /// The body has the wrong content type.
    #[error("unsupported kind of body")]
    WrongFormat,
    /// The body did not arrive in time.
    #[error("body too slow")]
    TooSlow,
    #[error("too many attempts")]
    TooMany {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// Too many passwords are tried at this moment.
    #[error("too many passwords at once")]
    Hurried,
    /// This owner's share, or everybody's, of something limited is used up.
    #[error("nothing left to take: {0:?}")]
    UsedUp(UsedUp),
    /// This person has as many drafts as one may have.
    #[error("too many drafts")]
    TooManyDrafts,
    /// As many requests of this person are under way as may be.
    #[error("too many requests under way")]
    TooManyUnderWay,
    /// The answer was not ready in time.
    #[error("too late")]
    Late,
    /// The portal cannot do it now: its database is down, full or busy.
    #[error("unavailable")]
    Unavailable,
    /// The requested row is damaged in the database.
    #[error("a row of {table} is damaged: {id}")]
    Unreadable {
        table: &'static str,
        /// The row's id.
        id: String,
    },
    /// The connection's settings prevent any call.
    #[error("the connection {0} cannot be used")]
    ConnectionUnusable(String),
    /// A bug or an unexpected failure in the portal.
    #[error("internal fault")]
    Internal,
}

impl AppError {
    /// A limit was reached; `wait` says for how long.
    pub fn too_many(wait: Duration) -> Self {
        Self::TooMany {
            retry_after: wait.as_secs().saturating_add(1),
        }
    }
}

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::SignInNeeded(_) | Self::AdminSignInNeeded | Self::Elsewhere(_) => {
                StatusCode::SEE_OTHER
            }
            other => Problem::of(other).status,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        match self {
            Self::SignInNeeded(go_to) => {
                response.insert_header((LOCATION, routes::sign_in(None, go_to)));
            }
            Self::AdminSignInNeeded => {
                response.insert_header((LOCATION, routes::ADMIN_SIGN_IN));
            }
            Self::Elsewhere(path) => {
                response.insert_header((LOCATION, path.as_str()));
            }
            Self::TooMany { retry_after } => {
                response.insert_header((RETRY_AFTER, retry_after.to_string()));
            }
            Self::UsedUp(_) | Self::Hurried | Self::TooManyUnderWay => {
                response.insert_header((RETRY_AFTER, TRY_AGAIN.to_string()));
            }
            Self::Late => {
                response.force_close();
            }
            _ => {}
        }
        response.finish()
    }
}

impl From<UsedUp> for AppError {
    /// Also logs it.
    fn from(used_up: UsedUp) -> Self {
        tracing::warn!(event = "share_used_up", ?used_up);
        Self::UsedUp(used_up)
    }
}

impl From<JobError> for AppError {
    fn from(error: JobError) -> Self {
        match error {
            JobError::UsedUp(used_up) => used_up.into(),
            JobError::Storage(error) => error.into(),
        }
    }
}

impl From<StorageError> for AppError {
    /// Also logs the cause.
    fn from(error: StorageError) -> Self {
        tracing::error!(event = "storage_failed", %error);
        match error {
            StorageError::Busy
            | StorageError::Unavailable(_)
            | StorageError::Full
            | StorageError::Unfit(_)
            | StorageError::WrongKey
            | StorageError::NewerKey
            | StorageError::Replaced { .. }
            | StorageError::Damaged => Self::Unavailable,
            StorageError::Conflict => Self::Conflict,
            StorageError::Lapsed => Self::Lapsed,
            StorageError::Text => Self::UnusableText,
            StorageError::Corrupt { table, id } => Self::Unreadable { table, id },
            _ => Self::Internal,
        }
    }
}

impl From<ConnectionError> for AppError {
    fn from(error: ConnectionError) -> Self {
        match error {
            ConnectionError::Storage(error) => error.into(),
            ConnectionError::Unusable { slug, cause } => {
                tracing::error!(event = "connection_unusable", connection = %slug, %cause);
                Self::ConnectionUnusable(slug)
            }
        }
    }
}

impl From<AccountError> for AppError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Storage(error) => error.into(),
            AccountError::Hash(HashError::Busy) => {
                tracing::warn!(event = "hashers_busy");
                Self::Hurried
            }
            AccountError::Hash(error) => {
                tracing::error!(event = "password_not_hashed", %error);
                Self::Unavailable
            }
        }
    }
}
