//! What the history is asked for, as it stands in the address. A name that
//! somebody looks for is personal data: it stands there sealed, for an hour.

use data_encoding::BASE64URL_NOPAD;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::domain::millis::Millis;
use crate::services::history::{SortOrder, Wanted};
use crate::web::page::form::Fields;
use crate::web::page::{dates, paging};
use crate::web::state::AppState;

/// How long an address with a sealed search in it works.
const FIND_FOR: std::time::Duration = std::time::Duration::from_secs(3600);

/// Longer texts are cut off: no name is longer.
const LONGEST: usize = 200;

/// What stands for the oldest first.
pub const OLDEST: &str = "oldest";

/// What stands for the order of holders' names.
pub const BY_HOLDER: &str = "holder";

/// `?state=&kind=&from=&to=&sort=&find=&page=`; what cannot be read asks for
/// nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    /// A state's stored name.
    pub state: String,
    /// A kind of holder.
    pub kind: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// [`OLDEST`], [`BY_HOLDER`], or the newest first.
    pub sort: String,
    /// A sealed search text.
    pub find: String,
    /// Where the page begins.
    pub page: String,
}

/// What a sealed search text turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Find {
    /// There is none.
    Nothing,
    /// This.
    Text(String),
    /// Too old, another person's, or none of ours.
    Gone,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    text: String,
    until: Millis,
}

impl ListQuery {
    /// What is wanted, by days of this zone; `text` is what was sealed.
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

    /// Where the page begins.
    pub fn cursor(&self) -> Option<Vec<u8>> {
        paging::cursor(&self.page)
    }

    /// The same at `path`, from this cursor on.
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

    /// The form's fields as they stand, with the search text as it was typed.
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

    /// What was looked for, if this person sealed it lately.
    pub fn find(&self, state: &AppState, owner: &str) -> Find {
        if self.find.is_empty() {
            return Find::Nothing;
        }
        let open = || {
            let sealed = BASE64URL_NOPAD.decode(self.find.as_bytes()).ok()?;
            let keys = &state.portal.keys;
            let plain = keys
                .open("search", "history", owner, "text", &sealed)
                .ok()?;
            let sealed: Sealed = serde_json::from_slice(&plain).ok()?;
            (state.portal.clock.now() < sealed.until).then_some(sealed.text)
        };
        open().map_or(Find::Gone, Find::Text)
    }
}

/// A search text, sealed for its owner; empty where there is none to seal.
pub fn sealed(state: &AppState, owner: &str, text: &str) -> String {
    let text: String = text.trim().chars().take(LONGEST).collect();
    if text.is_empty() {
        return String::new();
    }
    let sealed = Sealed {
        text,
        until: state.portal.clock.now() + FIND_FOR,
    };
    let seal = || {
        let plain = serde_json::to_vec(&sealed).ok()?;
        let keys = &state.portal.keys;
        keys.seal("search", "history", owner, "text", &plain).ok()
    };
    seal().map_or_else(String::new, |sealed| BASE64URL_NOPAD.encode(&sealed))
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
    fn what_cannot_be_read_asks_for_nothing() {
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
