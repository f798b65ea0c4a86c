//! The form that filters a list. It is sent by POST, so that no name or number is ever
//! part of an address, and redirects to the address of its result.

use serde::Deserialize;

use super::query::{ListQuery, Reader};
use crate::i18n::key;
use crate::web::find;
use crate::web::page::days;
use crate::web::page::form::FieldErrors;
use crate::web::state::AppState;

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

impl SearchForm {
    /// The query of its result.
    pub fn query(
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
