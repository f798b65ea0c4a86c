//! Reads a form's body into memory. Forms are small; one with a file may take memory
//! worth counting, so its bytes are a share of the budget for all uploads under way.

use actix_session::SessionExt;
use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header::{CONTENT_LENGTH, HeaderName};
use actix_web::web::{BytesMut, Data};
use futures_util::StreamExt;

use super::limit::{FORM_LIMIT, too_large};
use crate::services::shares::Share;
use crate::web::problem::{AppError, Room};
use crate::web::session;
use crate::web::state::AppState;

/// A body that has arrived, and its share of the budget.
pub(super) struct Body {
    pub(super) bytes: BytesMut,
    pub(super) share: Share,
}

pub(super) fn header(req: &HttpRequest, name: HeaderName) -> Option<&str> {
    req.headers().get(name)?.to_str().ok()
}

/// The whole body, of at most `limit` bytes.
pub(super) async fn read_body(
    req: &HttpRequest,
    mut payload: Payload,
    limit: usize,
) -> Result<Body, AppError> {
    let announced = header(req, CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large(limit));
    }
    let mut share = share(req)?;
    let mut bytes = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| of_payload(&error))?;
        let length = bytes.len() + chunk.len();
        if length > limit {
            return Err(too_large(limit));
        }
        // Small forms are free: a budget that they could use up would let anybody stop
        // everybody's forms.
        share.grow(length.saturating_sub(FORM_LIMIT))?;
        bytes.extend_from_slice(&chunk);
    }
    Ok(Body { bytes, share })
}

/// An empty share for whoever is signed in. Those whose session has ended have one
/// together.
fn share(req: &HttpRequest) -> Result<Share, AppError> {
    let state = req.app_data::<Data<AppState>>().ok_or(AppError::Internal)?;
    let who = session::identity(&req.get_session());
    let owner = who.as_ref().map_or("", |who| who.subject());
    Ok(state.uploads.take(owner, 0)?)
}

/// Maps an error while reading the body to the error page.
fn of_payload(error: &PayloadError) -> AppError {
    match error {
        PayloadError::Overflow => AppError::TooLarge(Room::NotKnown),
        PayloadError::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => {
            AppError::TooSlow
        }
        _ => AppError::BadRequest,
    }
}
