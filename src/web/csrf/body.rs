//! Reads a form's body into memory. Forms are small; one with a file may take memory
//! worth counting, so its bytes are a share of the budget for all uploads under way. Each
//! is somebody's: whoever cannot say whose has nothing that others could miss.

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

/// A body that has arrived, and its share of the budget if it is not small.
pub(super) struct Body {
    pub(super) bytes: BytesMut,
    pub(super) share: Option<Share>,
}

/// Whose a body is, seen from its beginning; asked only for one that is not small.
pub(in crate::web) type Whose<'a> = &'a dyn Fn(&[u8]) -> Option<String>;

/// Whoever is signed in.
pub(super) fn of_session(req: &HttpRequest) -> Option<String> {
    session::identity(&req.get_session()).map(|who| who.counted_as().to_owned())
}

pub(super) fn header(req: &HttpRequest, name: HeaderName) -> Option<&str> {
    req.headers().get(name)?.to_str().ok()
}

/// The whole body, of at most `limit` bytes.
pub(super) async fn read_body(
    req: &HttpRequest,
    mut payload: Payload,
    limit: usize,
    whose: Whose<'_>,
) -> Result<Body, AppError> {
    let announced = header(req, CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large(limit));
    }
    let mut share: Option<Share> = None;
    let mut bytes = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| of_payload(&error))?;
        let length = bytes.len() + chunk.len();
        if length > limit {
            return Err(too_large(limit));
        }
        bytes.extend_from_slice(&chunk);
        // Small forms are free: a budget that they could use up would let anybody stop
        // everybody's forms.
        if length > FORM_LIMIT {
            let mut grown = match share.take() {
                Some(share) => share,
                None => empty_share(req, whose(&bytes))?,
            };
            grown.grow(length - FORM_LIMIT)?;
            share = Some(grown);
        }
    }
    Ok(Body { bytes, share })
}

fn empty_share(req: &HttpRequest, owner: Option<String>) -> Result<Share, AppError> {
    let state = req.app_data::<Data<AppState>>().ok_or(AppError::Internal)?;
    let owner = owner.ok_or(AppError::Forged)?;
    Ok(state.uploads.take(&owner, 0)?)
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
