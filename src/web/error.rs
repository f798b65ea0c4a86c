//! What a person can do next when a request cannot be answered as asked.
//!
//! A variant says nothing of causes: whoever makes one writes the cause to the
//! log, once. The outermost middleware turns it into a page.

use actix_web::http::StatusCode;
use actix_web::http::header::{LOCATION, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};

use super::problem::Problem;
use super::routes;
use crate::domain::login_attempt::Destination;
use crate::services::accounts::AccountError;
use crate::services::connections::ConnectionError;
use crate::storage::StorageError;

/// Why a handler or extractor does not answer with a page of its own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppError {
    /// Sign in first, then go there.
    #[error("nobody is signed in")]
    SignInNeeded(Destination),
    /// No admin is signed in.
    #[error("no admin is signed in")]
    AdminSignInNeeded,
    /// The form was not sent from our own page, or that page is too old.
    #[error("the form's origin or token does not hold")]
    Forged,
    /// Signed in, but not for this.
    #[error("not allowed")]
    NotAllowed,
    /// Not there, or somebody else's.
    #[error("not found")]
    NotFound,
    /// Something else happened meanwhile.
    #[error("conflict")]
    Conflict,
    /// The request makes no sense.
    #[error("bad request")]
    BadRequest,
    /// The body is over the limit.
    #[error("body too large")]
    TooLarge,
    /// The body is of a kind that the form does not have.
    #[error("unsupported kind of body")]
    WrongFormat,
    /// The body did not arrive in time.
    #[error("body too slow")]
    TooSlow,
    /// Too many attempts; again after so many seconds.
    #[error("too many attempts")]
    TooMany {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// The portal cannot do it now: its database is down, full or busy.
    #[error("unavailable")]
    Unavailable,
    /// What is asked for is damaged in the database.
    #[error("unreadable")]
    Unreadable,
    /// Redtrust could not be reached; nothing was sent.
    #[error("Redtrust could not be reached")]
    Unreachable,
    /// Redtrust answered with something that cannot be used.
    #[error("Redtrust's answer cannot be used")]
    BadUpstream,
    /// Redtrust did not answer in time.
    #[error("Redtrust did not answer in time")]
    NoAnswer,
    /// A fault of ours.
    #[error("internal fault")]
    Internal,
}

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::SignInNeeded(_) | Self::AdminSignInNeeded => StatusCode::SEE_OTHER,
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
            Self::TooMany { retry_after } => {
                response.insert_header((RETRY_AFTER, retry_after.to_string()));
            }
            _ => {}
        }
        response.finish()
    }
}

impl From<StorageError> for AppError {
    /// The cause goes to the log here.
    fn from(error: StorageError) -> Self {
        tracing::error!(event = "storage_failed", %error);
        match error {
            StorageError::Busy | StorageError::Unavailable(_) | StorageError::Full => {
                Self::Unavailable
            }
            StorageError::Conflict { .. } => Self::Conflict,
            StorageError::Corrupt { .. } => Self::Unreadable,
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
                Self::Unreachable
            }
        }
    }
}

impl From<AccountError> for AppError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Storage(error) => error.into(),
            AccountError::Hash(error) => {
                tracing::error!(event = "password_not_hashed", %error);
                Self::Unavailable
            }
        }
    }
}
