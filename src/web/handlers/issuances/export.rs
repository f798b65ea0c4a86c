//! The history as a CSV file.

use actix_web::{HttpResponse, web};

use super::list::reader;
use crate::domain::distinguished_name::DistinguishedName;
use crate::domain::thumbprint::Thumbprint;
use crate::i18n::{Key, Lang, key};
use crate::services::history::{self, Exported};
use crate::web::extractors::{Locale, SignedIn};
use crate::web::formats::csv::Sheet;
use crate::web::formats::download::download;
use crate::web::formats::list_csv;
use crate::web::handlers::lists::query::ListQuery;
use crate::web::handlers::names::{self, expiry_is};
use crate::web::page::dates;
use crate::web::problem::AppError;
use crate::web::state::{AppState, Settings};

/// Rows read at once.
const BATCH: u16 = 500;

const HEADINGS: &[Key] = &[
    key("issuances-reference"),
    key("issuances-submitted"),
    key("issuances-state"),
    key("field-kind"),
    key("certificates-holder"),
    key("certificates-id"),
    key("certificates-thumbprint"),
    key("certificates-renews"),
    key("issuances-error-code"),
    key("certificates-expires"),
    key("lists-expiry-date-is"),
    key("field-document-number"),
    key("field-organisation-name"),
    key("field-organisation-nif"),
    key("lists-requester"),
    key("note-tags"),
    key("note-note"),
];

/// Exports everything that the list with the same filters shows.
pub async fn export(
    state: web::Data<AppState>,
    user: SignedIn,
    locale: Locale,
    query: web::Query<ListQuery>,
) -> Result<HttpResponse, AppError> {
    let typed = query.typed(&state, reader(&user.caller));
    if typed.is_gone {
        return Err(AppError::NotFound);
    }
    let share = state.exports.take(&user.caller.counted_as, 1)?;
    let wanted = query.requests(&state.settings.branding.time_zone, &typed);
    let (lang, settings) = (locale.0, state.settings.clone());
    let play = state
        .portal
        .connections
        .is_sandbox(&user.caller.connection_id);
    let sheet = Sheet { lang, play };
    let (who, requester) = (user.caller.clone(), user.login.clone());
    let read = move |start| {
        let (state, who, wanted) = (state.clone(), who.clone(), wanted.clone());
        async move { Ok(history::export(&state.portal, &who, &wanted, &start, BATCH).await?) }
    };
    let line = move |row| line(lang, &settings, &requester, &row);
    let lines = list_csv::lines(sheet, HEADINGS, key("issuances-broken"), read, line);
    let name = format!("{}.csv", lang.text("issuances-file-name"));
    let kind = "text/csv; charset=utf-8; header=present";
    Ok(download(kind, &name, share, lines))
}

fn line(lang: Lang, settings: &Settings, requester: &str, row: &Exported) -> Vec<String> {
    let (issuance, zone) = (&row.issuance, &settings.branding.time_zone);
    let text = |key: Key| lang.of(key).into_owned();
    let own = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let hex = |thumbprint: &Option<Thumbprint>| own(thumbprint.as_ref().map(Thumbprint::as_str));
    let nobody = DistinguishedName::default();
    let name = issuance.order.as_ref().map_or(&nobody, |order| &order.dn);
    let beside = row.certificate.as_ref();
    vec![
        issuance.reference.clone(),
        dates::sortable(issuance.listed_at(), zone),
        text(names::state_of(issuance.state, issuance.cause).0),
        text(names::kind(issuance.kind)),
        lang.holder(&issuance.holder),
        own(issuance.certificate_id.as_deref()),
        hex(&issuance.thumbprint),
        hex(&issuance.renews),
        own(issuance.error.as_ref().map(|error| error.code.as_str())),
        beside.map_or_else(String::new, |one| dates::sortable(one.not_after, zone)),
        beside.map_or_else(String::new, |one| text(expiry_is(one.is_estimated))),
        own(name.document()),
        own(name.organisation()),
        own(name.nif()),
        requester.to_owned(),
        own(beside.map(|one| one.note.tags.as_str())),
        own(beside.map(|one| one.note.note.as_str())),
    ]
}
