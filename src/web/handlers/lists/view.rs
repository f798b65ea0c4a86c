//! What every list shows around its rows: the form that filters it, how many rows there
//! are, and the way to its other pages.

use super::query::{ListQuery, Reader, Typed};
use crate::domain::connection::Group;
use crate::domain::holder::Kind;
use crate::i18n::{Key, key};
use crate::services::{Listed, Start};
use crate::web::find;
use crate::web::handlers::names;
use crate::web::page::form::{Choice, FieldErrors, Fields, FormView};
use crate::web::page::paging::Paging;
use crate::web::page::{Frame, Tone, days};
use crate::web::state::AppState;

/// The form that filters a list.
#[derive(Debug)]
pub struct Filters {
    pub form: FormView,
    /// Where the form is sent.
    pub action: String,
    /// The whole list; `None` if nothing is left out.
    pub clear: Option<String>,
    /// Whether the filters are open.
    pub narrowed: bool,
    pub labels: Labels,
    pub states: Vec<Choice>,
    /// How soon something expires; empty if the list has no such filter.
    pub dues: Vec<Choice>,
    pub kinds: Vec<Choice>,
    /// Empty if the connection offers no groups.
    pub groups: Vec<Choice>,
    pub orders: Vec<Choice>,
    /// Kept as it is: what the page shows besides the filters.
    pub show: String,
}

/// Words that differ from list to list.
#[derive(Debug, Clone, Copy)]
pub struct Labels {
    pub state: Key,
    pub from: Key,
    pub to: Key,
}

/// A list's own choices.
#[derive(Debug)]
pub struct Choices {
    pub labels: Labels,
    pub states: Vec<Choice>,
    pub dues: Vec<Choice>,
    pub orders: Vec<Choice>,
}

impl Filters {
    /// The form with the filters in force; `path` is the list's address.
    pub fn of(
        frame: &Frame,
        query: &ListQuery,
        typed: &Typed,
        (path, action): (&str, String),
        choices: Choices,
        groups: &[Group],
    ) -> Self {
        let all = ListQuery {
            connection: query.connection.clone(),
            show: query.show.clone(),
            ..ListQuery::default()
        };
        let any = |word: &str| Choice::new("", frame.t(word));
        let kind = |kind: &Kind| Choice::new(kind.as_str(), frame.of_key(&names::kind(*kind)));
        let group = |group: &Group| Choice::new(group.number.to_string(), group.name.clone());
        let kinds = Kind::ALL.iter().map(kind);
        let offered = groups.iter().map(group);
        Self {
            form: FormView::filled(query.fields(typed)),
            action,
            clear: query.is_filtered().then(|| all.link(path)),
            narrowed: query.is_narrowed(),
            labels: choices.labels,
            states: choices.states,
            dues: choices.dues,
            kinds: std::iter::once(any("issuances-all-kinds"))
                .chain(kinds)
                .collect(),
            groups: match groups {
                [] => Vec::new(),
                _ => std::iter::once(any("lists-all-groups"))
                    .chain(offered)
                    .collect(),
            },
            orders: choices.orders,
            show: query.show.clone(),
        }
    }

    /// The form as it was sent, with its errors.
    #[must_use]
    pub fn refused(mut self, fields: Fields, errors: FieldErrors) -> Self {
        fields.get("show").clone_into(&mut self.show);
        self.form = FormView::refused(fields, errors);
        self.narrowed = true;
        self
    }

    /// The form with what was typed before the session ended, if it was kept.
    #[must_use]
    pub fn kept(self, fields: Option<Fields>) -> Self {
        match fields {
            Some(fields) => self.refused(fields, FieldErrors::new()),
            None => self,
        }
    }

    pub fn day_field(&self, name: &str) -> &'static str {
        days::field_type(self.form.value(name))
    }
}

/// The links to the other pages of a list at `path`.
pub fn paging<T>(
    state: &AppState,
    reader: Reader<'_>,
    query: &ListQuery,
    path: &str,
    found: &Listed<T>,
) -> Paging {
    let keys = &state.portal.keys;
    let sealed = |place: &Vec<u8>| find::sealed_place(keys, reader.list, reader.id, place);
    let none = String::new;
    let (previous, next) = (found.previous.as_ref(), found.next.as_ref());
    let is_first = query.start(state, reader) == Start::First;
    Paging {
        first: (!is_first).then(|| query.link(path)),
        previous: previous.map(|place| query.link_from(path, (none(), sealed(place)))),
        next: next.map(|place| query.link_from(path, (sealed(place), none()))),
    }
}

/// The frame with what is to be said about the list: that some of what was typed is too
/// old, or that rows are missing (`broken` says so).
pub fn with_banners<T>(mut frame: Frame, typed: &Typed, found: &Listed<T>, broken: Key) -> Frame {
    if typed.is_gone {
        frame = frame.banner(Tone::Info, key("issuances-search-gone"));
    }
    if found.broken > 0 {
        let text = broken.with("count", found.broken);
        frame = frame.banner(Tone::Bad, text);
    }
    frame
}
