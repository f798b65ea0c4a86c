//! Which certificate: one of the list, or one whose thumbprint is typed.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::{obstacles, own};
use crate::domain::thumbprint::{Thumbprint, ThumbprintError};
use crate::services::renew;
use crate::storage::certificates::{self, Certificate};
use crate::web::csrf::CheckedForm;
use crate::web::error::AppError;
use crate::web::extractors::SignedIn;
use crate::web::handlers::names;
use crate::web::i18n::{Key, Message, key};
use crate::web::kept_form::kept;
use crate::web::page::form::{FieldErrors, FormView};
use crate::web::page::{Frame, Section, render, see_other};
use crate::web::routes;
use crate::web::state::AppState;

/// At most so many stand in the list; any other can be typed.
const SHOWN: u16 = 100;

/// Which certificate?
#[derive(Debug, Template)]
#[template(path = "renew/choose.html")]
struct ChoosePage {
    frame: Frame,
    form: FormView,
    rows: Vec<Row>,
}

/// A certificate of the list.
#[derive(Debug)]
struct Row {
    holder: String,
    href: String,
    certificate: Certificate,
    /// Why it cannot be renewed.
    blocked: Option<Key>,
}

/// `/renew`: to the first page.
pub async fn first(_user: SignedIn) -> HttpResponse {
    see_other(routes::RENEW_CHOOSE)
}

/// The list, and the field.
pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
) -> Result<HttpResponse, AppError> {
    let kept = kept(&req, &state, &user).await?;
    let form = FormView::filled(kept.unwrap_or_default());
    show(&req, &state, &user, form, StatusCode::OK).await
}

async fn show(
    req: &HttpRequest,
    state: &AppState,
    user: &SignedIn,
    form: FormView,
    status: StatusCode,
) -> Result<HttpResponse, AppError> {
    let portal = &state.portal;
    let current = certificates::current(&portal.storage, &user.0.owner, SHOWN).await?;
    let now = portal.clock.now();
    let row = |certificate: Certificate| Row {
        holder: names::listed(&certificate.holder),
        href: routes::renew_of(&certificate.thumbprint.to_string()),
        blocked: renew::obstacle(&certificate, now).map(|found| obstacles::reason(&found).0),
        certificate,
    };
    let page = ChoosePage {
        frame: Frame::of(req, state).at(Section::Renew),
        form,
        rows: current.into_iter().map(row).collect(),
    };
    Ok(render(&page, status))
}

/// What the field sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChooseForm {
    thumbprint: String,
}

/// On with the certificate whose thumbprint was typed.
pub async fn choose(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    form: CheckedForm<ChooseForm>,
) -> Result<HttpResponse, AppError> {
    let wrong = match form.value.thumbprint.parse::<Thumbprint>() {
        Err(error) => of_text(error),
        Ok(thumbprint) => match own(&state, &user, thumbprint.as_str()).await {
            Ok(_) => return Ok(see_other(&routes::renew_of(thumbprint.as_str()))),
            Err(AppError::NotFound) => key("wrong-thumbprint-not-yours").into(),
            Err(error) => return Err(error),
        },
    };
    let mut errors = FieldErrors::new();
    errors.add("thumbprint", wrong);
    let form = FormView::refused(form.fields, errors);
    show(&req, &state, &user, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

fn of_text(error: ThumbprintError) -> Message {
    match error {
        ThumbprintError::Empty => key("missing-thumbprint").into(),
        ThumbprintError::Digit => key("wrong-thumbprint-digit").into(),
        ThumbprintError::Length(length) => key("wrong-thumbprint-length").with("length", length),
    }
}

/// `/renew/{thumbprint}`: to the first page for this certificate.
pub async fn one(
    state: web::Data<AppState>,
    user: SignedIn,
    thumbprint: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let certificate = own(&state, &user, &thumbprint).await?;
    Ok(see_other(&routes::renew_changed(
        certificate.thumbprint.as_str(),
    )))
}
