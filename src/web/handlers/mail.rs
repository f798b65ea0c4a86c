//! The page on which people give the address to which mail about their requests goes.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::lists::query::{ListQuery, Reader};
use super::lists::view::paging;
use super::lists::way_back::WayBack;
use super::names;
use crate::domain::answers::email_address;
use crate::domain::thumbprint::Thumbprint;
use crate::i18n::{Key, Lang, key};
use crate::services::Listed;
use crate::services::mail::{self, Person, Upcoming};
use crate::web::csrf::CheckedForm;
use crate::web::extractors::{Locale, SignedIn};
use crate::web::kept_form::kept_or;
use crate::web::page::form::{FieldErrors, Fields, FormView};
use crate::web::page::paging::Paging;
use crate::web::page::stale::{self, Joined};
use crate::web::page::{Frame, Tone, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "account/mail.html")]
struct MailPage {
    frame: Frame,
    form: FormView,
    /// When reminders come; empty if none do.
    days: String,
    /// What reminders would be due of, if they are wanted.
    upcoming: Listed<Upcoming>,
    paging: Paging,
    /// Where reminders of one of them are switched, to come back to this page of them.
    silence: String,
}

impl MailPage {
    fn certificate(&self, one: &Upcoming) -> String {
        routes::certificate(one.thumbprint.as_str())
    }

    /// What tells the holder from others of the same name.
    fn facts(&self, one: &Upcoming) -> String {
        names::facts_in(&one.subject)
    }
}

/// The places of this list.
const LIST: &str = "upcoming";

/// Certificates on one page: each is a card with a button, and on a phone the menu may be open
/// above them.
const PAGE_SIZE: u16 = 15;

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
    list: web::Query<ListQuery>,
) -> Result<HttpResponse, AppError> {
    refuse_without_mail(&state)?;
    let (portal, who) = (&state.portal, &user.caller);
    let reader = Reader {
        list: LIST,
        id: &who.owner_id,
    };
    let person = mail::of(portal, who).await?;
    let form = FormView::filled(stale::showing(stored(person.as_ref())));
    let frame = Frame::of(&req, &state);
    let frame = match query.done.as_str() {
        "saved" => frame.banner(Tone::Good, key("mail-saved")),
        done => silenced(frame, done),
    };
    let upcoming = match person {
        Some(person) if person.reminders => {
            let start = list.start(&state, reader);
            mail::preview(portal, who, &start, PAGE_SIZE).await?
        }
        _ => Listed::empty(),
    };
    let (frame, form) = kept_or(&req, &state, &who.owner_id, frame, form).await?;
    let page = MailPage {
        days: days(&state, &user, &frame).await?,
        frame,
        form,
        paging: paging(&state, reader, &list, routes::ACCOUNT_MAIL, &upcoming),
        silence: list.address(routes::ACCOUNT_MAIL_SILENCE),
        upcoming,
    };
    Ok(render(&page, StatusCode::OK))
}

/// How many days before the expiry reminders come, as a hint.
async fn days(state: &AppState, user: &SignedIn, frame: &Frame) -> Result<String, AppError> {
    let days = mail::reminder_days(&state.portal, &user.caller).await?;
    let days: Vec<String> = days.iter().map(i64::to_string).collect();
    Ok(match days.is_empty() {
        true => String::new(),
        false => frame
            .t1("mail-account-days", "days", days.join(", "))
            .into_owned(),
    })
}

/// What is stored; reminders are proposed to whoever has said nothing.
fn stored(person: Option<&Person>) -> Fields {
    match person {
        Some(person) => Fields::of([
            ("email", person.address.as_str()),
            ("reminders", if person.reminders { "yes" } else { "" }),
        ]),
        None => Fields::of([("reminders", "yes")]),
    }
}

/// Says whether reminders of a certificate were switched on or off.
pub(super) fn silenced(frame: Frame, done: &str) -> Frame {
    match done {
        "silent" => frame.banner(Tone::Good, key("mail-silenced")),
        "again" => frame.banner(Tone::Good, key("mail-heard-again")),
        _ => frame,
    }
}

pub async fn save(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    locale: Locale,
    form: CheckedForm<Typed>,
) -> Result<HttpResponse, AppError> {
    refuse_without_mail(&state)?;
    let frame = Frame::of(&req, &state).languages_at(routes::ACCOUNT_MAIL);
    let typed = &form.value;
    let address = match typed_address(&typed.email) {
        Ok(address) => address,
        Err(errors) => {
            let shown = (frame, FormView::refused(form.fields, errors));
            return again(&state, &user, shown, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let reminders = typed.reminders == "yes";
    let (portal, who, lang) = (&state.portal, &user.caller, locale.0);
    let now = stored(mail::of(portal, who).await?.as_ref());
    let mut sent = form.fields;
    sent.set("email", address.clone().unwrap_or_default());
    let joined = Joined::of(sent.clone(), now.clone(), &["email", "reminders"]);
    if !joined.is_as_typed() {
        let shown = joined.told(frame, |name| said(name, &now, lang));
        return again(&state, &user, shown, StatusCode::CONFLICT).await;
    }
    if let Some(wait) = mail::set(portal, who, address, lang.code(), reminders).await? {
        let errors = FieldErrors::one("email", key("mail-changed-too-often"));
        let shown = (frame, FormView::refused(sent, errors));
        let mut answer = again(&state, &user, shown, StatusCode::TOO_MANY_REQUESTS).await?;
        let wait = HeaderValue::from(wait.as_secs());
        answer.headers_mut().insert(RETRY_AFTER, wait);
        return Ok(answer);
    }
    Ok(see_other(&routes::after(routes::ACCOUNT_MAIL, "saved")))
}

/// The page with the form as it was sent, alone.
async fn again(
    state: &AppState,
    user: &SignedIn,
    (frame, form): (Frame, FormView),
    status: StatusCode,
) -> Result<HttpResponse, AppError> {
    let page = MailPage {
        days: days(state, user, &frame).await?,
        frame,
        form,
        upcoming: Listed::empty(),
        paging: Paging::default(),
        silence: String::new(),
    };
    Ok(render(&page, status))
}

/// What a field is called, and what is stored in it.
fn said(name: &str, now: &Fields, lang: Lang) -> (Key, String) {
    let label = key("mail-account-reminders");
    match (name, now.get("reminders")) {
        ("email", _) => (key("mail-account-address"), now.get("email").to_owned()),
        (_, "yes") => (label, lang.of(key("yes")).into_owned()),
        (_, _) => (label, lang.of(key("no")).into_owned()),
    }
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
    /// Set by the form on the certificate's own page.
    thumbprint: String,
}

/// Switches reminders of one certificate, and leads back to where that was done.
pub async fn silence(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    list: web::Query<ListQuery>,
    form: CheckedForm<Silence>,
) -> Result<HttpResponse, AppError> {
    refuse_without_mail(&state)?;
    let silent = form.value.silent == "yes";
    let id = &form.value.certificate;
    if !mail::silence(&state.portal, &user.caller, id, silent).await? {
        return Err(AppError::NotFound);
    }
    let back = match form.value.thumbprint.parse::<Thumbprint>() {
        Ok(own) => WayBack::kept(&req).keep(routes::certificate(own.as_str())),
        Err(_) => list.address(routes::ACCOUNT_MAIL),
    };
    let done = if silent { "silent" } else { "again" };
    Ok(see_other(&routes::after(&back, done)))
}

/// Nobody is asked for an address with which nothing is done.
fn refuse_without_mail(state: &AppState) -> Result<(), AppError> {
    match state.portal.mail {
        Some(_) => Ok(()),
        None => Err(AppError::NotFound),
    }
}
