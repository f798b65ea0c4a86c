//! Whether there is a certificate to the reference of a receipt. For whoever has the
//! paper, so it says nothing that the paper does not.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::services::receipt::{self, Verified};
use crate::web::page::{Frame, render};
use crate::web::problem::{self, AppError, Problem, texts};
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "verify.html")]
struct VerifyPage {
    frame: Frame,
    found: Verified,
}

pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    reference: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let frame = Frame::of(&req, &state);
    match receipt::verify(&state.portal, &reference).await? {
        Some(found) => {
            let frame = frame.of_connection(&state, &found.certificate.connection_id);
            Ok(render(&VerifyPage { frame, found }, StatusCode::OK))
        }
        None => Ok(problem::answer(frame, unknown())),
    }
}

fn unknown() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "unknown_reference",
        texts!("verify-unknown"),
    )
}
