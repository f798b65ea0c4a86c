//! The printable receipt of an issuance that led to a certificate.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::answers::Field;
use crate::domain::connection::RequestOptions;
use crate::domain::document::Document;
use crate::domain::issuance::Issuance;
use crate::domain::millis::Millis;
use crate::i18n::{Key, key};
use crate::services::receipt::{self, Receipt};
use crate::web::extractors::SignedIn;
use crate::web::handlers::lists::way_back::WayBack;
use crate::web::handlers::names;
use crate::web::page::{Drawing, Frame, Section, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "issuances/receipt.html")]
struct ReceiptPage {
    frame: Frame,
    receipt: Receipt,
    kind: Key,
    /// What identifies the holder: labels and values.
    numbers: Vec<(Key, String)>,
    requester: String,
    now: Millis,
    back: String,
    /// Where anybody can check the reference.
    verify: String,
    qr: Drawing,
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
    let path = routes::verify(&receipt.issuance.reference);
    let verify = format!("{}{path}", state.portal.public_url);
    let way = WayBack::of(&req);
    let page = ReceiptPage {
        frame: Frame::of(&req, &state).at(Section::Issuances),
        kind: names::kind(receipt.issuance.kind),
        numbers: numbers(&receipt.issuance),
        requester: user.login,
        now: state.portal.clock.now(),
        back: way.keep(routes::issuance(&receipt.issuance.id)),
        qr: Drawing::of(&verify).ok_or(AppError::Internal)?,
        verify,
        receipt,
    };
    Ok(render(&page, StatusCode::OK))
}

/// The numbers of the holder and of the organisation; none once they were erased.
fn numbers(issuance: &Issuance) -> Vec<(Key, String)> {
    let answers = &issuance.answers;
    let checked = answers.checked(&RequestOptions::default());
    let Some(holder) = checked.holder() else {
        return Vec::new();
    };
    let mut numbers = Vec::new();
    if let Some(person) = holder.person() {
        let kind = answers.text(Field::DocumentType).parse().ok();
        let label = kind.map_or_else(|| key("field-document-number"), names::document);
        let number = match &person.document {
            Document::Spanish(id) => id.as_str().to_owned(),
            Document::Passport(passport) => {
                format!("{} ({})", passport.number(), passport.country().as_str())
            }
        };
        numbers.push((label, number));
    }
    if let Some(organisation) = holder.organisation() {
        numbers.push((key("field-organisation-name"), organisation.name.clone()));
        let nif = organisation.nif.as_str().to_owned();
        numbers.push((key("field-organisation-nif"), nif));
    }
    numbers
}
