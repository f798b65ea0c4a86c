//! Liveness and readiness probes.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::state::AppState;

/// `GET /healthz`: the process is running.
pub async fn alive() -> HttpResponse {
    text(StatusCode::OK, "ok\n")
}

/// `GET /readyz`: the database answers too, and takes writes. Keys were checked when it was opened.
pub async fn ready(state: web::Data<AppState>) -> HttpResponse {
    match state.portal.storage.ready().await {
        Ok(()) => text(StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::warn!(event = "not_ready", %error);
            let status = StatusCode::SERVICE_UNAVAILABLE;
            text(status, "database: not available\n")
        }
    }
}

fn text(status: StatusCode, body: &'static str) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/plain; charset=utf-8")
        .body(body)
}
