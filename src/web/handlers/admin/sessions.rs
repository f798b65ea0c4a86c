//! On which devices admins are signed in, and a user that an admin asks for.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::services::open_sessions;
use crate::web::csrf::{CheckedForm, NoContent};
use crate::web::extractors::AdminSignedIn;
use crate::web::find::{self, Find};
use crate::web::handlers::open_sessions::{DoneQuery, OpenRow};
use crate::web::kept_form::kept_or;
use crate::web::page::form::{Fields, FormView};
use crate::web::page::{Frame, Section, render, see_other};
use crate::web::problem::AppError;
use crate::web::session::{self, Kind};
use crate::web::state::AppState;
use crate::web::{language, routes};

/// The search texts of this list.
const LIST: &str = "sessions";

#[derive(Debug, Template)]
#[template(path = "admin/sessions.html")]
struct SessionsPage {
    frame: Frame,
    own: Vec<OpenRow>,
    others: Vec<OpenRow>,
    /// The name of the user who is asked for.
    form: FormView,
    /// Whether somebody is asked for.
    is_asked: bool,
    of_user: Vec<OpenRow>,
    /// The same name, encrypted.
    whose: String,
}

/// The encrypted name of a user, in the address of the page and in its forms.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Whose {
    whose: String,
}

impl Whose {
    /// The name; empty if there is none.
    fn login(&self, state: &AppState, admin: &AdminSignedIn) -> Result<String, AppError> {
        match find::opened(state, LIST, &admin.id, &self.whose) {
            Find::Text(login) => Ok(login),
            Find::Nothing => Ok(String::new()),
            Find::Gone => Err(AppError::NotFound),
        }
    }
}

pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    query: web::Query<DoneQuery>,
    whose: web::Query<Whose>,
) -> Result<HttpResponse, AppError> {
    let this = session::this(&req, &state, Kind::Admin)?;
    let open = open_sessions::of_admins(&state.portal, &this).await?;
    let (own, others) = open
        .into_iter()
        .partition(|open| open.username == admin.actor.name);
    let login = whose.login(&state, &admin)?;
    let of_user = open_sessions::of_login(&state.portal, &login).await?;
    let form = FormView::filled(Fields::of([("login", &login)]));
    let frame = query.told(Frame::of(&req, &state).at(Section::Sessions));
    let (frame, form) = kept_or(&req, &state, &admin.id, frame, form).await?;
    let page = SessionsPage {
        frame,
        own: OpenRow::all(own, routes::admin_session_end),
        others: OpenRow::all(others, routes::admin_session_end),
        is_asked: !login.is_empty(),
        form,
        of_user: OpenRow::all(of_user, routes::admin_session_end),
        whose: whose.into_inner().whose,
    };
    Ok(render(&page, StatusCode::OK))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LoginForm {
    login: String,
}

/// Redirects to the page with the sessions of this user.
pub(super) async fn search(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    form: CheckedForm<LoginForm>,
) -> HttpResponse {
    let login: String = form.value.login.replace(char::is_control, "");
    let whose = find::sealed(&state, LIST, &admin.id, &login);
    let found = routes::admin_sessions_of(&whose);
    see_other(&language::as_asked(req.query_string(), found))
}

/// Ends one session of any admin, or of the user who was asked for.
pub(super) async fn end(
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    mark: web::Path<String>,
    form: CheckedForm<Whose>,
) -> Result<HttpResponse, AppError> {
    let login = form.value.login(&state, &admin)?;
    let (portal, actor) = (&state.portal, &admin.actor);
    let was_there = match login.is_empty() {
        true => open_sessions::end_of_admin(portal, &mark, actor).await?,
        false => open_sessions::end_of_login(portal, &login, &mark, actor).await?,
    };
    if !was_there {
        return Err(AppError::NotFound);
    }
    state.sessions.forget_all();
    Ok(see_other(&routes::admin_sessions_after("ended")))
}

/// Ends all sessions of this admin but this one.
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
