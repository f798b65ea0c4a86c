//! The calendar feed: its page, where a person makes or ends the address, and what
//! calendars read there.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::issuances::reminders;
use crate::domain::millis::Millis;
use crate::i18n::Lang;
use crate::services::calendar_feed;
use crate::web::csrf::{CheckedForm, NoContent};
use crate::web::extractors::{Locale, SignedIn};
use crate::web::formats::calendar;
use crate::web::page::{Frame, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "account/calendar.html")]
struct CalendarPage {
    frame: Frame,
    /// Since when there is an address.
    since: Option<Millis>,
    /// The address, just after it was made.
    address: Option<String>,
}

pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
) -> Result<HttpResponse, AppError> {
    let page = CalendarPage {
        frame: Frame::of(&req, &state),
        since: calendar_feed::since(&state.portal, &user.caller).await?,
        address: None,
    };
    Ok(render(&page, StatusCode::OK))
}

/// Makes a new address and shows it, once.
pub async fn make(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    locale: Locale,
    _form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    let (portal, who) = (&state.portal, &user.caller);
    let secret = calendar_feed::make(portal, who, locale.0.code()).await?;
    let origin = state.settings.origin.as_str();
    let page = CalendarPage {
        frame: Frame::of(&req, &state).languages_at(routes::ACCOUNT_CALENDAR),
        since: calendar_feed::since(portal, who).await?,
        address: Some(format!("{origin}{}", routes::calendar_feed(&secret))),
    };
    Ok(render(&page, StatusCode::OK))
}

pub async fn revoke(
    state: web::Data<AppState>,
    user: SignedIn,
    _form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    calendar_feed::revoke(&state.portal, &user.caller).await?;
    Ok(see_other(routes::ACCOUNT_CALENDAR))
}

/// What a calendar reads. The secret in the path is all that it needs; the log has the
/// pattern of the path only.
pub async fn feed(
    state: web::Data<AppState>,
    secret: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let portal = &state.portal;
    let found = calendar_feed::read(portal, &secret).await?;
    let found = found.ok_or(AppError::NotFound)?;
    let (lang, now) = (Lang::from_code(&found.language), portal.clock.now());
    let lang = lang.unwrap_or_default();
    let all = found
        .certificates
        .iter()
        .flat_map(|(certificate, reference)| {
            let name = reference.as_deref();
            let name = name.unwrap_or(certificate.thumbprint.as_str());
            reminders(&state, certificate, name, lang, now)
        });
    let all: Vec<_> = all.collect();
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/calendar; charset=utf-8; method=PUBLISH"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(calendar::file(&all, now)))
}
