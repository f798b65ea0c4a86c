//! Renders error pages, for errors of handlers and extractors and for those of the
//! framework.

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::http::{ConnectionType, Method};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, web};
use askama::Template;

use super::{AppError, Problem};
use crate::storage::StorageError;
use crate::web::page::{Frame, render};
use crate::web::request_context::RequestContext;
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    frame: Frame,
    problem: Problem,
}

pub fn answer(frame: Frame, problem: Problem) -> HttpResponse {
    let status = problem.status;
    render(&ProblemPage { frame, problem }, status)
}

/// The problem behind an answer; `None` if it already is a page.
fn problem_of(response: &HttpResponse) -> Option<Problem> {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return None;
    }
    if let Some(error) = response.error() {
        return Some(
            error
                .as_error::<AppError>()
                .map_or_else(|| Problem::of_status(status), Problem::of),
        );
    }
    let is_empty = matches!(response.body().size(), BodySize::None | BodySize::Sized(0));
    is_empty.then(|| Problem::of_status(status))
}

/// Middleware of the scopes with sessions. Renders error pages here because the
/// session middleware outside removes the session, which says who is signed in.
pub async fn in_session(
    state: web::Data<AppState>,
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = next.call(req).await?.map_into_boxed_body();
    let problem = match problem_of(response.response()) {
        Some(damage) if is_damage(&response) => Some(behind(damage, &state).await),
        problem => problem,
    };
    Ok(dress_as(response, problem, &state))
}

fn is_damage(response: &ServiceResponse<BoxBody>) -> bool {
    let error = response.response().error();
    let known = error.and_then(|error| error.as_error::<AppError>());
    matches!(known, Some(AppError::Unreadable { .. }))
}

/// To a node that has only the master key before, every row that was sealed since looks
/// damaged.
async fn behind(damage: Problem, state: &AppState) -> Problem {
    let portal = &state.portal;
    match portal.storage.opens_with(&portal.keys).await {
        Err(StorageError::WrongKey | StorageError::NewerKey) => Problem::of(&AppError::Unavailable),
        _ => damage,
    }
}

/// Adds the error page to an answer that has none.
pub fn dress(response: ServiceResponse<BoxBody>, state: &AppState) -> ServiceResponse<BoxBody> {
    let problem = problem_of(response.response());
    dress_as(response, problem, state)
}

fn dress_as(
    response: ServiceResponse<BoxBody>,
    problem: Option<Problem>,
    state: &AppState,
) -> ServiceResponse<BoxBody> {
    let Some(mut problem) = problem else {
        return response;
    };
    let req = response.request();
    let mut frame = Frame::of(req, state);
    if problem.href == routes::HOME && routes::is_of_accounts(req.path()) {
        // Nobody who is signed in is led to the sign-in from there.
        let home = match frame.home() {
            routes::HOME => routes::ADMIN,
            home => home,
        };
        home.clone_into(&mut problem.href);
    }
    if *req.method() != Method::GET {
        // The answer to a POST cannot be requested again in another language.
        frame = frame.languages_at(problem.href.clone());
    }
    let page = answer(frame, problem);
    let (req, bare) = response.into_parts();
    ServiceResponse::new(req, keep(&bare, page))
}

/// Answers an error that a middleware returned, when the request is no longer
/// available. Only the session middleware fails like this, when the database is
/// down.
pub fn without_session(error: &Error, context: &RequestContext, state: &AppState) -> HttpResponse {
    let known = error.as_error::<AppError>();
    let bare = error.error_response();
    let problem = match known {
        Some(known) => Problem::of(known),
        None if bare.status().is_server_error() => {
            tracing::error!(event = "session_failed", %error);
            Problem::of(&AppError::Unavailable)
        }
        None => Problem::of_status(bare.status()),
    };
    if known.is_some() && !bare.status().is_client_error() && !bare.status().is_server_error() {
        return bare;
    }
    keep(&bare, answer(Frame::bare(state, context), problem))
}

/// Carries a finished answer out of the outermost middleware without a request.
pub fn without_request(response: HttpResponse) -> Error {
    InternalError::from_response("answered", response).into()
}

/// Copies the headers of the answer that the page replaces, such as cookies, `Allow`
/// and `Retry-After`, and whether the connection closes.
fn keep(bare: &HttpResponse, mut page: HttpResponse) -> HttpResponse {
    for (name, value) in bare.headers() {
        if *name != CONTENT_TYPE && *name != CONTENT_LENGTH {
            page.headers_mut().append(name.clone(), value.clone());
        }
    }
    let close = bare.head().connection_type();
    if close == ConnectionType::Close {
        page.head_mut().set_connection_type(close);
    }
    page
}
