//! Connections for admins: the list, the forms to create and change one, its keys, its
//! redirect URL, the switch, and the test.

mod dialect;
mod edit;
mod facts;
pub(super) mod fields;
mod found;
mod key;
mod merge;
mod new;
mod register;
mod save;
mod server;
mod switch;
mod test;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::health::{self, Shown};
use crate::domain::connection::{Connection, Slug};
use crate::i18n::audit::actor_text;
use crate::i18n::key;
use crate::services::audit;
use crate::services::key_ages::KeyAge;
use crate::services::redirect_urls;
use crate::web::csrf::{CheckedForm, InSession, NoContent, PEM_FORM_LIMIT};
use crate::web::extractors::{AdminSignedIn, AuditorSignedIn};
use crate::web::handlers::admin::confirm::{self, Typed};
use crate::web::handlers::admin::url_facts::UrlFacts;
use crate::web::page::form::Fields;
use crate::web::page::{Frame, Section, Tone, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes::{self, Guard, Route};
use crate::web::state::AppState;

/// Larger than other forms, since a private CA is pasted into it.
type ConnectionFormSent = CheckedForm<NoContent, InSession, PEM_FORM_LIMIT>;

/// "new" must come before the slug pattern.
pub const ROUTES: &[Route] = &[
    Route::get(routes::ADMIN_CONNECTIONS, Guard::Auditor, |route| {
        route.to(list)
    }),
    Route::get(routes::ADMIN_CONNECTION_NEW, Guard::Admin, |route| {
        route.to(new::page)
    }),
    Route::post(routes::ADMIN_CONNECTION_NEW, Guard::Admin, |route| {
        route.to(new::create)
    }),
    Route::get(routes::ADMIN_CONNECTION, Guard::Auditor, |route| {
        route.to(edit::page)
    }),
    Route::post(routes::ADMIN_CONNECTION, Guard::Admin, |route| {
        route.to(save::save)
    }),
    Route::post(routes::ADMIN_CONNECTION_SERVER, Guard::Admin, |route| {
        route.to(server::move_there)
    }),
    Route::post(routes::ADMIN_CONNECTION_STATE, Guard::Admin, |route| {
        route.to(switch::switch)
    }),
    Route::get(routes::ADMIN_CONNECTION_DIALECT, Guard::Admin, |route| {
        route.to(dialect::page)
    }),
    Route::post(routes::ADMIN_CONNECTION_DIALECT, Guard::Admin, |route| {
        route.to(dialect::search)
    }),
    Route::post(
        routes::ADMIN_CONNECTION_DIALECT_ADOPT,
        Guard::Admin,
        |route| route.to(dialect::adopt),
    ),
    Route::get(routes::ADMIN_CONNECTION_OFF, Guard::Admin, |route| {
        route.to(switch::ask)
    }),
    Route::post(routes::ADMIN_CONNECTION_HAND_OVER, Guard::Admin, |route| {
        route.to(switch::hand_over)
    }),
    Route::get(routes::ADMIN_CONNECTION_KEY, Guard::Admin, |route| {
        route.to(key::page)
    }),
    Route::post(routes::ADMIN_CONNECTION_KEY, Guard::Admin, |route| {
        route.to(key::replace)
    }),
    Route::get(routes::ADMIN_CONNECTION_NEXT_KEY, Guard::Admin, |route| {
        route.to(key::next_page)
    }),
    Route::post(routes::ADMIN_CONNECTION_NEXT_KEY, Guard::Admin, |route| {
        route.to(key::store_next)
    }),
    Route::post(
        routes::ADMIN_CONNECTION_USE_NEXT_KEY,
        Guard::Admin,
        |route| route.to(key::use_next),
    ),
    Route::post(routes::ADMIN_CONNECTION_DROP_KEY, Guard::Admin, |route| {
        route.to(key::drop_second)
    }),
    Route::post(
        routes::ADMIN_CONNECTION_REDIRECT_URL,
        Guard::Admin,
        |route| route.to(register::register),
    ),
    Route::post(routes::ADMIN_CONNECTION_TEST, Guard::Admin, |route| {
        route.to(test::test)
    }),
];

#[derive(Debug, Template)]
#[template(path = "admin/connections/list.html")]
struct ListPage {
    frame: Frame,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    connection: Connection,
    href: String,
    url: UrlFacts,
    key: KeyAge,
    health: Shown,
}

async fn list(
    req: HttpRequest,
    state: web::Data<AppState>,
    _auditor: AuditorSignedIn,
) -> Result<HttpResponse, AppError> {
    let connections = state.portal.connections.all().await?;
    let entries = redirect_urls::all(&state.portal).await?;
    let today = state.portal.today();
    let row = |(connection, health): (&Connection, Shown)| Row {
        url: UrlFacts::of(&state.portal, connection, &entries),
        href: routes::admin_connection(&connection.slug),
        key: KeyAge::of(connection.key_set_at, today),
        connection: connection.clone(),
        health,
    };
    let mut frame = Frame::of(&req, &state).at(Section::Connections);
    let health = health::of_all(&state, frame.lang, &connections).await?;
    for broken in state.portal.connections.broken().await?.iter() {
        let text = key("admin-connection-broken").with("slug", broken.slug.clone());
        frame = frame.banner(Tone::Bad, text);
    }
    let page = ListPage {
        frame,
        rows: connections.iter().zip(health).map(row).collect(),
    };
    Ok(render(&page, StatusCode::OK))
}

/// Who changed the connection last, and when, for whoever wanted to change it, too.
async fn changed_by(
    frame: &Frame,
    state: &AppState,
    connection: &Connection,
) -> Result<String, AppError> {
    let Some(last) = audit::last_of_connection(&state.portal, &connection.id).await? else {
        let somebody = key("admin-connection-stale-by-somebody");
        return Ok(frame.lang.of(somebody).into_owned());
    };
    let (what, when) = (last.what, frame.date_time(&last.at));
    let known = actor_text(what.kind(), &what.actor);
    let who = known.map_or(what.actor, |text| frame.lang.of(text).into_owned());
    let by = key("admin-connection-stale-by").with("who", who);
    Ok(frame.lang.message(&by.with("when", when)).into_owned())
}

/// Leads to a connection's page, which says what was done.
fn after(slug: &Slug, done: &str) -> HttpResponse {
    see_other(&routes::admin_connection_after(slug, done))
}

/// The connection named in a path, and what a form that changes it says about the admin's
/// password.
async fn to_change(
    req: &HttpRequest,
    state: &AppState,
    admin: &AdminSignedIn,
    slug: &str,
    sent: &Fields,
) -> Result<(Connection, Typed), AppError> {
    let stored = named(state, slug).await?;
    let typed = confirm::read(req, state, admin, sent).await?;
    Ok((stored, typed))
}

/// The connection named in a path, read from the database.
async fn named(state: &AppState, slug: &str) -> Result<Connection, AppError> {
    let slug: Slug = slug.parse().map_err(|_| AppError::NotFound)?;
    state.portal.connections.changed();
    let all = state.portal.connections.all().await?;
    if let Some(found) = all.iter().find(|connection| connection.slug == slug) {
        return Ok(found.clone());
    }
    let broken = state.portal.connections.broken().await?;
    match broken.iter().find(|one| one.slug == slug.as_str()) {
        Some(broken) => Err(broken.error().into()),
        None => Err(AppError::NotFound),
    }
}
