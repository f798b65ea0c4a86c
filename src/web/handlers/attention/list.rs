//! What is unknown or unfinished on a connection, and its history.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{
    ConnectionQuery, Tab, chosen, found_connection, kept_search, reader, tabs, unfinished, visible,
};
use crate::domain::connection::Connection;
use crate::domain::issuance::Summary;
use crate::i18n::key;
use crate::services::attention::{self, Owned};
use crate::services::history::Wanted;
use crate::services::{Listed, Start};
use crate::web::csrf::CheckedForm;
use crate::web::extractors::OfficerSignedIn;
use crate::web::handlers::issuances::Row;
use crate::web::handlers::lists::choices;
use crate::web::handlers::lists::form::{self, SearchForm};
use crate::web::handlers::lists::query::{ListQuery, Typed, UNFINISHED};
use crate::web::handlers::lists::view::{Filters, paging, with_banners};
use crate::web::kept_form::framed;
use crate::web::page::paging::Paging;
use crate::web::page::{Frame, Section, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

/// Requests on one page, unfinished ones above the history among them.
const PAGE_SIZE: u16 = 18;
const PATH: &str = routes::ATTENTION;

/// What the texts of this list are encrypted for.
const LIST: &str = "attention";

/// Unfinished ones above the history; a page of their own has all of them.
const FIRST_FEW: u16 = 5;

#[derive(Debug, Template)]
#[template(path = "attention/list.html")]
struct ListPage {
    frame: Frame,
    tabs: Vec<Tab>,
    /// `None` if there is no connection to see.
    shown: Option<Shown>,
}

/// What is shown of one connection.
#[derive(Debug)]
struct Shown {
    /// The connection's name.
    connection: String,
    certificates: String,
    filters: Filters,
    only_unfinished: bool,
    /// Back from the unfinished ones to everything.
    all: String,
    /// Above the whole history.
    unfinished: Vec<Row>,
    more_unfinished: Option<String>,
    found: Listed<Row>,
    paging: Paging,
}

impl Shown {
    fn of(frame: &Frame, connection: &Connection, query: &ListQuery, typed: &Typed) -> Self {
        let slug = &connection.slug;
        let action = routes::attention_at(routes::ATTENTION_SEARCH, slug, &[]);
        let groups = &connection.settings.request_options.groups;
        let choices = choices::of_requests(frame);
        Self {
            connection: connection.settings.name.clone(),
            certificates: routes::attention_at(routes::ATTENTION_CERTIFICATES, slug, &[]),
            filters: Filters::of(frame, query, typed, (PATH, action), choices, groups),
            only_unfinished: query.show == UNFINISHED,
            all: routes::attention_at(PATH, slug, &[]),
            unfinished: Vec::new(),
            more_unfinished: None,
            found: Listed::empty(),
            paging: Paging::default(),
        }
    }

    /// With the first unfinished ones.
    fn with_unfinished(mut self, connection: &Connection, few: &Listed<Owned<Summary>>) -> Self {
        let only = [("show", UNFINISHED)];
        let more = || routes::attention_at(PATH, &connection.slug, &only);
        self.more_unfinished = few.next.as_ref().map(|_| more());
        self.unfinished = few.rows.iter().map(row).collect();
        self
    }
}

/// The first unfinished ones, where nothing is left out.
async fn first_unfinished(
    state: &AppState,
    connection: &Connection,
    (query, start): (&ListQuery, &Start),
) -> Result<Listed<Owned<Summary>>, AppError> {
    if *start != Start::First || query.is_filtered() || query.show == UNFINISHED {
        return Ok(Listed::empty());
    }
    let wanted = Wanted {
        unfinished: true,
        ..Wanted::default()
    };
    Ok(attention::requests(&state.portal, connection, &wanted, start, FIRST_FEW).await?)
}

fn row(found: &Owned<Summary>) -> Row {
    Row {
        href: routes::attention_issuance(&found.record.id),
        owner: Some(found.owner.clone()),
        ..Row::of(&found.record)
    }
}

pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    officer: OfficerSignedIn,
    mut query: web::Query<ListQuery>,
) -> Result<HttpResponse, AppError> {
    let (portal, seen) = (&state.portal, visible(&state, &officer).await?);
    let kept = kept_search(&req, &state, &officer, &mut query).await?;
    let open = unfinished(&state, &seen).await?;
    let current = chosen(&seen, &open, &query.connection)?;
    let frame = framed(Frame::of(&req, &state), kept.is_some()).at(Section::Attention);
    let mut page = ListPage {
        tabs: tabs(&frame, (&seen, &open), (PATH, current.as_ref())),
        frame,
        shown: None,
    };
    if let Some(connection) = current {
        // Where there is work may change before the next page is asked for.
        query.connection = connection.slug.to_string();
        let reader = reader(&officer, LIST);
        let (typed, start) = (query.typed(&state, reader), query.start(&state, reader));
        let wanted = query.requests(&state.settings.branding.time_zone, &typed);
        let few = first_unfinished(&state, &connection, (&query, &start)).await?;
        let above = u16::try_from(few.rows.len()).unwrap_or(0);
        let size = PAGE_SIZE.saturating_sub(above);
        let found = attention::requests(portal, &connection, &wanted, &start, size).await?;
        page.frame = with_banners(page.frame, &typed, &found, key("issuances-broken"));
        let mut shown =
            Shown::of(&page.frame, &connection, &query, &typed).with_unfinished(&connection, &few);
        shown.paging = paging(&state, reader, &query, PATH, &found);
        shown.filters = shown.filters.kept(kept);
        shown.found = found.map(|one| row(&one));
        page.shown = Some(shown);
    }
    Ok(render(&page, StatusCode::OK))
}

/// Redirects to the list with these filters.
pub(super) async fn search(
    req: HttpRequest,
    state: web::Data<AppState>,
    officer: OfficerSignedIn,
    at: web::Query<ConnectionQuery>,
    form: CheckedForm<SearchForm>,
) -> Result<HttpResponse, AppError> {
    let seen = visible(&state, &officer).await?;
    let connection = found_connection(&seen, &at.connection)?;
    let slug = connection.slug.to_string();
    let (list, reader) = ((PATH, slug.as_str()), reader(&officer, LIST));
    let (fields, errors) = match form::search(&req, &state, reader, list, form) {
        Ok(found) => return Ok(found),
        Err(wrong) => wrong,
    };
    let frame = Frame::of(&req, &state)
        .at(Section::Attention)
        .languages_at(routes::attention_at(PATH, &connection.slug, &[]));
    let query = ListQuery {
        connection: slug,
        show: fields.get("show").to_owned(),
        ..ListQuery::default()
    };
    let mut shown = Shown::of(&frame, &connection, &query, &Typed::default());
    shown.filters = shown.filters.refused(fields, errors);
    let open = unfinished(&state, &seen).await?;
    let page = ListPage {
        tabs: tabs(&frame, (&seen, &open), (PATH, Some(&connection))),
        frame,
        shown: Some(shown),
    };
    Ok(render(&page, StatusCode::UNPROCESSABLE_ENTITY))
}
