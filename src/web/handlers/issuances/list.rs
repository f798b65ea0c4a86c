//! The history: all issuances past `draft`, with filters in the query and pages by
//! cursor. The filter form is a POST that redirects to the address of its result.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::query::{BY_HOLDER, ListQuery, OLDEST, sealed};
use crate::domain::holder::Kind;
use crate::domain::issuance::{Issuance, State};
use crate::domain::millis::Millis;
use crate::i18n::{Key, key};
use crate::services::{Page, history};
use crate::web::csrf::CheckedForm;
use crate::web::extractors::SignedIn;
use crate::web::find::Find;
use crate::web::handlers::names;
use crate::web::page::form::{Choice, FormView};
use crate::web::page::paging::Paging;
use crate::web::page::{Frame, Section, Tone, days, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

const PAGE_SIZE: u16 = 20;

#[derive(Debug, Template)]
#[template(path = "issuances/list.html")]
struct ListPage {
    frame: Frame,
    form: FormView,
    rows: Vec<Row>,
    filtered: bool,
    narrowed: bool,
    paging: Paging,
    export: String,
}

/// A request in a table of them.
#[derive(Debug)]
pub struct Row {
    pub href: String,
    pub holder: String,
    pub reference: String,
    pub kind: Key,
    pub state: (Key, Tone),
    pub renewal: bool,
    pub at: Millis,
    /// The person's name, if others look at it.
    pub owner: Option<String>,
}

impl ListPage {
    fn of(frame: Frame, form: FormView, query: &ListQuery, found: &Page<Issuance>) -> Self {
        let of = |query: &ListQuery| query.link(routes::ISSUANCES, None);
        let whole = of(query);
        let sorted = ListQuery {
            sort: query.sort.clone(),
            ..ListQuery::default()
        };
        let found_only = ListQuery {
            find: query.find.clone(),
            ..ListQuery::default()
        };
        Self {
            frame: frame.at(Section::Issuances),
            rows: found.rows.iter().map(Row::of).collect(),
            filtered: of(&sorted) != whole,
            narrowed: of(&found_only) != whole || form.has_errors(),
            form,
            paging: Paging {
                first: query.cursor().map(|_| whole),
                next: found
                    .next
                    .as_deref()
                    .map(|cursor| query.link(routes::ISSUANCES, Some(cursor))),
            },
            export: query.link(routes::ISSUANCES_CSV, None),
        }
    }

    fn day_field(&self, name: &str) -> &'static str {
        days::field_type(self.form.value(name))
    }

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

    fn orders(&self) -> Vec<Choice> {
        vec![
            Choice::new("", self.frame.t("issuances-newest")),
            Choice::new(OLDEST, self.frame.t("issuances-oldest")),
            Choice::new(BY_HOLDER, self.frame.t("issuances-by-holder")),
        ]
    }
}

impl Row {
    pub fn of(issuance: &Issuance) -> Self {
        Self {
            href: routes::issuance(&issuance.id),
            holder: names::listed(&issuance.holder),
            reference: issuance.reference.clone(),
            kind: names::kind(issuance.kind),
            state: names::state_of(issuance),
            renewal: issuance.renews.is_some(),
            at: issuance.listed_at(),
            owner: None,
        }
    }
}

pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    query: web::Query<ListQuery>,
) -> Result<HttpResponse, AppError> {
    let mut frame = Frame::of(&req, &state);
    let text = match query.find(&state, &user.caller.owner_id) {
        Find::Text(text) => text,
        Find::Nothing => String::new(),
        Find::Gone => {
            frame = frame.banner(Tone::Info, key("issuances-search-gone"));
            String::new()
        }
    };
    let wanted = query.wanted(&state.settings.branding.time_zone, text.clone());
    let (who, cursor) = (user.caller.clone(), query.cursor());
    let found = history::list(&state.portal, &who, &wanted, cursor, PAGE_SIZE).await?;
    if found.broken > 0 {
        let text = key("issuances-broken").with("count", found.broken);
        frame = frame.banner(Tone::Bad, text);
    }
    let form = FormView::filled(query.fields(&text));
    let page = ListPage::of(frame, form, &query, &found);
    Ok(render(&page, StatusCode::OK))
}

/// The filter form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SearchForm {
    q: String,
    state: String,
    kind: String,
    from: String,
    to: String,
    sort: String,
}

/// Redirects to the list with these filters.
pub async fn search(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    form: CheckedForm<SearchForm>,
) -> Result<HttpResponse, AppError> {
    let asked = form.value;
    let zone = &state.settings.branding.time_zone;
    let mut errors = days::errors(&asked.from, &asked.to, zone);
    if asked.q.chars().any(char::is_control) {
        errors.add("q", key("issuances-search-unfit"));
    }
    if !errors.is_empty() {
        let frame = Frame::of(&req, &state).languages_at(routes::ISSUANCES);
        let form = FormView::refused(form.fields, errors);
        let page = ListPage::of(frame, form, &ListQuery::default(), &Page::empty());
        return Ok(render(&page, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let query = ListQuery {
        find: sealed(&state, &user.caller.owner_id, &asked.q),
        state: asked.state,
        kind: asked.kind,
        from: asked.from.trim().to_owned(),
        to: asked.to.trim().to_owned(),
        sort: asked.sort,
        page: String::new(),
    };
    Ok(see_other(&query.link(routes::ISSUANCES, None)))
}
