//! One log line per request. It has the route's pattern, not the path or query,
//! which contain tokens and thumbprints.

use actix_web::http::{Method, StatusCode};
use tokio::time::Instant;
use tracing::Span;

use crate::web::metrics::Requests;

/// What stands for the route where there is none.
pub const NO_ROUTE: &str = "(none)";

/// Writes the line inside the request's span, which carries the request id, ends its trace,
/// and counts the request.
pub fn write(
    requests: &Requests,
    trace: &Span,
    method: &Method,
    pattern: Option<String>,
    status: StatusCode,
    begun: Instant,
) {
    let route = pattern.as_deref().unwrap_or(NO_ROUTE);
    let took = begun.elapsed();
    requests.add(method, route, status, took);
    trace.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        trace.record("otel.status", "error");
    }
    let ms = took.as_secs_f64() * 1000.0;
    tracing::info!(
        event = "request",
        method = %method,
        route,
        status = status.as_u16(),
        ms,
    );
}
