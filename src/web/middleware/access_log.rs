//! One log line per request. It has the route's pattern, not the path or query,
//! which contain tokens and thumbprints.

use actix_web::http::{Method, StatusCode};
use tokio::time::Instant;

use crate::web::metrics::Requests;

/// Writes the line inside the request's span, which carries the request id, and counts
/// the request.
pub fn write(
    requests: &Requests,
    method: &Method,
    pattern: Option<String>,
    status: StatusCode,
    begun: Instant,
) {
    let route = pattern.as_deref().unwrap_or("(none)");
    let took = begun.elapsed();
    requests.add(method, route, status, took);
    let ms = took.as_secs_f64() * 1000.0;
    tracing::info!(
        event = "request",
        method = %method,
        route,
        status = status.as_u16(),
        ms,
    );
}
