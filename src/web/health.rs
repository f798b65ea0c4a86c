//! Liveness and readiness probes.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::state::AppState;
use crate::storage::StorageError;

/// `GET /healthz`: the process is running.
pub async fn alive() -> HttpResponse {
    text(StatusCode::OK, "ok\n")
}

/// `GET /readyz`: the database answers too, opens with the keys of this process, and takes
/// writes. Not while the process stops: a balancer asks the other nodes then.
pub async fn ready(state: web::Data<AppState>) -> HttpResponse {
    if state.portal.in_flight.is_stopping() {
        return text(StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    let portal = &state.portal;
    match portal.storage.ready(&portal.keys).await {
        Ok(()) => text(StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::warn!(event = "not_ready", %error);
            let says = match error {
                StorageError::Damaged => "database: damaged\n",
                StorageError::Replaced { .. } => "database: its file was replaced\n",
                StorageError::WrongKey => "master key: it was changed, restart with the new one\n",
                StorageError::NewerKey => {
                    "master key: another node writes with a newer one, restart with both\n"
                }
                StorageError::Full => "database: full\n",
                _ => "database: not available\n",
            };
            text(StatusCode::SERVICE_UNAVAILABLE, says)
        }
    }
}

fn text(status: StatusCode, body: &'static str) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/plain; charset=utf-8")
        .body(body)
}
