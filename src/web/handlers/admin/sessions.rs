//! On which devices admins are signed in.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::services::open_sessions;
use crate::web::csrf::{CheckedForm, NoContent};
use crate::web::extractors::AdminSignedIn;
use crate::web::handlers::open_sessions::{DoneQuery, OpenRow};
use crate::web::page::{Frame, Section, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::session::{self, Kind};
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "admin/sessions.html")]
struct SessionsPage {
    frame: Frame,
    own: Vec<OpenRow>,
    others: Vec<OpenRow>,
}

pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    query: web::Query<DoneQuery>,
) -> Result<HttpResponse, AppError> {
    let this = session::this(&req, &state, Kind::Admin)?;
    let open = open_sessions::of_admins(&state.portal, &this).await?;
    let (own, others) = open
        .into_iter()
        .partition(|open| open.username == admin.actor.name);
    let page = SessionsPage {
        frame: query.told(Frame::of(&req, &state).at(Section::Sessions)),
        own: OpenRow::all(own, routes::admin_session_end),
        others: OpenRow::all(others, routes::admin_session_end),
    };
    Ok(render(&page, StatusCode::OK))
}

/// Ends one session of any admin.
pub(super) async fn end(
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    mark: web::Path<String>,
    _form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    if !open_sessions::end_of_admin(&state.portal, &mark, &admin.actor).await? {
        return Err(AppError::NotFound);
    }
    state.sessions.forget_all();
    Ok(see_other(&routes::admin_sessions_after("ended")))
}

/// Ends all of this admin's sessions but this one.
pub(super) async fn end_others(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    _form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    let this = session::this(&req, &state, Kind::Admin)?;
    open_sessions::end_others_of_admin(&state.portal, &admin.id, this, &admin.actor).await?;
    state.sessions.forget_all();
    Ok(see_other(&routes::admin_sessions_after("others")))
}
