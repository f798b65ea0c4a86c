//! Reminders before a certificate expires, as a calendar file.

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use jiff::civil::Date;

use crate::domain::certificate::Certificate;
use crate::domain::millis::Millis;
use crate::i18n::{Lang, key};
use crate::services::receipt;
use crate::web::extractors::{Locale, SignedIn};
use crate::web::formats::calendar::{self, Reminder};
use crate::web::formats::reminders::{self, Day};
use crate::web::page::dates;
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

/// `404` unless there is a certificate that still has a day to remind of.
pub async fn file(
    state: web::Data<AppState>,
    user: SignedIn,
    locale: Locale,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let found = receipt::receipt(&state.portal, &user.caller, &id).await?;
    let receipt = found.ok_or(AppError::NotFound)?;
    let (reference, now) = (&receipt.issuance.reference, state.portal.clock.now());
    let reminders = reminders(&state, &receipt.certificate, reference, locale.0, now);
    if reminders.is_empty() {
        return Err(AppError::NotFound);
    }
    let disposition = format!("attachment; filename=\"{reference}.ics\"");
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/calendar; charset=utf-8; method=PUBLISH"))
        .insert_header((CONTENT_DISPOSITION, disposition))
        .body(calendar::file(&reminders, now)))
}

/// The reminders of a certificate, known to calendars by `reference`: none if it was
/// replaced or has expired.
pub fn reminders(
    state: &AppState,
    certificate: &Certificate,
    reference: &str,
    lang: Lang,
    now: Millis,
) -> Vec<Reminder> {
    let zone = &state.settings.branding.time_zone;
    let expires = certificate
        .validity
        .end()
        .and_then(|end| dates::day_of(end, zone));
    let Some(expires) = expires.filter(|_| certificate.replaced_by.is_none()) else {
        return Vec::new();
    };
    let reminder = |day: Day| reminder(state, certificate, reference, lang, day);
    let days = reminders::days(expires, now, zone);
    days.into_iter().map(reminder).collect()
}

fn reminder(
    state: &AppState,
    certificate: &Certificate,
    reference: &str,
    lang: Lang,
    day: Day,
) -> Reminder {
    let origin = state.settings.origin.as_str();
    let host = origin.split("://").last().unwrap_or_default();
    let said = said(state, certificate, lang);
    let [summary, text] = match state
        .portal
        .connections
        .is_sandbox(&certificate.connection_id)
    {
        true => of_play(lang, said),
        false => said,
    };
    Reminder {
        uid: format!("{reference}-{}@{host}", day.name),
        // An exact date moves no more; the day of the last reminder only moves on.
        sequence: match day.name.as_str() {
            "soon" => i64::from(days_since_2000(day.day)),
            _ => i64::from(certificate.validity.is_exact()),
        },
        day: day.day,
        rings: day.rings,
        summary,
        text,
        url: format!(
            "{origin}{}",
            routes::certificate(certificate.thumbprint.as_str())
        ),
    }
}

/// The title and the description.
fn said(state: &AppState, certificate: &Certificate, lang: Lang) -> [String; 2] {
    let zone = &state.settings.branding.time_zone;
    let date = dates::date(certificate.not_after(), zone, lang);
    let text = match certificate.validity.is_exact() {
        true => key("calendar-text"),
        false => key("calendar-text-estimated"),
    };
    let text = text
        .with("thumbprint", certificate.thumbprint.to_string())
        .with("date", date.clone());
    let holder = lang.holder(&certificate.holder);
    let summary = key("calendar-summary").with("holder", holder);
    [
        lang.message(&summary.with("date", date)).into_owned(),
        lang.message(&text).into_owned(),
    ]
}

/// The title and the description of a play certificate's reminder.
fn of_play(lang: Lang, [summary, text]: [String; 2]) -> [String; 2] {
    let summary = key("calendar-play").with("summary", summary);
    let notice = lang.text("play-certificate");
    [
        lang.message(&summary).into_owned(),
        format!("{notice}\n{text}"),
    ]
}

fn days_since_2000(day: Date) -> i32 {
    let since = day.since(jiff::civil::date(2000, 1, 1));
    since.map_or(0, |since| since.get_days())
}
