//! The filters of the history in the address.

use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::services::history::{SortOrder, Wanted};
use crate::web::find::{self, Find};
use crate::web::page::form::Fields;
use crate::web::page::{dates, paging};
use crate::web::state::AppState;

/// The search texts of this list.
const LIST: &str = "history";

/// Sorts the oldest first.
pub const OLDEST: &str = "oldest";

/// Sorts by the holder's name.
pub const BY_HOLDER: &str = "holder";

/// `?state=&kind=&from=&to=&sort=&find=&page=`; invalid values are ignored.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    /// A state's stored name.
    pub state: String,
    pub kind: String,
    pub from: String,
    pub to: String,
    /// [`OLDEST`] or [`BY_HOLDER`]; otherwise the newest come first.
    pub sort: String,
    /// The encrypted search text.
    pub find: String,
    /// The cursor at which the page begins.
    pub page: String,
}

impl ListQuery {
    /// The filter for the service, with days in this time zone; `text` is the
    /// decrypted search text.
    pub fn wanted(&self, zone: &TimeZone, text: String) -> Wanted {
        Wanted {
            state: self.state.parse().ok(),
            kind: self.kind.parse().ok(),
            from: dates::day(&self.from, zone).map(|day| day.start),
            to: dates::day(&self.to, zone).map(|day| day.end),
            order: match self.sort.as_str() {
                OLDEST => SortOrder::Oldest,
                BY_HOLDER => SortOrder::Holder,
                _ => SortOrder::Newest,
            },
            text,
        }
    }

    pub fn cursor(&self) -> Option<Vec<u8>> {
        paging::cursor(&self.page)
    }

    /// The same filters at `path`, starting at this cursor.
    pub fn link(&self, path: &str, cursor: Option<&[u8]>) -> String {
        let page = cursor.map(paging::text);
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("state", self.state.as_str()),
            ("kind", self.kind.as_str()),
            ("from", self.from.as_str()),
            ("to", self.to.as_str()),
            ("sort", self.sort.as_str()),
            ("find", self.find.as_str()),
            ("page", page.as_deref().unwrap_or_default()),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        match query.is_empty() {
            true => path.to_owned(),
            false => format!("{path}?{query}"),
        }
    }

    /// The form's fields, with the search text as it was typed.
    pub fn fields(&self, text: &str) -> Fields {
        Fields::of([
            ("state", &self.state),
            ("kind", &self.kind),
            ("from", &self.from),
            ("to", &self.to),
            ("sort", &self.sort),
            ("q", text),
        ])
    }

    /// Decrypts the search text, if this person searched for it within the hour.
    pub fn find(&self, state: &AppState, owner: &str) -> Find {
        find::opened(state, LIST, owner, &self.find)
    }
}

/// Encrypts a search text for its owner; empty if there is none.
pub fn sealed(state: &AppState, owner: &str, text: &str) -> String {
    find::sealed(state, LIST, owner, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_keeps_the_filters_and_carries_the_cursor() {
        let query = ListQuery {
            state: "issued".into(),
            from: "2026-01-02".into(),
            find: "x&y".into(),
            ..ListQuery::default()
        };
        let link = query.link("/issuances", Some(b"\x00\xFFid"));
        assert_eq!(
            link,
            "/issuances?state=issued&from=2026-01-02&find=x%26y&page=AP9pZA"
        );
        let later = ListQuery {
            page: "AP9pZA".into(),
            ..ListQuery::default()
        };
        assert_eq!(later.cursor().as_deref(), Some(&b"\x00\xFFid"[..]));
    }

    #[test]
    fn invalid_filters_are_ignored() {
        let query = ListQuery {
            state: "done".into(),
            kind: "'; DROP TABLE".into(),
            from: "2026-02-30".into(),
            to: "soon".into(),
            sort: "'".into(),
            page: "!".into(),
            find: String::new(),
        };
        let wanted = query.wanted(&TimeZone::UTC, String::new());
        assert_eq!(query.cursor(), None);
        assert_eq!((wanted.state, wanted.kind), (None, None));
        assert_eq!((wanted.from, wanted.to), (None, None));
        assert_eq!(wanted.order, SortOrder::Newest);
        let all = ListQuery::default().link("/issuances", None);
        assert_eq!(all, "/issuances");
    }
}
