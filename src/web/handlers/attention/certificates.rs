//! All people's certificates on a connection.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{
    ConnectionQuery, Tab, chosen, found_connection, kept_search, reader, tabs, unfinished, visible,
};
use crate::domain::certificate::Summary;
use crate::domain::connection::Connection;
use crate::i18n::key;
use crate::services::Listed;
use crate::services::attention::{self, Owned};
use crate::services::certificate_list::Beside;
use crate::services::notes::Note;
use crate::web::csrf::CheckedForm;
use crate::web::extractors::OfficerSignedIn;
use crate::web::handlers::certificate_list::Row;
use crate::web::handlers::lists::choices;
use crate::web::handlers::lists::form::{self, SearchForm};
use crate::web::handlers::lists::query::{ListQuery, Typed};
use crate::web::handlers::lists::view::{Filters, paging, with_banners};
use crate::web::kept_form::framed;
use crate::web::page::paging::Paging;
use crate::web::page::{Frame, Section, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

const PAGE_SIZE: u16 = 20;
const PATH: &str = routes::ATTENTION_CERTIFICATES;

/// What the texts of this list are encrypted for.
const LIST: &str = "attention certificates";

#[derive(Debug, Template)]
#[template(path = "attention/certificates.html")]
struct CertificatesPage {
    frame: Frame,
    tabs: Vec<Tab>,
    /// The name of the one that is shown.
    connection: String,
    /// `None` if there is no connection to see.
    filters: Option<Filters>,
    found: Listed<Row>,
    paging: Paging,
}

/// Its link leads to the request that led to it, if one here did; otherwise the row says what
/// stands beside it.
fn row((found, beside): (Owned<Summary>, Option<Beside>), frame: &Frame) -> Row {
    let issuance = found.record.issuance_id.as_deref();
    Row {
        href: issuance.map(routes::attention_issuance),
        renew: None,
        beside: beside.filter(|one| one.file.is_some() || one.note != Note::default()),
        owner: Some(found.owner),
        ..Row::of(found.record, frame)
    }
}

fn filters(frame: &Frame, connection: &Connection, query: &ListQuery, typed: &Typed) -> Filters {
    let action = routes::attention_at(routes::ATTENTION_CERTIFICATES_SEARCH, &connection.slug, &[]);
    let groups = &connection.settings.request_options.groups;
    let choices = choices::of_certificates(frame);
    Filters::of(frame, query, typed, (PATH, action), choices, groups)
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
    let frame = framed(Frame::of(&req, &state), kept.is_some()).at(Section::AllCertificates);
    let mut page = CertificatesPage {
        tabs: tabs(&frame, (&seen, &open), (PATH, current.as_ref())),
        connection: String::new(),
        frame,
        filters: None,
        found: Listed::empty(),
        paging: Paging::default(),
    };
    if let Some(connection) = current {
        // Where there is work may change before the next page is asked for.
        query.connection = connection.slug.to_string();
        let reader = reader(&officer, LIST);
        let typed = query.typed(&state, reader);
        let wanted = query.certificates(&state.settings.branding.time_zone, &typed);
        let start = query.start(&state, reader);
        let found =
            attention::certificates(portal, &connection, &wanted, &start, PAGE_SIZE).await?;
        page.frame = with_banners(page.frame, &typed, &found, key("certificates-broken"));
        page.filters = Some(filters(&page.frame, &connection, &query, &typed).kept(kept));
        page.paging = paging(&state, reader, &query, PATH, &found);
        page.found = found.map(|one| row(one, &page.frame));
        page.connection = connection.settings.name;
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
        .at(Section::AllCertificates)
        .languages_at(routes::attention_at(PATH, &connection.slug, &[]));
    let query = ListQuery {
        connection: slug,
        ..ListQuery::default()
    };
    let filters = filters(&frame, &connection, &query, &Typed::default());
    let open = unfinished(&state, &seen).await?;
    let page = CertificatesPage {
        tabs: tabs(&frame, (&seen, &open), (PATH, Some(&connection))),
        connection: connection.settings.name.clone(),
        frame,
        filters: Some(filters.refused(fields, errors)),
        found: Listed::empty(),
        paging: Paging::default(),
    };
    Ok(render(&page, StatusCode::UNPROCESSABLE_ENTITY))
}
