//! The list of certificates as a CSV file: what expires when.

use actix_web::{HttpResponse, web};

use super::certificate_list::reader;
use super::lists::query::ListQuery;
use super::names;
use crate::domain::answers::{Answers, Field};
use crate::domain::certificate::Certificate;
use crate::domain::distinguished_name::DistinguishedName;
use crate::domain::document::DocumentType;
use crate::domain::holder::Kind;
use crate::domain::millis::Millis;
use crate::domain::today::Today;
use crate::i18n::{Key, Lang, key};
use crate::services::certificate_list::{self, Beside};
use crate::web::extractors::{Locale, SignedIn};
use crate::web::formats::csv::Sheet;
use crate::web::formats::download::download;
use crate::web::formats::list_csv;
use crate::web::page::dates;
use crate::web::problem::AppError;
use crate::web::state::{AppState, Settings};

/// Rows read at once.
const BATCH: u16 = 500;

const HEADINGS: &[Key] = &[
    key("certificates-holder"),
    key("field-document-number"),
    key("field-organisation-name"),
    key("field-organisation-nif"),
    key("certificates-expires"),
    key("lists-expiry-date-is"),
    key("lists-status"),
    key("field-kind"),
    key("certificates-thumbprint"),
    key("certificates-id"),
    key("certificates-issued"),
    key("issuances-reference"),
    key("lists-requester-or-owner"),
    key("note-tags"),
    key("note-note"),
    key("field-common-name"),
    key("field-given-names"),
    key("certificates-surnames"),
    key("field-one-name"),
    key("many-document-type"),
    key("field-document-country"),
    key("field-department"),
    key("field-position"),
];

/// What every line is written with.
struct Writer {
    lang: Lang,
    settings: std::sync::Arc<Settings>,
    requester: String,
    now: Millis,
}

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
    let wanted = query.certificates(&state.settings.branding.time_zone, &typed);
    let lang = locale.0;
    let play = state
        .portal
        .connections
        .is_sandbox(&user.caller.connection_id);
    let sheet = Sheet { lang, play };
    let writer = Writer {
        lang,
        settings: state.settings.clone(),
        requester: user.login.clone(),
        now: state.portal.clock.now(),
    };
    let who = user.caller.clone();
    let read = move |start| {
        let (state, who, wanted) = (state.clone(), who.clone(), wanted.clone());
        async move {
            let portal = &state.portal;
            Ok(certificate_list::export(portal, &who, &wanted, &start, BATCH).await?)
        }
    };
    let line = move |(certificate, beside)| writer.line(&certificate, beside);
    let lines = list_csv::lines(sheet, HEADINGS, key("certificates-broken"), read, line);
    let name = format!("{}.csv", lang.text("lists-certificates-file-name"));
    let kind = "text/csv; charset=utf-8; header=present";
    Ok(download(kind, &name, share, lines))
}

impl Writer {
    fn line(&self, certificate: &Certificate, beside: Option<Beside>) -> Vec<String> {
        let zone = &self.settings.branding.time_zone;
        let today = Today {
            now: self.now,
            zone,
        };
        let date = |from: &Millis| dates::sortable(*from, zone);
        let (status, _) = names::status_of(certificate, today, date);
        let text = |key: Key| self.lang.of(key).into_owned();
        let own = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let subject = DistinguishedName::of_preview(&certificate.subject);
        let (note, reference) =
            beside.map_or_else(Default::default, |one| (one.note, one.reference));
        let end = certificate.validity.end();
        let is_exact = |_| text(names::expiry_is(certificate.validity.is_estimated()));
        let mut line = vec![
            self.lang.holder(&certificate.holder),
            own(subject.document()),
            own(subject.organisation()),
            own(subject.nif()),
            end.map_or_else(String::new, |end| dates::sortable(end, zone)),
            end.map_or_else(String::new, is_exact),
            self.lang.message(&status).into_owned(),
            certificate
                .kind
                .map_or_else(String::new, |kind| text(names::kind(kind))),
            certificate.thumbprint.to_string(),
            own(certificate.certificate_id.as_deref()),
            dates::sortable_day(certificate.issued_at, zone),
            reference.unwrap_or_default(),
            self.requester.clone(),
            note.tags,
            note.note,
        ];
        line.extend(self.of_holder(certificate.kind, &subject));
        line
    }

    /// What else a file of holders says, so that this one can be sent as such: what has
    /// expired is not renewed, but issued anew.
    fn of_holder(&self, kind: Option<Kind>, subject: &DistinguishedName) -> Vec<String> {
        let answers = Answers::of_subject(&subject.subject(), kind.unwrap_or(Kind::Person));
        let text = |key: Key| self.lang.of(key).into_owned();
        let said = |field| answers.text(field).to_owned();
        let has_document = !answers.text(Field::DocumentNumber).is_empty();
        let document = answers.text(Field::DocumentType).parse::<DocumentType>();
        let document = document.ok().filter(|_| has_document);
        let one_name = (answers.text(Field::OneName) == "yes").then_some(key("yes"));
        vec![
            said(Field::CommonName),
            said(Field::GivenNames),
            said(Field::FirstSurname),
            one_name.map_or_else(String::new, text),
            document.map_or_else(String::new, |one| text(names::document(one))),
            said(Field::DocumentCountry),
            said(Field::Department),
            said(Field::Position),
        ]
    }
}
