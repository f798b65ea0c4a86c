//! The printable receipt of an issuance that led to a certificate.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::millis::Millis;
use crate::i18n::Key;
use crate::services::receipt::{self, Receipt};
use crate::web::extractors::SignedIn;
use crate::web::handlers::names;
use crate::web::page::{Frame, Section, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "issuances/receipt.html")]
struct ReceiptPage {
    frame: Frame,
    receipt: Receipt,
    kind: Key,
    ordered_by: String,
    now: Millis,
    back: String,
}

/// `404` until there is a certificate.
pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let found = receipt::receipt(&state.portal, &user.caller, &id).await?;
    let receipt = found.ok_or(AppError::NotFound)?;
    let page = ReceiptPage {
        frame: Frame::of(&req, &state).at(Section::Issuances),
        kind: names::kind(receipt.issuance.kind),
        ordered_by: user.login,
        now: state.portal.clock.now(),
        back: routes::issuance(&receipt.issuance.id),
        receipt,
    };
    Ok(render(&page, StatusCode::OK))
}
