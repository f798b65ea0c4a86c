//! The form that filters a list. It is sent by POST, so that no name or number is ever
//! part of an address, and redirects to the address of its result.

use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::query::{ListQuery, Reader};
use crate::i18n::key;
use crate::web::csrf::CheckedForm;
use crate::web::page::form::{FieldErrors, Fields};
use crate::web::page::{days, see_other};
use crate::web::state::AppState;
use crate::web::{find, language};

/// The fields of the form.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SearchForm {
    q: String,
    organisation: String,
    show: String,
    state: String,
    due: String,
    kind: String,
    group: String,
    from: String,
    to: String,
    sort: String,
}

/// Leads to what the form finds in the list at `path`. If it finds nothing because something
/// is wrong with it: what was sent, and the mistakes.
pub fn search(
    req: &HttpRequest,
    state: &AppState,
    reader: Reader<'_>,
    (path, connection): (&str, &str),
    form: CheckedForm<SearchForm>,
) -> Result<HttpResponse, (Fields, FieldErrors)> {
    let query = form.value.query(state, reader, connection.to_owned());
    let found = match query {
        Ok(query) => query.link(path),
        Err(errors) => return Err((form.fields, errors)),
    };
    Ok(see_other(&language::as_asked(req.query_string(), found)))
}

impl SearchForm {
    /// The query of its result.
    fn query(
        self,
        state: &AppState,
        reader: Reader<'_>,
        connection: String,
    ) -> Result<ListQuery, FieldErrors> {
        let zone = &state.settings.branding.time_zone;
        let mut errors = days::errors(&self.from, &self.to, zone);
        for (field, text) in [("q", &self.q), ("organisation", &self.organisation)] {
            if text.chars().any(char::is_control) {
                errors.add(field, key("issuances-search-unfit"));
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let sealed = |text: &str| find::sealed(state, reader.list, reader.id, text);
        Ok(ListQuery {
            find: sealed(&self.q),
            organisation: sealed(&self.organisation),
            connection,
            show: self.show,
            state: self.state,
            due: self.due,
            kind: self.kind,
            group: self.group,
            from: self.from.trim().to_owned(),
            to: self.to.trim().to_owned(),
            sort: self.sort,
            page: String::new(),
            back: String::new(),
        })
    }
}
