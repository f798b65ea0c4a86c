//! A form that arrives after its session has ended is kept for the session's owner,
//! and shown to them again after the next sign-in.

use actix_session::SessionExt;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, ResponseError, web};

use super::csrf::{Binding, FIELD, InSession, check_source, read_any};
use super::extractors::SignedIn;
use super::page::form::Fields;
use super::problem::AppError;
use super::session::{self, Ended};
use super::state::AppState;
use super::{destination, routes};
use crate::services::kept_forms;

/// Middleware of the users' scope: keeps the form of a step whose session has ended,
/// sends the browser to sign in and then back to that step.
pub async fn keep_late_forms(
    state: web::Data<AppState>,
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let is_late = *req.method() == Method::POST
        && routes::is_step(req.path())
        && session::identity(&req.get_session()).is_none();
    let ended = match is_late {
        true => session::ended(req.request(), &state).await,
        false => None,
    };
    let Some(ended) = ended else {
        return Ok(next.call(req).await?.map_into_boxed_body());
    };
    let payload = req.take_payload();
    match keep(req.request(), &state, &ended, payload).await {
        Ok(kept) => tracing::info!(event = "late_form", kept),
        Err(error) => tracing::info!(event = "late_form_not_kept", %error),
    }
    let sign_in = AppError::SignInNeeded(destination::of_path(req.path()));
    Ok(req.into_response(sign_in.error_response()))
}

/// Checks the same proof of origin as for any form, against the ended session.
async fn keep(
    req: &HttpRequest,
    state: &AppState,
    ended: &Ended,
    payload: Payload,
) -> Result<bool, AppError> {
    check_source(req, state)?;
    // Files are not kept: the person has to choose the file again.
    let (fields, _) = read_any(req, payload).await?;
    let (nonce, token) = (&ended.csrf_nonce, fields.get(FIELD));
    if !state.keys.csrf_holds(InSession::PURPOSE, nonce, token) {
        return Err(AppError::Forged);
    }
    let form = fields.without(FIELD).to_body();
    let (portal, owner) = (&state.portal, &ended.user.owner);
    Ok(kept_forms::keep(portal, owner, req.path(), form.as_bytes()).await?)
}

/// The form kept for this user at the requested page. Looked up only when the
/// address says that sign-in led back here.
pub async fn kept(
    req: &HttpRequest,
    state: &AppState,
    user: &SignedIn,
) -> Result<Option<Fields>, AppError> {
    if req.query_string() != routes::KEPT {
        return Ok(None);
    }
    let found = kept_forms::find(&state.portal, &user.caller.owner_id, req.path()).await?;
    Ok(found.map(|form| Fields::parse(&form)))
}
