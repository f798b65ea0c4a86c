//! What is looked for in the audit, as the address of a page says it.

use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::domain::millis::Millis;
use crate::i18n::Lang;
use crate::i18n::audit::actor_named;
use crate::services::audit::{Place, Search, Turn};
use crate::web::find::{self, Find};
use crate::web::formats::audit::Format;
use crate::web::page::dates;
use crate::web::page::form::Fields;
use crate::web::routes;
use crate::web::state::AppState;

/// The search texts of this list.
const LIST: &str = "audit";

/// More words than these are not looked for.
const MOST_WORDS: usize = 8;

/// `?kind=&action=&outcome=&from=&to=&find=&whose=&older=&newer=&verify=`; invalid values are
/// ignored.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct AuditQuery {
    /// The stored name of a kind of actors.
    pub(super) kind: String,
    /// An action's stored name.
    pub(super) action: String,
    /// An outcome's stored name.
    pub(super) outcome: String,
    pub(super) from: String,
    pub(super) to: String,
    /// The encrypted search text.
    pub(super) find: String,
    /// The encrypted name of who did it.
    pub(super) whose: String,
    /// The place that the page follows.
    pub(super) older: String,
    /// The place before which the page ends.
    pub(super) newer: String,
    /// `yes` to check the chain.
    pub(super) verify: String,
    /// Of an export.
    pub(super) format: String,
}

/// The texts of a search, decrypted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) text: String,
    pub(super) who: String,
    /// Whether one of them can no longer be decrypted.
    pub(super) gone: bool,
}

impl AuditQuery {
    pub(super) fn typed(&self, state: &AppState, admin: &str) -> Typed {
        let mut typed = Typed::default();
        for (sealed, text) in [(&self.find, &mut typed.text), (&self.whose, &mut typed.who)] {
            match find::opened(state, LIST, admin, sealed) {
                Find::Text(found) => *text = found,
                Find::Nothing => {}
                Find::Gone => typed.gone = true,
            }
        }
        typed
    }

    pub(super) fn search(&self, typed: &Typed, lang: Lang, zone: &TimeZone) -> Search {
        let words = typed.text.split_whitespace().take(MOST_WORDS);
        Search {
            who: Some(actor_named(lang, &typed.who).to_owned()).filter(|who| !who.is_empty()),
            kind: self.kind.parse().ok(),
            action: self.action.parse().ok(),
            outcome: self.outcome.parse().ok(),
            from: dates::day(&self.from, zone).map(|day| day.start),
            to: dates::day(&self.to, zone).map(|day| day.end),
            objects: Vec::new(),
            words: words.map(str::to_owned).collect(),
        }
    }

    pub(super) fn turn(&self) -> Turn {
        match (read(&self.older), read(&self.newer)) {
            (Some(place), _) => Turn::Older(place),
            (None, Some(place)) => Turn::Newer(place),
            (None, None) => Turn::First,
        }
    }

    /// The file's format; CSV unless another is asked for.
    pub(super) fn format(&self) -> Format {
        self.format.parse().unwrap_or_default()
    }

    /// The address of the first page.
    pub(super) fn first(&self) -> String {
        self.link("", "")
    }

    pub(super) fn older(&self, place: Place) -> String {
        self.link("older", &written(place))
    }

    pub(super) fn newer(&self, place: Place) -> String {
        self.link("newer", &written(place))
    }

    fn link(&self, turn: &str, place: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.filters().into_iter().chain([(turn, place)]) {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        match query.is_empty() {
            true => routes::ADMIN_AUDIT.to_owned(),
            false => format!("{}?{query}", routes::ADMIN_AUDIT),
        }
    }

    /// The filters as fields of a form or of an address.
    pub(super) fn filters(&self) -> [(&'static str, &str); 7] {
        [
            ("kind", &self.kind),
            ("action", &self.action),
            ("outcome", &self.outcome),
            ("from", &self.from),
            ("to", &self.to),
            ("find", &self.find),
            ("whose", &self.whose),
        ]
    }

    pub(super) fn fields(&self, typed: &Typed) -> Fields {
        Fields::of([
            ("q", &typed.text),
            ("who", &typed.who),
            ("kind", &self.kind),
            ("action", &self.action),
            ("outcome", &self.outcome),
            ("from", &self.from),
            ("to", &self.to),
        ])
    }
}

/// Encrypts a search text of this list; empty if there is none.
pub(super) fn sealed(state: &AppState, admin: &str, text: &str) -> String {
    find::sealed(state, LIST, admin, text)
}

/// The address of the entries that this admin finds with a text.
pub(super) fn finding(state: &AppState, admin: &str, text: &str) -> String {
    let query = AuditQuery {
        find: sealed(state, admin, text),
        ..AuditQuery::default()
    };
    query.first()
}

fn written(place: Place) -> String {
    format!("{}.{}", place.at.0, place.seq)
}

fn read(text: &str) -> Option<Place> {
    let (at, seq) = text.split_once('.')?;
    Some(Place {
        at: Millis(at.parse().ok()?),
        seq: seq.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_keeps_the_filters_and_says_where_the_page_follows() {
        let query = AuditQuery {
            action: "admin.create".to_owned(),
            older: "no place".to_owned(),
            ..AuditQuery::default()
        };
        assert_eq!(query.turn(), Turn::First);
        let place = Place {
            at: Millis(-5),
            seq: 7,
        };
        let link = query.older(place);
        assert_eq!(link, "/admin/audit?action=admin.create&older=-5.7");
        let next = AuditQuery {
            older: "-5.7".to_owned(),
            ..query
        };
        assert_eq!(next.turn(), Turn::Older(place));
        assert_eq!(AuditQuery::default().first(), "/admin/audit");
    }

    #[test]
    fn invalid_filters_are_ignored() {
        let query = AuditQuery {
            kind: "system".to_owned(),
            action: "x".to_owned(),
            outcome: "'".to_owned(),
            from: "2026-02-30".to_owned(),
            to: "soon".to_owned(),
            ..AuditQuery::default()
        };
        let search = query.search(&Typed::default(), Lang::En, &TimeZone::UTC);
        assert_eq!(search, Search::default());
    }
}
