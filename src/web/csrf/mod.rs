//! Proof that a form was sent from our own page: a token bound to the session
//! (or, before sign-in, to a cookie that has no row), and where the browser
//! says the request comes from. Knows nothing of what forms are for.

mod checked_form;
mod checked_upload;
mod pre_session;

use actix_session::SessionExt;
use actix_web::HttpRequest;
use actix_web::http::header::{HeaderName, ORIGIN};

pub use checked_form::{CheckedForm, FORM_LIMIT, NoContent, PEM_FORM_LIMIT};
pub(super) use checked_upload::read_any;
pub use checked_upload::{CheckedUpload, FILE_LIMIT, Upload};
pub use pre_session::PreSession;

use super::problem::AppError;
use super::session;
use super::state::AppState;

/// The field that carries the token.
pub const FIELD: &str = "csrf";
/// What a form's token is bound to.
pub trait Binding: 'static {
    /// What the form is for.
    const PURPOSE: &'static str;

    /// What only this browser has; `None` where it has nothing.
    fn nonce(req: &HttpRequest, state: &AppState) -> Option<String>;
}

/// Bound to the session of whoever is signed in, user or admin.
#[derive(Debug)]
pub struct InSession;

/// Bound to the cookie that sign-in pages set.
#[derive(Debug)]
pub struct BeforeSignIn;

/// Bound to the same cookie, for the admins' sign-in and setup.
#[derive(Debug)]
pub struct BeforeAdminSignIn;

impl Binding for InSession {
    const PURPOSE: &'static str = "session";

    fn nonce(req: &HttpRequest, _: &AppState) -> Option<String> {
        session::csrf_nonce(&req.get_session())
    }
}

impl Binding for BeforeSignIn {
    const PURPOSE: &'static str = "sign-in";

    fn nonce(req: &HttpRequest, state: &AppState) -> Option<String> {
        PreSession::sent(req, state)
    }
}

impl Binding for BeforeAdminSignIn {
    const PURPOSE: &'static str = "admin-sign-in";

    fn nonce(req: &HttpRequest, state: &AppState) -> Option<String> {
        PreSession::sent(req, state)
    }
}

/// Refuses what a browser says another site sent. A browser that says nothing
/// is judged by the token alone.
///
/// # Errors
/// [`AppError::Forged`].
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

/// Refuses a token that is not the one bound to this browser.
///
/// # Errors
/// [`AppError::Forged`].
pub fn check_token<B: Binding>(
    req: &HttpRequest,
    state: &AppState,
    token: &str,
) -> Result<(), AppError> {
    let holds =
        B::nonce(req, state).is_some_and(|nonce| state.keys.csrf_holds(B::PURPOSE, &nonce, token));
    if holds {
        return Ok(());
    }
    tracing::warn!(event = "form_token_refused");
    Err(AppError::Forged)
}
