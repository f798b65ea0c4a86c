//! The history as a CSV file.

use actix_web::{HttpResponse, web};
use futures_util::stream;

use super::query::ListQuery;
use crate::domain::issuance::Issuance;
use crate::i18n::{Key, Lang, key};
use crate::services::Caller;
use crate::services::history::{self, Wanted};
use crate::web::extractors::{Locale, SignedIn};
use crate::web::find::Find;
use crate::web::formats::csv;
use crate::web::formats::download::download;
use crate::web::handlers::names;
use crate::web::page::dates;
use crate::web::problem::AppError;
use crate::web::state::AppState;

/// Rows read at once.
const BATCH: u16 = 500;

const HEADINGS: [Key; 9] = [
    key("issuances-reference"),
    key("issuances-submitted"),
    key("issuances-state"),
    key("field-kind"),
    key("certificates-holder"),
    key("certificates-id"),
    key("certificates-thumbprint"),
    key("certificates-renews"),
    key("issuances-error-code"),
];

/// Exports everything that the list with the same filters shows.
pub async fn export(
    state: web::Data<AppState>,
    user: SignedIn,
    locale: Locale,
    query: web::Query<ListQuery>,
) -> Result<HttpResponse, AppError> {
    let text = match query.find(&state, &user.caller.owner_id) {
        Find::Text(text) => text,
        Find::Nothing => String::new(),
        Find::Gone => return Err(AppError::NotFound),
    };
    let share = state.exports.take(&user.caller.owner_id, 1)?;
    let export = Export {
        wanted: query.wanted(&state.settings.branding.time_zone, text),
        who: user.caller.clone(),
        lang: locale.0,
        place: Place::Beginning,
        state,
    };
    let name = format!("{}.csv", locale.0.text("issuances-file-name"));
    let kind = "text/csv; charset=utf-8; header=present";
    let chunks = stream::unfold(export, Export::next);
    Ok(download(kind, &name, share, chunks))
}

/// How much of the file has been written.
enum Place {
    Beginning,
    After(Option<Vec<u8>>),
    End,
}

/// A file being written.
struct Export {
    state: web::Data<AppState>,
    who: Caller,
    wanted: Wanted,
    lang: Lang,
    place: Place,
}

impl Export {
    async fn next(mut self) -> Option<(Result<String, AppError>, Self)> {
        let after = match std::mem::replace(&mut self.place, Place::End) {
            Place::Beginning => {
                self.place = Place::After(None);
                let headings = HEADINGS.map(|heading| self.lang.of(heading).into_owned());
                let text = format!("{}{}", csv::BOM, csv::line(self.lang, &headings));
                return Some((Ok(text), self));
            }
            Place::After(after) => after,
            Place::End => return None,
        };
        let portal = &self.state.portal;
        match history::list(portal, &self.who, &self.wanted, after, BATCH).await {
            Ok(page) => {
                if page.next.is_some() {
                    self.place = Place::After(page.next);
                }
                let mut text: String = page.rows.iter().map(|one| self.line(one)).collect();
                if page.broken > 0 {
                    // An incomplete file must not look complete.
                    let missing = key("issuances-broken").with("count", page.broken);
                    text.push_str(&csv::line(
                        self.lang,
                        &[self.lang.message(&missing).into_owned()],
                    ));
                }
                Some((Ok(text), self))
            }
            Err(error) => Some((Err(error.into()), self)),
        }
    }

    fn line(&self, issuance: &Issuance) -> String {
        let zone = &self.state.settings.branding.time_zone;
        let text = |key: Key| self.lang.of(key).into_owned();
        let hex = |thumbprint: &Option<_>| {
            thumbprint
                .as_ref()
                .map_or_else(String::new, ToString::to_string)
        };
        let values = [
            issuance.reference.clone(),
            dates::sortable(issuance.listed_at(), zone),
            text(names::state_of(issuance).0),
            text(names::kind(issuance.kind)),
            names::listed(&issuance.holder),
            issuance.certificate_id.clone().unwrap_or_default(),
            hex(&issuance.thumbprint),
            hex(&issuance.renews),
            issuance
                .error
                .as_ref()
                .map_or_else(String::new, |error| error.code.clone()),
        ];
        csv::line(self.lang, &values)
    }
}
