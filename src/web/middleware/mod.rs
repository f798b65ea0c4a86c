//! What every request passes through: early rejection, address, language, time limits,
//! routes, error page, headers, log line. Each has its own file; [`outermost`] sets
//! their order.

mod access_log;
mod body_deadline;
mod callback_visit;
mod request_check;
mod security_headers;
pub mod silence;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, web};
use tokio::time::{Instant, timeout};
use tracing::field::Empty;
use tracing::{Instrument, Span};

use access_log::NO_ROUTE;
use body_deadline::Incoming;

use super::client_addr::{ClientAddr, trace_parent};
use super::deadlines::Class;
use super::metrics::method_name;
use super::problem::AppError;
use super::request_context::{FormTargets, RequestContext, SetCookies};
use super::routes::Table;
use super::state::AppState;
use super::{address, language, problem, session, token_address};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The outermost middleware. Its error is a finished answer, for when an inner
/// middleware lost the request.
pub async fn outermost(
    state: web::Data<AppState>,
    table: web::Data<Table>,
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let context = RequestContext::of(&req, &state.settings.origin, state.portal.clock.now());
    let (begun, method) = (Instant::now(), req.method().clone());
    let (address, pattern) = (address_of(&req), req.match_pattern());
    let class = table.class_of(&method, pattern.as_deref());
    let trace = trace_of(&req, &state, &context, pattern.as_deref());
    let span = span_of(&req, &state, &context, &trace);
    let requests = &state.requests;
    req.extensions_mut().insert(context.clone());
    let body = Incoming::limited(&mut req, class.body_within());
    let answered = match early_answer(&req, &state, &context) {
        Some(response) => Ok(req.into_response(response)),
        None => {
            if method == Method::HEAD {
                // HEAD is answered like GET; the connection omits the body.
                req.head_mut().method = Method::GET;
            }
            let arrival = session::Arrival::of(&req);
            let answer = session::arriving(arrival, next.call(req));
            answer_in_time(class, &body, answer)
                .instrument(span.clone())
                .await
        }
    };
    let _entered = span.enter();
    match answered {
        Ok(response) => {
            let mut response = problem::dress(response, &state);
            let wishes = Wishes::of(&response);
            finish(response.response_mut(), &address, &state, &context, wishes);
            access_log::write(requests, &trace, &method, pattern, response.status(), begun);
            Ok(response.map_body(|_, answer| body.kept_until_sent(answer)))
        }
        Err(error) => {
            let mut response = problem::without_session(&error, &context, &state);
            finish(&mut response, &address, &state, &context, Wishes::default());
            access_log::write(requests, &trace, &method, pattern, response.status(), begun);
            let response = response.map_body(|_, answer| body.kept_until_sent(answer));
            Err(problem::without_request(response))
        }
    }
}

/// The span of a request for traces: its route and nothing of whoever asks.
fn trace_of(
    req: &ServiceRequest,
    state: &AppState,
    context: &RequestContext,
    pattern: Option<&str>,
) -> Span {
    let method = method_name(req.method());
    let route = pattern.unwrap_or(NO_ROUTE);
    tracing::info_span!(
        "page",
        otel.kind = "server",
        otel.name = format_args!("{method} {route}"),
        otel.status = Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
        request_id = %context.id,
        traceparent = trace_parent(req, state),
    )
}

/// The span of a request for the log: its id, from where and whose it is.
fn span_of(req: &ServiceRequest, state: &AppState, context: &RequestContext, in_: &Span) -> Span {
    // At this level so that warnings have it too, whatever the level of the log.
    let span = tracing::error_span!(
        parent: in_,
        "request",
        request_id = %context.id,
        from = Empty,
        owner = Empty,
    );
    let from = span.in_scope(|| ClientAddr::find(req, state)).0;
    if let Some(from) = from {
        span.record("from", tracing::field::display(from));
    }
    span
}

/// The answer to a request that goes no further.
fn early_answer(
    req: &ServiceRequest,
    state: &AppState,
    context: &RequestContext,
) -> Option<HttpResponse> {
    let origin = &state.settings.origin;
    request_check::turn_away(req, origin)
        .or_else(|| token_address::clean(req, origin))
        .or_else(|| address::refuse(req))
        .or_else(|| callback_visit::refuse(req, state, context))
        .or_else(|| language::choose(req, origin))
}

/// The answer of the routes, or [`AppError::Late`] if it does not begin in time,
/// whatever a handler, an extractor or the session waits for.
async fn answer_in_time(
    class: Class,
    body: &Incoming,
    answer: impl Future<Output = Result<ServiceResponse<impl MessageBody + 'static>, Error>>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let within = class.answer_within() + body.within();
    let Ok(answered) = timeout(within, answer).await else {
        tracing::error!(event = "answer_too_late", ?class);
        return Err(AppError::Late.into());
    };
    let limited = |body: BoxBody| silence::limit(body, class.silent_for());
    answered.map(|response| response.map_body(|_, body| limited(body.boxed())))
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
        // Names and values are ours, and plain.
        let _always_fits = response.add_cookie(&cookie);
    }
    let headers = response.headers_mut();
    security_headers::set(headers, address, &state.settings, &wishes.targets);
    if let Ok(id) = HeaderValue::from_str(&context.id) {
        headers.insert(REQUEST_ID, id);
    }
}
