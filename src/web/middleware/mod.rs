//! What every request passes through: early rejection, address, language, body time
//! limit, routes, error page, headers, log line. Each has its own file; [`outermost`] sets
//! their order.

mod access_log;
mod body_deadline;
mod callback_visit;
mod request_check;
mod security_headers;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, web};
use tokio::time::Instant;
use tracing::Instrument;

pub use body_deadline::BODY_TIME;

use super::client_addr::ClientAddr;
use super::request_context::{FormTargets, RequestContext, SetCookies};
use super::state::AppState;
use super::{address, language, problem, session, token_address};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The outermost middleware. Its error is a finished answer, for when an inner
/// middleware lost the request.
pub async fn outermost(
    state: web::Data<AppState>,
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let origin = &state.settings.origin;
    let (begun, context) = (Instant::now(), RequestContext::of(&req, origin));
    let (address, method) = (address_of(&req), req.method().clone());
    // At this level so that warnings have it too, whatever the level of the log.
    let span = tracing::error_span!(
        "request",
        request_id = %context.id,
        from = tracing::field::Empty,
        owner = tracing::field::Empty,
    );
    let from = span.in_scope(|| ClientAddr::find(&req, &state)).0;
    if let Some(from) = from {
        span.record("from", tracing::field::display(from));
    }
    req.extensions_mut().insert(context.clone());
    let early = request_check::turn_away(&req, origin)
        .or_else(|| token_address::clean(&req, origin))
        .or_else(|| address::refuse(&req))
        .or_else(|| callback_visit::refuse(&req, &state, &context))
        .or_else(|| language::choose(&req, origin));
    let answered = match early {
        Some(response) => Ok(req.into_response(response)),
        None => {
            body_deadline::set(&mut req, BODY_TIME);
            if method == Method::HEAD {
                // HEAD is answered like GET; the connection omits the body.
                req.head_mut().method = Method::GET;
            }
            let past_cache = !matches!(method, Method::GET | Method::HEAD);
            session::reading_past_cache(past_cache, next.call(req))
                .instrument(span.clone())
                .await
                .map(ServiceResponse::map_into_boxed_body)
        }
    };
    let _entered = span.enter();
    match answered {
        Ok(response) => {
            let mut response = problem::dress(response, &state);
            let wishes = Wishes::of(&response);
            finish(response.response_mut(), &address, &state, &context, wishes);
            let pattern = response.request().match_pattern();
            access_log::write(&method, pattern, response.status(), begun);
            Ok(response)
        }
        Err(error) => {
            let mut response = problem::without_session(&error, &context, &state);
            finish(&mut response, &address, &state, &context, Wishes::default());
            access_log::write(&method, None, response.status(), begun);
            Err(problem::without_request(response))
        }
    }
}

fn address_of(req: &ServiceRequest) -> String {
    let address = req.uri().path_and_query();
    address.map_or_else(String::new, ToString::to_string)
}

/// What handlers left in the request's extensions for the answer.
#[derive(Default)]
struct Wishes {
    targets: FormTargets,
    cookies: SetCookies,
}

impl Wishes {
    fn of(response: &ServiceResponse<BoxBody>) -> Self {
        let mut extensions = response.request().extensions_mut();
        Self {
            targets: extensions.remove().unwrap_or_default(),
            cookies: extensions.remove().unwrap_or_default(),
        }
    }
}

fn finish(
    response: &mut HttpResponse,
    address: &str,
    state: &AppState,
    context: &RequestContext,
    wishes: Wishes,
) {
    for cookie in wishes.cookies.0 {
        if let Err(error) = response.add_cookie(&cookie) {
            tracing::error!(event = "cookie_not_set", %error);
        }
    }
    let headers = response.headers_mut();
    security_headers::set(headers, address, &state.settings, &wishes.targets);
    if let Ok(id) = HeaderValue::from_str(&context.id) {
        headers.insert(REQUEST_ID, id);
    }
}
