//! Enables and disables a connection, and hands one that left the configuration file
//! to the pages. Each has its own form, so that saving settings never does it by
//! accident. Before a connection is disabled, a page says whom it concerns.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::{named, to_change};
use crate::domain::connection::Connection;
use crate::i18n::key;
use crate::services::connection_admin::{self, Changed};
use crate::services::figures::{self, Concerned};
use crate::web::csrf::CheckedForm;
use crate::web::extractors::AdminSignedIn;
use crate::web::handlers::admin::confirm::{self, Question};
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
        action: routes::admin_connection_state(&connection.slug),
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

/// Enables or disables the connection once the admin's password was typed.
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
    let (stored, typed) = to_change(&req, &state, &admin, &slug, &form.fields).await?;
    let (portal, confirmed) = (&state.portal, typed.confirmed.as_ref());
    let id = &stored.id;
    let changed =
        connection_admin::set_enabled(portal, &admin.actor, id, version, on, confirmed).await?;
    if matches!(changed, Changed::Unconfirmed) {
        let here = routes::admin_connection_state(&stored.slug);
        let question = Question::from(here, id);
        let question = question.leading_back_to(routes::admin_connection(&stored.slug));
        return confirm::ask(&req, &state, &admin, &form.fields, question, typed.errors).await;
    }
    state.sessions.forget_all();
    answer(&req, &state, &stored, changed, done)
}

pub(super) async fn hand_over(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    slug: web::Path<String>,
    form: CheckedForm<SwitchForm>,
) -> Result<HttpResponse, AppError> {
    let stored = named(&state, &slug).await?;
    let version = form.value.version;
    let changed =
        connection_admin::hand_over(&state.portal, &admin.actor, &stored.id, version).await?;
    answer(&req, &state, &stored, changed, "handed-over")
}

/// What a form without fields of its own is answered with.
pub(super) fn answer(
    req: &HttpRequest,
    state: &AppState,
    stored: &Connection,
    changed: Changed,
    done: &str,
) -> Result<HttpResponse, AppError> {
    match changed {
        Changed::Done => {
            let page = routes::admin_connection_after(&stored.slug, done);
            Ok(see_other(&page))
        }
        Changed::Stale(_) => {
            let page = routes::admin_connection(&stored.slug);
            Ok(look_again(req, state, page))
        }
        Changed::ReadOnly | Changed::Wrong(_) | Changed::OtherServer | Changed::Unconfirmed => {
            Err(AppError::NotAllowed)
        }
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
