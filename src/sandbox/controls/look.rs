//! Read-only controls: the ledger, certificates, the CA, the OpenAPI description.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use actix_web::web::{Data, Path};
use serde_json::json;

use super::super::csr::certificates;
use super::super::ledger as book;
use super::super::pki::keys;
use super::super::refusal::Refusal;
use super::super::seed::Seed;
use super::super::sign_in::example::{Example, Program};
use super::super::state::State;
use super::{Problem, failed, problem};

const OPENAPI: &str = include_str!("openapi.json");

const PEM: &str = "application/x-pem-file";

/// `GET /sandbox/v1/ledger`.
pub(super) async fn ledger(state: Data<State>) -> Result<HttpResponse, Problem> {
    let entries = book::whole(state.db.pool()).await.map_err(failed)?;
    Ok(HttpResponse::Ok().json(json!({"entries": entries})))
}

/// `GET /sandbox/v1/certificates/{thumbprint}`.
pub(super) async fn certificate(
    state: Data<State>,
    thumbprint: Path<String>,
) -> Result<HttpResponse, Problem> {
    let thumbprint = thumbprint.to_ascii_uppercase();
    let found = certificates::by_thumbprint(state.db.pool(), &thumbprint)
        .await
        .map_err(failed)?
        .ok_or_else(|| problem(StatusCode::NOT_FOUND, "no certificate has this thumbprint"))?;
    Ok(HttpResponse::Ok()
        .content_type(PEM)
        .body(keys::pem("CERTIFICATE", &found.der)))
}

/// `GET /sandbox/v1/ca`.
pub(super) async fn ca(state: Data<State>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(PEM)
        .body(state.ca.pem().to_owned())
}

/// `GET /sandbox/v1/example`.
pub(super) async fn example(state: Data<State>) -> Result<HttpResponse, Problem> {
    let example = login_example(&state).map_err(|refusal| failed(refusal.message))?;
    Ok(HttpResponse::Ok().json(example))
}

pub(super) fn login_example(state: &State) -> Result<Example, Refusal> {
    let dialect = state.dialect();
    let program = Program::of(dialect.own.seed.map(Seed));
    program.example(
        &dialect.open,
        &state.url,
        &state.shared_key,
        state.clock.now(),
    )
}

/// `GET /sandbox/v1/openapi.json`.
pub(super) async fn openapi() -> HttpResponse {
    HttpResponse::Ok()
        .content_type(ContentType::json())
        .body(OPENAPI)
}
