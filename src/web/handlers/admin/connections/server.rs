//! The step before a connection leads to another server, or trusts another private CA:
//! says what that means, and asks for the admin's password, for the key shared with that
//! server, and whether its users are the same people.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::fields::{self, KEY_ENCODING, SHARED_KEY, version_of};
use super::{ConnectionFormSent, edit, to_change};
use crate::domain::connection::{Connection, Problem, Problems, SETTINGS, Written};
use crate::services::connection_admin::{self, Asked, Changed};
use crate::services::figures::{self, Concerned};
use crate::web::extractors::AdminSignedIn;
use crate::web::handlers::admin::confirm::{self, Question};
use crate::web::page::form::{Choice, FieldErrors, Fields, FormView};
use crate::web::page::{Frame, Section, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "admin/connections/server.html")]
struct ServerPage {
    frame: Frame,
    form: FormView,
    connection: Connection,
    concerned: Concerned,
    /// The settings as typed; they are checked again with this form.
    settings: Vec<(&'static str, String)>,
    encodings: Vec<Choice>,
}

impl ServerPage {
    fn action(&self) -> String {
        routes::of_admin_connection(&self.connection.slug, "server")
    }

    fn back(&self) -> String {
        routes::admin_connection(&self.connection.slug)
    }
}

/// The page, for the settings that were typed.
pub(super) async fn ask(
    frame: Frame,
    state: &AppState,
    connection: Connection,
    typed: Fields,
    errors: FieldErrors,
) -> Result<HttpResponse, AppError> {
    let kept = SETTINGS.iter().filter(|one| one.key != KEY_ENCODING);
    let kept = kept.filter_map(|one| Some((one.key, typed.all(one.key).last()?.to_owned())));
    let status = match errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = ServerPage {
        settings: kept.collect(),
        encodings: fields::choices(&frame.lang, KEY_ENCODING),
        concerned: figures::concerned(&state.portal, &connection.id).await?,
        frame: frame
            .at(Section::Connections)
            .languages_at(routes::admin_connection(&connection.slug)),
        form: FormView::refused(typed.without(SHARED_KEY), errors),
        connection,
    };
    Ok(render(&page, status))
}

pub(super) async fn move_there(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    slug: web::Path<String>,
    form: ConnectionFormSent,
) -> Result<HttpResponse, AppError> {
    let sent = form.fields;
    let (stored, typed) = to_change(&req, &state, &admin, &slug, &sent).await?;
    let (frame, version) = (Frame::of(&req, &state), version_of(&sent));
    let written = Written {
        shared_key: confirm::key_of(&state, &stored.id, &sent),
        ..fields::sent(&sent)
    };
    let asked = Asked {
        confirmed: typed.confirmed,
        same_users: Some(sent.get("same_users") == "yes"),
    };
    let (portal, actor) = (&state.portal, &admin.actor);
    match connection_admin::edit(portal, actor, &stored.id, version, &written, asked).await? {
        Changed::Done => Ok(moved(&state, &stored)),
        Changed::Unconfirmed => {
            confirm::ask(&req, &state, &admin, &sent, question(&stored), typed.errors).await
        }
        Changed::Wrong(problems) => wrong(frame, &state, stored, sent, problems).await,
        Changed::Stale(now) => edit::stale(frame, &state, *now, sent).await,
        Changed::ReadOnly | Changed::OtherServer => Err(AppError::NotAllowed),
        Changed::Missing => Err(AppError::NotFound),
    }
}

/// Asks for the password before the connection leads elsewhere.
fn question(stored: &Connection) -> Question<'_> {
    let here = routes::of_admin_connection(&stored.slug, "server");
    let question = Question::from(here, &stored.id);
    question.leading_back_to(routes::admin_connection(&stored.slug))
}

/// To the connection's page, which says what was done.
fn moved(state: &AppState, stored: &Connection) -> HttpResponse {
    state.sessions.forget_all();
    see_other(&routes::admin_connection_after(&stored.slug, "moved"))
}

fn is_on_this_page((name, _): &(&'static str, Problem)) -> bool {
    [SHARED_KEY, KEY_ENCODING].contains(name)
}

/// What is wrong with the fields of this page; or with the settings, which were right a step
/// ago, until somebody else has taken the name, say.
async fn wrong(
    frame: Frame,
    state: &AppState,
    stored: Connection,
    sent: Fields,
    mut problems: Problems,
) -> Result<HttpResponse, AppError> {
    if problems.iter().all(is_on_this_page) {
        return again(frame, state, stored, sent, fields::errors(&problems)).await;
    }
    problems.retain(|problem| !is_on_this_page(problem));
    let frame = frame.languages_at(routes::admin_connection(&stored.slug));
    edit::refused(frame, state, stored, sent, &problems).await
}

/// The page again. A key that was typed has to be typed again.
async fn again(
    frame: Frame,
    state: &AppState,
    stored: Connection,
    sent: Fields,
    errors: FieldErrors,
) -> Result<HttpResponse, AppError> {
    let frame = fields::with_key_again(frame, &sent);
    ask(frame, state, stored, sent, errors).await
}
