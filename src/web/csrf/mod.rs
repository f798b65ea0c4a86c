//! CSRF protection: a token bound to the session (before sign-in, to a cookie
//! without a row), and a check of where the browser says the request comes from.

mod body;
mod checked_form;
mod checked_upload;
mod limit;
pub(super) mod multipart;
mod pre_session;

use actix_session::SessionExt;
use actix_web::HttpRequest;
use actix_web::http::header::{HeaderName, ORIGIN};
use actix_web::web::Data;

pub use checked_form::{CheckedForm, NoContent, PEM_FORM_LIMIT};
pub use checked_upload::CheckedUpload;
pub(super) use checked_upload::read_any;
pub use limit::{FILE_LIMIT, FORM_LIMIT, MANY_FILES_LIMIT};
pub use multipart::Upload;
pub use pre_session::PreSession;

use super::keeper::KEEPER;
use super::page::form::Fields;
use super::problem::AppError;
use super::session;
use super::state::AppState;

pub const FIELD: &str = "csrf";

/// Reads a form by `read` and returns its fields without the token. Where it comes
/// from is checked before its body is read; afterwards that the session still
/// lives, since a body may take its time, and the token.
async fn checked<B: Binding, T>(
    req: &HttpRequest,
    read: impl Future<Output = Result<(Fields, T), AppError>>,
) -> Result<(Fields, T), AppError> {
    let state = req.app_data::<Data<AppState>>().ok_or(AppError::Internal)?;
    check_source(req, state)?;
    let (fields, rest) = read.await?;
    session::recheck(req, state).await?;
    check_token::<B>(req, state, fields.get(FIELD))?;
    Ok((fields.without(FIELD).without(KEEPER), rest))
}

/// What the token of a form is bound to.
pub trait Binding: 'static {
    /// Keeps the tokens of different kinds of forms apart.
    const PURPOSE: &'static str;
    /// The refusal of a form that comes without that value.
    const WITHOUT_NONCE: AppError = AppError::Forged;
    /// The refusal of a form of ours whose token is bound to another value.
    const OF_ANOTHER: AppError = AppError::Forged;

    /// A value that only this browser has; `None` if it has none yet.
    fn nonce(req: &HttpRequest, state: &AppState) -> Option<String>;
}

/// Bound to the session of the signed-in user or admin.
#[derive(Debug)]
pub struct InSession;

/// Bound to the cookie of the sign-in pages.
#[derive(Debug)]
pub struct BeforeSignIn;

/// Bound to the same cookie, for the admins' sign-in and setup pages.
#[derive(Debug)]
pub struct BeforeAdminSignIn;

impl Binding for InSession {
    const PURPOSE: &'static str = "session";
    const OF_ANOTHER: AppError = AppError::OtherSession;

    fn nonce(req: &HttpRequest, _: &AppState) -> Option<String> {
        session::csrf_nonce(&req.get_session())
    }
}

impl Binding for BeforeSignIn {
    const PURPOSE: &'static str = "sign-in";
    const WITHOUT_NONCE: AppError = AppError::CookiesNeeded;

    fn nonce(req: &HttpRequest, state: &AppState) -> Option<String> {
        PreSession::sent(req, state)
    }
}

impl Binding for BeforeAdminSignIn {
    const PURPOSE: &'static str = "admin-sign-in";
    const WITHOUT_NONCE: AppError = AppError::CookiesNeeded;

    fn nonce(req: &HttpRequest, state: &AppState) -> Option<String> {
        PreSession::sent(req, state)
    }
}

/// Returns [`AppError::Forged`] if the browser says that another site sent the
/// request. If it says nothing, the token alone decides.
pub fn check_source(req: &HttpRequest, state: &AppState) -> Result<(), AppError> {
    let headers = req.headers();
    let own = state.settings.origin.as_str().as_bytes();
    let from_us = headers
        .get_all(ORIGIN)
        .all(|origin| origin.as_bytes().eq_ignore_ascii_case(own));
    let same_origin = headers
        .get_all(HeaderName::from_static("sec-fetch-site"))
        .all(|site| matches!(site.as_bytes(), b"same-origin" | b"none"));
    if from_us && same_origin {
        return Ok(());
    }
    tracing::warn!(event = "form_from_elsewhere", from_us, same_origin);
    Err(AppError::Forged)
}

/// Returns [`AppError::Forged`] if the token is not the one bound to this browser, or
/// [`AppError::OtherSession`] if the page is ours; says so if the browser sent no cookie
/// that it could be bound to.
pub fn check_token<B: Binding>(
    req: &HttpRequest,
    state: &AppState,
    token: &str,
) -> Result<(), AppError> {
    let Some(nonce) = B::nonce(req, state) else {
        tracing::warn!(event = "form_without_cookie");
        return Err(B::WITHOUT_NONCE);
    };
    if state.keys.csrf_holds(B::PURPOSE, &nonce, token) {
        return Ok(());
    }
    tracing::warn!(event = "form_token_refused");
    // Browsers name the origin of every form; any but ours was refused before.
    match req.headers().contains_key(ORIGIN) && !token.is_empty() {
        true => Err(B::OF_ANOTHER),
        false => Err(AppError::Forged),
    }
}
