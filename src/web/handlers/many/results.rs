//! What became of each line of a run, as a CSV file.

use actix_web::{HttpResponse, web};
use futures_util::stream;
use jiff::tz::TimeZone;

use super::{connection_of, own, words};
use crate::domain::certificate::Validity;
use crate::domain::connection::Connection;
use crate::domain::run::{RunKind, RunState};
use crate::domain::spanish_id::masked;
use crate::i18n::{Key, Lang, key};
use crate::services::many::{self, Named, Told};
use crate::web::extractors::{Locale, SignedIn};
use crate::web::formats::csv::Sheet;
use crate::web::formats::download::download;
use crate::web::page::dates;
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

const fn headings(kind: RunKind) -> [Key; 12] {
    [
        words::called(kind).1,
        key("certificates-holder"),
        key("field-document-number"),
        key("field-organisation-name"),
        key("certificates-renews"),
        key("many-renewed-until"),
        key("many-outcome"),
        key("many-why"),
        key("issuances-reference"),
        key("certificates-thumbprint"),
        key("issuances-error-code"),
        key("many-said"),
    ]
}

pub async fn export(
    state: web::Data<AppState>,
    user: SignedIn,
    locale: Locale,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let run = own(&state, &user, &id).await?;
    if run.state == RunState::Check {
        return Err(AppError::Elsewhere(routes::run(&id)));
    }
    let share = state.exports.take(&user.caller.counted_as, 1)?;
    let named = many::named(&state.portal, &run, 0..=i64::MAX).await?;
    let connection = connection_of(&state, &run).await?;
    let story = many::story(&state.portal, run).await?;
    let lang = locale.0;
    let play = state
        .portal
        .connections
        .is_sandbox(&user.caller.connection_id);
    let sheet = Sheet { lang, play };
    let zone = &state.settings.branding.time_zone;
    let mut text = sheet.head(&headings(story.run.kind));
    for line in &story.lines {
        let named = named.get(&line.position).cloned().unwrap_or_default();
        let at = (story.run.kind, connection.as_ref());
        text.push_str(&sheet.line(values(line, &named, at, (lang, zone))));
    }
    let name = format!("{}.csv", lang.of(key("many-file-name")));
    let kind = "text/csv; charset=utf-8; header=present";
    let chunks = stream::iter([Ok(text)]);
    Ok(download(kind, &name, share, chunks))
}

fn values(
    line: &Told,
    named: &Named,
    (kind, connection): (RunKind, Option<&Connection>),
    (lang, zone): (Lang, &TimeZone),
) -> Vec<String> {
    let text = |key: Key| lang.of(key).into_owned();
    let hex = |thumbprint: &Option<_>| {
        thumbprint
            .as_ref()
            .map_or_else(String::new, ToString::to_string)
    };
    let said = line.said.as_ref();
    let reference = line.issuance.as_ref().map(|(_, reference)| reference);
    vec![
        line.position.to_string(),
        line.holder.masked(),
        named.name.document().map_or_else(String::new, masked),
        named.name.organisation().unwrap_or_default().to_owned(),
        hex(&line.renews),
        (named.renewed.and_then(Validity::end))
            .map_or_else(String::new, |end| dates::sortable_day(end, zone)),
        text(words::of_line(line.outcome).0),
        (words::why(line, kind, connection, lang).iter())
            .map(|one| one.said(lang))
            .collect::<Vec<_>>()
            .join(" "),
        reference.cloned().unwrap_or_default(),
        hex(&line.thumbprint),
        said.map_or_else(String::new, |said| said.code.clone()),
        said.map_or_else(String::new, |said| said.text.clone()),
    ]
}
