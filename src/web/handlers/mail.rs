//! The page on which people give the address to which mail about their requests goes.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::domain::answers::email_address;
use crate::i18n::key;
use crate::services::mail::{self, Upcoming};
use crate::web::csrf::CheckedForm;
use crate::web::extractors::{Locale, SignedIn};
use crate::web::kept_form::kept_or;
use crate::web::page::form::{FieldErrors, Fields, FormView};
use crate::web::page::{Frame, Tone, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "account/mail.html")]
struct MailPage {
    frame: Frame,
    form: FormView,
    /// What reminders would be due of, if they are wanted.
    upcoming: Vec<Upcoming>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    email: String,
    reminders: String,
}

/// `?done=saved`, `silent` or `again`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Done {
    done: String,
}

pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    query: web::Query<Done>,
) -> Result<HttpResponse, AppError> {
    refuse_without_mail(&state)?;
    let person = mail::of(&state.portal, &user.caller).await?;
    let fields = match &person {
        Some(person) => Fields::of([
            ("email", &person.address),
            ("reminders", if person.reminders { "yes" } else { "" }),
        ]),
        None => Fields::of([("reminders", "yes")]),
    };
    let frame = Frame::of(&req, &state);
    let frame = match query.done.as_str() {
        "saved" => frame.banner(Tone::Good, key("mail-saved")),
        "silent" => frame.banner(Tone::Good, key("mail-silenced")),
        "again" => frame.banner(Tone::Good, key("mail-heard-again")),
        _ => frame,
    };
    let upcoming = match person {
        Some(person) if person.reminders => mail::preview(&state.portal, &user.caller).await?,
        _ => Vec::new(),
    };
    let (owner, form) = (&user.caller.owner_id, FormView::filled(fields));
    let (frame, form) = kept_or(&req, &state, owner, frame, form).await?;
    let page = MailPage {
        frame,
        form,
        upcoming,
    };
    Ok(render(&page, StatusCode::OK))
}

pub async fn save(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    locale: Locale,
    form: CheckedForm<Typed>,
) -> Result<HttpResponse, AppError> {
    refuse_without_mail(&state)?;
    let typed = &form.value;
    let address = match typed_address(&typed.email) {
        Ok(address) => address,
        Err(errors) => {
            let page = MailPage {
                frame: Frame::of(&req, &state).languages_at(routes::ACCOUNT_MAIL),
                form: FormView::refused(form.fields, errors),
                upcoming: Vec::new(),
            };
            return Ok(render(&page, StatusCode::UNPROCESSABLE_ENTITY));
        }
    };
    let reminders = typed.reminders == "yes";
    let (portal, who, lang) = (&state.portal, &user.caller, locale.0.code());
    mail::set(portal, who, address, lang, reminders).await?;
    Ok(see_other(&format!("{}?done=saved", routes::ACCOUNT_MAIL)))
}

/// What stands in the field `email`; `None` if it is empty.
pub fn typed_address(text: &str) -> Result<Option<String>, FieldErrors> {
    match text.trim() {
        "" => Ok(None),
        text => email_address(text)
            .map(Some)
            .map_err(|_| FieldErrors::one("email", key("wrong-email"))),
    }
}

/// One certificate, and whether reminders of it are unwanted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Silence {
    certificate: String,
    silent: String,
}

pub async fn silence(
    state: web::Data<AppState>,
    user: SignedIn,
    form: CheckedForm<Silence>,
) -> Result<HttpResponse, AppError> {
    refuse_without_mail(&state)?;
    let silent = form.value.silent == "yes";
    let id = &form.value.certificate;
    if !mail::silence(&state.portal, &user.caller, id, silent).await? {
        return Err(AppError::NotFound);
    }
    let done = if silent { "silent" } else { "again" };
    Ok(see_other(&format!("{}?done={done}", routes::ACCOUNT_MAIL)))
}

/// Nobody is asked for an address with which nothing is done.
fn refuse_without_mail(state: &AppState) -> Result<(), AppError> {
    match state.portal.mail {
        Some(_) => Ok(()),
        None => Err(AppError::NotFound),
    }
}
