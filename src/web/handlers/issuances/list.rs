//! The history: a person's issuances that left `draft`, newest first, with
//! filters in the query and pages by cursor.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;

use crate::domain::holder::Kind;
use crate::domain::issuance::State;
use crate::domain::millis::Millis;
use crate::services::history::{self, Wanted};
use crate::storage::issuances::Issuance;
use crate::web::error::AppError;
use crate::web::extractors::SignedIn;
use crate::web::handlers::names;
use crate::web::i18n::Key;
use crate::web::page::form::{Choice, Fields, FormView};
use crate::web::page::{Frame, Section, Tone, render};
use crate::web::routes;
use crate::web::state::AppState;

/// `?state=&kind=&q=&page=`; what cannot be read asks for nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    state: String,
    kind: String,
    q: String,
    page: String,
}

/// The history.
#[derive(Debug, Template)]
#[template(path = "issuances/list.html")]
struct ListPage {
    frame: Frame,
    form: FormView,
    rows: Vec<Row>,
    filtered: bool,
    first: Option<String>,
    next: Option<String>,
}

/// One issuance of the list.
#[derive(Debug)]
struct Row {
    href: String,
    holder: String,
    reference: String,
    kind: Option<Key>,
    state: (Key, Tone),
    renewal: bool,
    at: Millis,
}

impl ListPage {
    fn states(&self) -> Vec<Choice> {
        let left_draft = State::ALL.iter().filter(|state| **state != State::Draft);
        let choice =
            |state: &State| Choice::new(state.as_str(), self.frame.of_key(&names::state(*state).0));
        let all = Choice::new("", self.frame.t("issuances-all-states"));
        std::iter::once(all).chain(left_draft.map(choice)).collect()
    }

    fn kinds(&self) -> Vec<Choice> {
        let choice =
            |kind: &Kind| Choice::new(kind.as_str(), self.frame.of_key(&names::kind(*kind)));
        let all = Choice::new("", self.frame.t("issuances-all-kinds"));
        std::iter::once(all)
            .chain(Kind::ALL.iter().map(choice))
            .collect()
    }
}

impl Row {
    fn of(issuance: &Issuance) -> Self {
        Self {
            href: routes::issuance(&issuance.id),
            holder: names::listed(&issuance.holder),
            reference: issuance.reference.clone(),
            kind: issuance.kind.parse().ok().map(names::kind),
            state: names::state(issuance.state),
            renewal: issuance.renews.is_some(),
            at: issuance.submitted_at.unwrap_or(issuance.created_at),
        }
    }
}

impl ListQuery {
    fn wanted(&self) -> Wanted {
        Wanted {
            state: self.state.parse().ok(),
            kind: self.kind.parse().ok(),
            text: self.q.clone(),
        }
    }

    fn cursor(&self) -> Option<Vec<u8>> {
        let read = BASE64URL_NOPAD.decode(self.page.as_bytes()).ok();
        read.filter(|cursor| !cursor.is_empty())
    }

    /// The same list from this cursor on.
    fn link(&self, cursor: Option<&[u8]>) -> String {
        let page = cursor.map(|cursor| BASE64URL_NOPAD.encode(cursor));
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("state", self.state.as_str()),
            ("kind", self.kind.as_str()),
            ("q", self.q.as_str()),
            ("page", page.as_deref().unwrap_or_default()),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        match query.is_empty() {
            true => routes::ISSUANCES.to_owned(),
            false => format!("{}?{query}", routes::ISSUANCES),
        }
    }
}

/// One page of the list.
pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    query: web::Query<ListQuery>,
) -> Result<HttpResponse, AppError> {
    let (wanted, cursor) = (query.wanted(), query.cursor());
    let later = cursor.is_some();
    let found = history::list(&state.portal, &user.0.who(), &wanted, cursor).await?;
    let form = Fields::of([
        ("state", wanted.state.map_or("", State::as_str)),
        ("kind", wanted.kind.map_or("", Kind::as_str)),
        ("q", &query.q),
    ]);
    let filtered =
        wanted.state.is_some() || wanted.kind.is_some() || !wanted.text.trim().is_empty();
    let page = ListPage {
        frame: Frame::of(&req, &state).at(Section::Issuances),
        form: FormView::filled(form),
        rows: found.rows.iter().map(Row::of).collect(),
        filtered,
        first: later.then(|| query.link(None)),
        next: found.next.map(|cursor| query.link(Some(&cursor))),
    };
    Ok(render(&page, StatusCode::OK))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_keeps_the_filters_and_carries_the_cursor() {
        let query = ListQuery {
            state: "issued".into(),
            q: "Núñez & co".into(),
            ..ListQuery::default()
        };
        let link = query.link(Some(b"\x00\xFFid"));
        assert_eq!(
            link,
            "/issuances?state=issued&q=N%C3%BA%C3%B1ez+%26+co&page=AP9pZA"
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
            page: "!".into(),
            q: String::new(),
        };
        assert_eq!(query.cursor(), None);
        assert_eq!((query.wanted().state, query.wanted().kind), (None, None));
        assert_eq!(ListQuery::default().link(None), "/issuances");
    }
}
