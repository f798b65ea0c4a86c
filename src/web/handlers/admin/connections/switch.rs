//! Enables and disables a connection, and hands one that left the configuration file
//! to the pages. Each has its own form, so that saving settings never does it by
//! accident. Before a connection is disabled, a page says whom it concerns.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::{after, named};
use crate::domain::connection::Connection;
use crate::i18n::key;
use crate::services::accounts::Confirmed;
use crate::services::connection_admin::{self, Changed};
use crate::services::figures::{self, Concerned};
use crate::web::csrf::CheckedForm;
use crate::web::extractors::AdminSignedIn;
use crate::web::handlers::admin::confirm::{self, Question};
use crate::web::page::form::Fields;
use crate::web::page::{Frame, Section, render, see_other};
use crate::web::problem::{self, AppError, Problem};
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "admin/connections/off.html")]
struct OffPage {
    frame: Frame,
    connection: Connection,
    concerned: Concerned,
    action: String,
    back: String,
}

/// Asks before a connection is disabled.
pub(super) async fn ask(
    req: HttpRequest,
    state: web::Data<AppState>,
    _admin: AdminSignedIn,
    slug: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let connection = named(&state, &slug).await?;
    let back = routes::admin_connection(&connection.slug);
    if !connection.enabled || connection.is_in_file() {
        return Ok(see_other(&back));
    }
    let page = OffPage {
        frame: Frame::of(&req, &state).at(Section::Connections),
        concerned: figures::concerned(&state.portal, &connection.id).await?,
        action: routes::of_admin_connection(&connection.slug, "state"),
        back,
        connection,
    };
    Ok(render(&page, StatusCode::OK))
}

/// The new state, and the version of the connection that was shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SwitchForm {
    to: String,
    version: i64,
}

/// Enables or disables the connection.
pub(super) async fn switch(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    slug: web::Path<String>,
    form: CheckedForm<SwitchForm>,
) -> Result<HttpResponse, AppError> {
    let SwitchForm { to, version } = form.value;
    let (on, done) = match to.as_str() {
        "on" => (true, "enabled"),
        "off" => (false, "disabled"),
        _ => return Err(AppError::BadRequest),
    };
    let stored = named(&state, &slug).await?;
    let (portal, actor, id) = (&state.portal, &admin.actor, &stored.id);
    let (sent, how) = (&form.fields, ("state", done));
    pressed(
        &req,
        &state,
        &admin,
        &stored,
        sent,
        how,
        async |confirmed| {
            let confirmed = confirmed.as_ref();
            let changed = connection_admin::set_enabled(portal, actor, id, version, on, confirmed);
            let changed = changed.await?;
            state.sessions.forget_all();
            Ok(changed)
        },
    )
    .await
}

pub(super) async fn hand_over(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    slug: web::Path<String>,
    form: CheckedForm<SwitchForm>,
) -> Result<HttpResponse, AppError> {
    let stored = named(&state, &slug).await?;
    let (portal, actor, id) = (&state.portal, &admin.actor, &stored.id);
    let version = form.value.version;
    let (sent, how) = (&form.fields, ("hand-over", "handed-over"));
    pressed(
        &req,
        &state,
        &admin,
        &stored,
        sent,
        how,
        async |confirmed| {
            let confirmed = confirmed.as_ref();
            let changed = connection_admin::hand_over(portal, actor, id, version, confirmed);
            Ok(changed.await?)
        },
    )
    .await
}

/// Does what a button on the page of a connection asks for, once the admin's password was
/// typed; until then the answer is the page that asks, unless it cannot be done anyway.
/// `what` is the path of its form below that page, `done` what the page says afterwards.
pub(super) async fn pressed(
    req: &HttpRequest,
    state: &AppState,
    admin: &AdminSignedIn,
    stored: &Connection,
    sent: &Fields,
    (what, done): (&str, &str),
    act: impl AsyncFnOnce(Option<Confirmed>) -> Result<Changed, AppError>,
) -> Result<HttpResponse, AppError> {
    let typed = confirm::read(req, state, admin, sent).await?;
    let page = routes::admin_connection(&stored.slug);
    match act(typed.confirmed).await? {
        Changed::Done => Ok(after(&stored.slug, done)),
        Changed::Unconfirmed => {
            let here = routes::of_admin_connection(&stored.slug, what);
            let question = Question::from(here, &stored.id).leading_back_to(page);
            confirm::ask(req, state, admin, sent, question, typed.errors).await
        }
        Changed::Stale(_) => Ok(look_again(req, state, page)),
        Changed::ReadOnly | Changed::Wrong(_) | Changed::OtherServer => Err(AppError::NotAllowed),
        Changed::Missing => Err(AppError::NotFound),
    }
}

/// Somebody else changed the connection since this page of it was shown.
pub(super) fn look_again(req: &HttpRequest, state: &AppState, page: String) -> HttpResponse {
    let frame = Frame::of(req, state).languages_at(page.as_str());
    let problem = Problem::of(&AppError::Conflict);
    let problem = problem.leading_to(page, key("admin-connection-look-again"));
    problem::answer(frame, problem)
}
