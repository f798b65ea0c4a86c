//! The officers' pages: requests and certificates of all people on a connection, read
//! only. Admins and auditors see them for all connections.

mod certificates;
mod list;

use std::borrow::Cow;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use crate::domain::connection::Connection;
use crate::services::{Total, attention};
use crate::web::extractors::OfficerSignedIn;
use crate::web::handlers::issuances::show_read_only;
use crate::web::handlers::lists::query::{ListQuery, Reader};
use crate::web::handlers::lists::way_back::WayBack;
use crate::web::kept_form::kept;
use crate::web::page::form::Fields;
use crate::web::page::{Frame, Section};
use crate::web::problem::AppError;
use crate::web::routes::{self, Guard, Route};
use crate::web::state::AppState;

/// "certificates" must come before the id pattern.
pub const ROUTES: &[Route] = &[
    Route::get(routes::ATTENTION, Guard::Officer, |route| {
        route.to(list::page)
    }),
    Route::post(routes::ATTENTION_SEARCH, Guard::Officer, |route| {
        route.to(list::search)
    }),
    Route::post(
        routes::ATTENTION_CERTIFICATES_SEARCH,
        Guard::Officer,
        |route| route.to(certificates::search),
    ),
    Route::get(routes::ATTENTION_CERTIFICATES, Guard::Officer, |route| {
        route.to(certificates::page)
    }),
    Route::get(routes::ATTENTION_ISSUANCE, Guard::Officer, |route| {
        route.to(one)
    }),
];

/// `?connection=SLUG`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ConnectionQuery {
    connection: String,
}

/// The texts that this officer has typed into a list.
fn reader<'a>(officer: &'a OfficerSignedIn, list: &'static str) -> Reader<'a> {
    let id = &officer.id;
    Reader { list, id }
}

/// What was typed into this list and kept, if it was; then the list is the one that it was
/// typed into, as far as the form says it.
async fn kept_search(
    req: &HttpRequest,
    state: &AppState,
    officer: &OfficerSignedIn,
    query: &mut ListQuery,
) -> Result<Option<Fields>, AppError> {
    let kept = kept(req, state, &officer.id).await?;
    if let Some(fields) = &kept {
        for (name, value) in [
            ("connection", &mut query.connection),
            ("show", &mut query.show),
        ] {
            let kept = fields.get(name);
            if !kept.is_empty() {
                kept.clone_into(value);
            }
        }
    }
    Ok(kept)
}

async fn visible(state: &AppState, officer: &OfficerSignedIn) -> Result<Vec<Connection>, AppError> {
    let seen = attention::connections(&state.portal, officer.role, &officer.connections).await?;
    Ok(seen)
}

/// The connection with this slug; without one the first that has something unfinished, or
/// else the first. `None` if there is none to see.
fn chosen(seen: &[Connection], open: &[Total], slug: &str) -> Result<Option<Connection>, AppError> {
    if !slug.is_empty() {
        return found_connection(seen, slug).map(Some);
    }
    let mut with_work = seen.iter().zip(open).filter(|(_, open)| open.number > 0);
    let first = with_work.next().map(|(one, _)| one);
    Ok(first.or(seen.first()).cloned())
}

/// The connection with this slug.
fn found_connection(seen: &[Connection], slug: &str) -> Result<Connection, AppError> {
    let found = seen.iter().find(|one| one.slug.as_str() == slug);
    found.cloned().ok_or(AppError::NotFound)
}

/// A link to the same page of a connection.
#[derive(Debug)]
struct Tab {
    href: String,
    text: String,
    current: bool,
    /// How many requests there are unknown or not finished, if any are.
    open: Option<Cow<'static, str>>,
}

/// What is unfinished in each connection.
async fn unfinished(state: &AppState, seen: &[Connection]) -> Result<Vec<Total>, AppError> {
    let mut open = Vec::with_capacity(seen.len());
    for one in seen {
        // One alone is only named, and its requests stand below.
        open.push(match seen.len() {
            1 => Total::default(),
            _ => attention::unfinished(&state.portal, one).await?,
        });
    }
    Ok(open)
}

/// Links to the same page of each connection, in which so much is unfinished.
fn tabs(
    frame: &Frame,
    (seen, open): (&[Connection], &[Total]),
    (path, current): (&str, Option<&Connection>),
) -> Vec<Tab> {
    let tab = |(one, open): (&Connection, &Total)| Tab {
        href: routes::attention_at(path, &one.slug, &[]),
        text: one.settings.name.clone(),
        current: current.is_some_and(|current| current.id == one.id),
        open: in_words(frame, open),
    };
    seen.iter().zip(open).map(tab).collect()
}

fn in_words(frame: &Frame, open: &Total) -> Option<Cow<'static, str>> {
    match (open.number, open.or_more) {
        (0, false) => None,
        (count, false) => Some(frame.t1("attention-open", "count", count)),
        (count, true) => Some(frame.t1("attention-open-more", "count", count)),
    }
}

/// One request; not found if it belongs to a connection that this account does not see.
async fn one(
    req: HttpRequest,
    state: web::Data<AppState>,
    officer: OfficerSignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let visible = visible(&state, &officer).await?;
    let found = attention::story(&state.portal, &visible, &id).await?;
    let (story, seen) = found.ok_or(AppError::NotFound)?;
    let mut connections = visible.iter();
    let connection = connections.find(|one| one.id == story.issuance.connection_id);
    let slug = &connection.ok_or(AppError::NotFound)?.slug;
    let way = WayBack::of(&req).at_connection(slug.as_str());
    let frame = Frame::of(&req, &state)
        .at(Section::Attention)
        .of_connection(&state, &story.issuance.connection_id)
        .languages_at(way.keep(routes::attention_issuance(&id)));
    let back = way.link(&routes::attention_at(routes::ATTENTION, slug, &[]), &id);
    Ok(show_read_only(frame, story, seen, back))
}
