//! The history: all issuances past `draft`, with filters in the query and pages in both
//! directions. The filter form is a POST that redirects to the address of its result.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::holder_name::HolderName;
use crate::domain::issuance::Summary;
use crate::domain::millis::Millis;
use crate::i18n::{Key, key};
use crate::services::attention::Owner;
use crate::services::{Caller, Listed, history};
use crate::web::csrf::CheckedForm;
use crate::web::extractors::SignedIn;
use crate::web::handlers::lists::choices;
use crate::web::handlers::lists::form::{self, SearchForm};
use crate::web::handlers::lists::query::{ListQuery, Reader, Typed};
use crate::web::handlers::lists::view::{Filters, paging, with_banners};
use crate::web::handlers::lists::way_back::anchor;
use crate::web::handlers::names;
use crate::web::kept_form::{framed, kept};
use crate::web::page::paging::Paging;
use crate::web::page::{Frame, Section, Tone, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

const PAGE_SIZE: u16 = 20;

/// The texts that this person has typed into this list.
pub(super) fn reader(who: &Caller) -> Reader<'_> {
    Reader {
        list: "history",
        id: &who.owner_id,
    }
}

#[derive(Debug, Template)]
#[template(path = "issuances/list.html")]
struct ListPage {
    frame: Frame,
    filters: Filters,
    found: Listed<Row>,
    paging: Paging,
    export: String,
}

/// A request in a table of them.
#[derive(Debug)]
pub struct Row {
    pub id: String,
    pub href: String,
    pub holder: HolderName,
    /// What tells the holder from others of the same name.
    pub facts: String,
    pub reference: String,
    pub kind: Key,
    pub state: (Key, Tone),
    pub renewal: bool,
    pub at: Millis,
    /// Whose it is, if others look at it.
    pub owner: Option<Owner>,
}

impl Row {
    pub fn of(issuance: &Summary) -> Self {
        Self {
            id: issuance.id.clone(),
            href: routes::issuance(&issuance.id),
            holder: issuance.holder.clone(),
            facts: names::facts(Some(&issuance.document), Some(&issuance.organisation)),
            reference: issuance.reference.clone(),
            kind: names::kind(issuance.kind),
            state: names::state_of(issuance.state, issuance.cause),
            renewal: issuance.is_renewal,
            at: issuance.listed_at,
            owner: None,
        }
    }

    pub fn anchor(&self) -> String {
        anchor(&self.id)
    }
}

pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    query: web::Query<ListQuery>,
) -> Result<HttpResponse, AppError> {
    let (portal, who) = (&state.portal, &user.caller);
    let reader = reader(who);
    let typed = query.typed(&state, reader);
    let wanted = query.requests(&state.settings.branding.time_zone, &typed);
    let start = query.start(&state, reader);
    let found = history::list(portal, who, &wanted, &start, PAGE_SIZE).await?;
    let frame = Frame::of(&req, &state).at(Section::Issuances);
    let frame = with_banners(frame, &typed, &found, key("issuances-broken"));
    let kept = kept(&req, &state, &who.owner_id).await?;
    let frame = framed(frame, kept.is_some());
    let filters = filters(&frame, &state, who, &query, &typed).await?;
    let page = ListPage {
        filters: filters.kept(kept),
        frame,
        paging: paging(&state, reader, &query, routes::ISSUANCES, &found),
        export: query.link(routes::ISSUANCES_CSV),
        found: found.map(|issuance| Row::of(&issuance)),
    };
    Ok(render(&page, StatusCode::OK))
}

async fn filters(
    frame: &Frame,
    state: &AppState,
    who: &Caller,
    query: &ListQuery,
    typed: &Typed,
) -> Result<Filters, AppError> {
    let options = state.portal.connections.options(&who.connection_id);
    let groups = options.await?.groups;
    let choices = choices::of_requests(frame);
    let at = (routes::ISSUANCES, routes::ISSUANCES_SEARCH.to_owned());
    Ok(Filters::of(frame, query, typed, at, choices, &groups))
}

/// Redirects to the list with these filters.
pub async fn search(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    form: CheckedForm<SearchForm>,
) -> Result<HttpResponse, AppError> {
    let (list, reader) = ((routes::ISSUANCES, ""), reader(&user.caller));
    let (fields, errors) = match form::search(&req, &state, reader, list, form) {
        Ok(found) => return Ok(found),
        Err(wrong) => wrong,
    };
    let frame = Frame::of(&req, &state)
        .at(Section::Issuances)
        .languages_at(routes::ISSUANCES);
    let (query, typed) = (ListQuery::default(), Typed::default());
    let filters = filters(&frame, &state, &user.caller, &query, &typed).await?;
    let page = ListPage {
        filters: filters.refused(fields, errors),
        frame,
        found: Listed::empty(),
        paging: Paging::default(),
        export: String::new(),
    };
    Ok(render(&page, StatusCode::UNPROCESSABLE_ENTITY))
}
