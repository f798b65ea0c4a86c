//! The filters of a list in its address, and the place where its page begins. What somebody
//! typed is encrypted there, and so is the place.

use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::services::certificate_list;
use crate::services::history;
use crate::services::{Sought, Start};
use crate::web::find::{self, Find};
use crate::web::page::dates;
use crate::web::page::form::Fields;
use crate::web::state::AppState;

/// Sorts the oldest, or what expires last, first.
pub const OLDEST: &str = "oldest";
pub const LAST: &str = "last";
/// Sorts by the holder's name.
pub const BY_HOLDER: &str = "holder";
/// Shows only what is not finished.
pub const UNFINISHED: &str = "unfinished";

/// Which list it is, and who looks at it: texts and places in an address are encrypted for
/// both.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    pub list: &'static str,
    pub id: &'a str,
}

/// The filters in the address; invalid values are ignored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    /// On the officers' pages: the slug of a connection.
    pub connection: String,
    /// [`UNFINISHED`] or everything.
    pub show: String,
    /// The stored name of a state or status.
    pub state: String,
    /// How soon it expires.
    pub due: String,
    pub kind: String,
    /// The number of a group.
    pub group: String,
    pub from: String,
    pub to: String,
    /// [`OLDEST`], [`LAST`] or [`BY_HOLDER`].
    pub sort: String,
    /// The encrypted search text.
    pub find: String,
    /// The encrypted words of an organisation's name.
    pub organisation: String,
    /// The encrypted place behind which the page begins.
    pub page: String,
    /// The encrypted place before which it ends.
    pub back: String,
}

/// What somebody typed, decrypted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    pub text: String,
    pub organisation: String,
    /// Whether some of it was typed too long ago, or by somebody else.
    pub is_gone: bool,
}

impl ListQuery {
    /// Decrypts what this reader typed within the hour.
    pub fn typed(&self, state: &AppState, reader: Reader<'_>) -> Typed {
        let mut typed = Typed::default();
        for (sealed, text) in [
            (&self.find, &mut typed.text),
            (&self.organisation, &mut typed.organisation),
        ] {
            match find::opened(state, reader.list, reader.id, sealed) {
                Find::Text(found) => *text = found,
                Find::Nothing => {}
                Find::Gone => typed.is_gone = true,
            }
        }
        typed
    }

    fn sought(&self, typed: &Typed) -> Sought {
        Sought {
            text: typed.text.clone(),
            organisation: typed.organisation.clone(),
            group: self.group.parse().ok(),
        }
    }

    /// The filter of a list of requests, with days in this time zone.
    pub fn requests(&self, zone: &TimeZone, typed: &Typed) -> history::Wanted {
        history::Wanted {
            state: self.state.parse().ok(),
            unfinished: self.show == UNFINISHED,
            kind: self.kind.parse().ok(),
            from: dates::day(&self.from, zone).map(|day| day.start),
            to: dates::day(&self.to, zone).map(|day| day.end),
            order: match self.sort.as_str() {
                OLDEST => history::SortOrder::Oldest,
                BY_HOLDER => history::SortOrder::Holder,
                _ => history::SortOrder::Newest,
            },
            sought: self.sought(typed),
        }
    }

    /// The filter of a list of certificates.
    pub fn certificates(&self, zone: &TimeZone, typed: &Typed) -> certificate_list::Wanted {
        certificate_list::Wanted {
            standing: self.state.parse().ok(),
            due: self.due.parse().ok(),
            kind: self.kind.parse().ok(),
            from: dates::day(&self.from, zone).map(|day| day.start),
            to: dates::day(&self.to, zone).map(|day| day.end),
            order: match self.sort.as_str() {
                LAST => certificate_list::SortOrder::LastExpiry,
                BY_HOLDER => certificate_list::SortOrder::Holder,
                _ => certificate_list::SortOrder::Expiry,
            },
            sought: self.sought(typed),
        }
    }

    /// Where the page starts; what is no place of this list and this reader means the first
    /// page.
    pub fn start(&self, state: &AppState, reader: Reader<'_>) -> Start {
        let place = |sealed| {
            let keys = &state.portal.keys;
            find::opened_place(keys, reader.list, reader.id, sealed)
        };
        match (place(&self.page), place(&self.back)) {
            (_, Some(place)) => Start::Before(place),
            (Some(place), None) => Start::After(place),
            (None, None) => Start::First,
        }
    }

    /// The same filters at `path`, from the first page on.
    pub fn link(&self, path: &str) -> String {
        self.link_from(path, (String::new(), String::new()))
    }

    /// The same filters at `path`, from or up to an encrypted place.
    pub fn link_from(&self, path: &str, (page, back): (String, String)) -> String {
        let there = Self {
            page,
            back,
            ..self.clone()
        };
        there.address(path)
    }

    /// The same filters and the same page at `path`.
    pub fn address(&self, path: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("connection", &self.connection),
            ("show", &self.show),
            ("state", &self.state),
            ("due", &self.due),
            ("kind", &self.kind),
            ("group", &self.group),
            ("from", &self.from),
            ("to", &self.to),
            ("sort", &self.sort),
            ("find", &self.find),
            ("organisation", &self.organisation),
            ("page", &self.page),
            ("back", &self.back),
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

    /// Whether it leaves anything out. The order does not, nor does the connection.
    pub fn is_filtered(&self) -> bool {
        let all = Self {
            connection: self.connection.clone(),
            show: self.show.clone(),
            sort: self.sort.clone(),
            page: self.page.clone(),
            back: self.back.clone(),
            ..Self::default()
        };
        *self != all
    }

    /// Whether more than the search text is set.
    pub fn is_narrowed(&self) -> bool {
        let text_only = Self {
            connection: self.connection.clone(),
            show: self.show.clone(),
            find: self.find.clone(),
            page: self.page.clone(),
            back: self.back.clone(),
            ..Self::default()
        };
        *self != text_only
    }

    /// The form's fields, with what was typed.
    pub fn fields(&self, typed: &Typed) -> Fields {
        Fields::of([
            ("state", &self.state),
            ("due", &self.due),
            ("kind", &self.kind),
            ("group", &self.group),
            ("from", &self.from),
            ("to", &self.to),
            ("sort", &self.sort),
            ("q", &typed.text),
            ("organisation", &typed.organisation),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::history::SortOrder;

    #[test]
    fn a_link_keeps_the_filters_and_carries_the_place() {
        let query = ListQuery {
            state: "issued".into(),
            from: "2026-01-02".into(),
            find: "x&y".into(),
            back: "AAAA".into(),
            ..ListQuery::default()
        };
        let whole = "/issuances?state=issued&from=2026-01-02&find=x%26y";
        assert_eq!(query.link("/issuances"), whole);
        let after = query.link_from("/issuances", ("AP9pZA".into(), String::new()));
        assert_eq!(after, format!("{whole}&page=AP9pZA"));
        let before = query.link_from("/issuances", (String::new(), "AP9pZA".into()));
        assert_eq!(before, format!("{whole}&back=AP9pZA"));
    }

    #[test]
    fn invalid_filters_are_ignored() {
        let query = ListQuery {
            state: "done".into(),
            kind: "'; DROP TABLE".into(),
            due: "soon".into(),
            group: "1 OR 1".into(),
            from: "2026-02-30".into(),
            to: "soon".into(),
            sort: "'".into(),
            ..ListQuery::default()
        };
        let wanted = query.requests(&TimeZone::UTC, &Typed::default());
        assert_eq!((wanted.state, wanted.kind), (None, None));
        assert_eq!((wanted.from, wanted.to), (None, None));
        assert_eq!(wanted.order, SortOrder::Newest);
        assert_eq!(wanted.sought, Sought::default());
        let wanted = query.certificates(&TimeZone::UTC, &Typed::default());
        assert_eq!((wanted.standing, wanted.due), (None, None));
        assert_eq!(ListQuery::default().link("/issuances"), "/issuances");
    }

    #[test]
    fn an_order_leaves_nothing_out() {
        let sorted = ListQuery {
            sort: "holder".into(),
            page: "AAAA".into(),
            ..ListQuery::default()
        };
        assert!(!sorted.is_filtered() && sorted.is_narrowed());
        let found = ListQuery {
            find: "x".into(),
            ..ListQuery::default()
        };
        assert!(found.is_filtered() && !found.is_narrowed());
    }
}
