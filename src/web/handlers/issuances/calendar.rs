//! Reminders before a certificate expires, as a calendar file.

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::i18n::{Lang, key};
use crate::services::receipt::{self, Receipt};
use crate::web::extractors::{Locale, SignedIn};
use crate::web::formats::calendar::{self, Reminder};
use crate::web::handlers::names;
use crate::web::page::dates;
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::{AppState, Settings};

/// Days before the expiry.
const DAYS_BEFORE: [i32; 2] = [30, 7];

/// `404` until there is a certificate.
pub async fn file(
    state: web::Data<AppState>,
    user: SignedIn,
    locale: Locale,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let found = receipt::receipt(&state.portal, &user.caller, &id).await?;
    let receipt = found.ok_or(AppError::NotFound)?;
    let end = receipt.certificate.validity.end();
    let zone = &state.settings.branding.time_zone;
    let expires = end.and_then(|end| dates::day_of(end, zone));
    let expires = expires.ok_or(AppError::NotFound)?;
    let reminders: Vec<Reminder> = DAYS_BEFORE
        .into_iter()
        .filter_map(|days| reminder(&receipt, &state.settings, locale.0, expires, days))
        .collect();
    let reference = &receipt.issuance.reference;
    let disposition = format!("attachment; filename=\"{reference}.ics\"");
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/calendar; charset=utf-8; method=PUBLISH"))
        .insert_header((CONTENT_DISPOSITION, disposition))
        .body(calendar::file(&reminders, state.portal.clock.now())))
}

fn reminder(
    receipt: &Receipt,
    settings: &Settings,
    lang: Lang,
    expires: Date,
    days_before: i32,
) -> Option<Reminder> {
    let certificate = &receipt.certificate;
    let thumbprint = certificate.thumbprint.as_str();
    let holder = names::listed(&certificate.holder);
    let date = dates::date(certificate.not_after(), &settings.branding.time_zone, lang);
    let text = match certificate.validity.is_exact() {
        true => key("calendar-text"),
        false => key("calendar-text-estimated"),
    };
    let text = text
        .with("thumbprint", thumbprint.to_owned())
        .with("date", date.clone());
    let summary = key("calendar-summary").with("holder", holder);
    let (origin, reference) = (settings.origin.as_str(), &receipt.issuance.reference);
    let host = origin.split("://").last().unwrap_or_default();
    Some(Reminder {
        uid: format!("{reference}-{days_before}@{host}"),
        day: expires.checked_sub(days_before.days()).ok()?,
        summary: lang.message(&summary.with("date", date)).into_owned(),
        text: lang.message(&text).into_owned(),
        url: format!("{origin}{}", routes::certificate(thumbprint)),
    })
}
