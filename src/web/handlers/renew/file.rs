//! A certificate chosen by its file. If the file holds several, the person chooses
//! one. The file itself is not kept; later pages use the thumbprint.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::{obstacles, own};
use crate::domain::certificate::Certificate;
use crate::domain::certificate_file::{CertificateFacts, MOST};
use crate::i18n::key;
use crate::services::uploads::{self, Sorted};
use crate::web::extractors::SignedIn;
use crate::web::handlers::files;
use crate::web::page::form::{Choice, FieldErrors, Fields, FormView};
use crate::web::page::{Frame, Section, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

/// The field that lists the choices, to show them again if none was chosen.
pub(super) const AMONG: &str = "among";

#[derive(Debug, Template)]
#[template(path = "renew/which.html")]
struct WhichPage {
    frame: Frame,
    form: FormView,
    choices: Vec<Choice>,
    among: String,
    others: Vec<CertificateFacts>,
}

/// On with what the file holds; or the form that says what is wrong with it.
pub(super) async fn answer(
    req: &HttpRequest,
    state: &AppState,
    user: &SignedIn,
    fields: Fields,
    file: &[u8],
) -> Result<Result<HttpResponse, files::Shown>, AppError> {
    let sorted = match uploads::sort(&state.portal, &user.caller, Some(file)).await? {
        Ok(sorted) => sorted,
        Err(problem) => {
            let frame = Frame::of(req, state);
            return Ok(Err(files::refused(fields, &problem, &frame)));
        }
    };
    let only_its_chain = sorted.others.iter().all(|other| other.is_ca);
    let answer = match (sorted.own.as_slice(), only_its_chain) {
        ([(only, _)], true) => see_other(&routes::renew_of(only.thumbprint.as_str())),
        _ => which(req, state, sorted, files::fresh()),
    };
    Ok(Ok(answer))
}

/// Asks again if none was chosen.
pub(super) async fn ask_again(
    req: &HttpRequest,
    state: &AppState,
    user: &SignedIn,
    fields: Fields,
) -> Result<HttpResponse, AppError> {
    let errors = FieldErrors::one("thumbprint", key("missing-which"));
    let shown = (
        FormView::refused(fields, errors),
        StatusCode::UNPROCESSABLE_ENTITY,
    );
    ask(Frame::of(req, state), state, user, shown).await
}

/// Asks with a form that says among which.
pub(super) async fn ask(
    frame: Frame,
    state: &AppState,
    user: &SignedIn,
    (form, status): files::Shown,
) -> Result<HttpResponse, AppError> {
    let mut own_ones = Vec::new();
    // As many as one file may have: the list comes from the form.
    for thumbprint in form.value(AMONG).split_whitespace().take(MOST) {
        own_ones.push(own(state, user, thumbprint).await?);
    }
    let choices = own_ones.iter().map(|one| choice(state, &frame, one));
    let page = WhichPage {
        choices: choices.collect(),
        among: form.value(AMONG).to_owned(),
        others: Vec::new(),
        frame: frame.at(Section::Renew).languages_at(routes::RENEW_CHOOSE),
        form,
    };
    Ok(render(&page, status))
}

fn which(
    req: &HttpRequest,
    state: &AppState,
    sorted: Sorted,
    (form, status): files::Shown,
) -> HttpResponse {
    let frame = Frame::of(req, state);
    let own_ones = sorted.own.iter().map(|(certificate, _)| certificate);
    let among: Vec<_> = own_ones
        .clone()
        .map(|one| one.thumbprint.as_str())
        .collect();
    let page = WhichPage {
        among: among.join(" "),
        choices: own_ones.map(|one| choice(state, &frame, one)).collect(),
        others: sorted.others,
        frame: frame.at(Section::Renew).languages_at(routes::RENEW_CHOOSE),
        form,
    };
    render(&page, status)
}

/// A certificate with what distinguishes it from the others, and why it cannot be
/// renewed if so.
fn choice(state: &AppState, frame: &Frame, certificate: &Certificate) -> Choice {
    let facts = key("renew-which-facts")
        .with("issued", frame.date(&certificate.issued_at))
        .with("until", frame.until(&certificate.validity))
        .with("thumbprint", certificate.thumbprint.grouped());
    let why = certificate
        .renewal_obstacle(state.portal.clock.now())
        .map(|found| frame.of_key(&obstacles::reason(&found).0).into_owned());
    let hint = match why {
        Some(why) => format!("{} {why}", frame.say(&facts)),
        None => frame.say(&facts).into_owned(),
    };
    let holder = frame.holder(&certificate.holder);
    Choice::new(certificate.thumbprint.as_str(), holder).hint(hint)
}
