//! The sandbox's own controls. They are not part of Redtrust and serve only this machine,
//! or who knows the token.

mod check;
mod home;
mod issue;
mod look;
mod redirect_urls;
mod settings;

use actix_web::http::StatusCode;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Payload, ServiceConfig};
use actix_web::{HttpResponse, ResponseError};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::door;
use super::incoming::read_body;

/// Path of the start page.
pub(super) const HOME: &str = "/sandbox";

/// The paths that the start page links to.
const LINKS: [&str; 7] = [
    "/sandbox/v1/ledger",
    "/sandbox/v1/example",
    "/sandbox/v1/ca",
    "/sandbox/v1/dialect",
    "/sandbox/v1/faults",
    "/sandbox/v1/redirect-urls",
    "/sandbox/v1/openapi.json",
];

pub(super) fn configure(config: &mut ServiceConfig) {
    let controls = web::scope("/sandbox/v1")
        .route("/ledger", web::get().to(look::ledger))
        .route(
            "/certificates/{thumbprint}",
            web::get().to(look::certificate),
        )
        .route("/certificates", web::post().to(issue::certificates))
        .route("/ca", web::get().to(look::ca))
        .route("/example", web::get().to(look::example))
        .route("/openapi.json", web::get().to(look::openapi))
        .route("/dialect", web::get().to(settings::dialect))
        .route("/dialect", web::put().to(settings::change_dialect))
        .route("/faults", web::get().to(settings::faults))
        .route("/faults", web::put().to(settings::replace_faults))
        .route("/redirect-urls", web::get().to(redirect_urls::list))
        .route("/redirect-urls", web::post().to(redirect_urls::add))
        .route("/redirect-urls", web::delete().to(redirect_urls::remove))
        .route("/partners", web::post().to(settings::add_partner))
        .route("/users", web::post().to(settings::add_user))
        .default_service(web::to(nothing))
        .wrap(from_fn(door::controls));
    config
        .service(controls)
        .service(
            web::resource(HOME)
                .get(home::page)
                .post(home::register)
                .wrap(from_fn(door::controls)),
        )
        .service(
            web::resource("/sandbox/check")
                .post(check::page)
                .wrap(from_fn(door::controls)),
        );
}

/// The status for a body that says something impossible.
const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// Reads a JSON body whatever its `Content-Type`.
async fn read_json<T: DeserializeOwned>(body: Payload) -> Result<T, Problem> {
    let bytes = read_body(body)
        .await
        .map_err(|code| problem(code.status(), code.meaning()))?;
    serde_json::from_slice(&bytes).map_err(|error| problem(WRONG, error))
}

async fn nothing() -> Result<HttpResponse, Problem> {
    Err(problem(
        StatusCode::NOT_FOUND,
        "there is nothing at this path, or not with this method",
    ))
}

/// An error of the controls. It has no Redtrust envelope.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
struct Problem {
    status: StatusCode,
    what: String,
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::build(self.status).json(json!({"error": self.what}))
    }
}

fn problem(status: StatusCode, what: impl std::fmt::Display) -> Problem {
    Problem {
        status,
        what: what.to_string(),
    }
}

/// An internal failure: the cause goes to the log.
fn failed(cause: impl std::fmt::Display) -> Problem {
    tracing::error!(event = "sandbox_failed", %cause);
    problem(
        StatusCode::INTERNAL_SERVER_ERROR,
        "the sandbox failed; its log says why",
    )
}
