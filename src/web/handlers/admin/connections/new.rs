//! Creates a connection.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::ConnectionFormSent;
use super::fields;
use crate::domain::connection::ConnectionSettings;
use crate::services::connection_admin::{self, Made};
use crate::web::extractors::AdminSignedIn;
use crate::web::page::form::FormView;
use crate::web::page::{Frame, Section, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "admin/connections/new.html")]
struct NewPage {
    frame: Frame,
    form: FormView,
}

impl NewPage {
    fn answer(req: &HttpRequest, state: &AppState, form: FormView) -> HttpResponse {
        let status = match form.has_errors() {
            true => StatusCode::UNPROCESSABLE_ENTITY,
            false => StatusCode::OK,
        };
        let frame = Frame::of(req, state).at(Section::Connections);
        render(&Self { frame, form }, status)
    }
}

pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    _admin: AdminSignedIn,
) -> HttpResponse {
    let form = FormView::filled(fields::of(&ConnectionSettings::blank(), 0));
    NewPage::answer(&req, &state, form)
}

pub(super) async fn create(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    form: ConnectionFormSent,
) -> Result<HttpResponse, AppError> {
    let written = fields::sent(&form.fields);
    let problems = match connection_admin::create(&state.portal, &admin.actor, &written).await? {
        Made::Made(slug) => return Ok(see_other(&routes::admin_connection_made(&slug))),
        Made::Wrong(problems) => problems,
    };
    let errors = fields::errors(&problems);
    let view = FormView::refused(fields::to_show_again(form.fields, &errors), errors);
    Ok(NewPage::answer(&req, &state, view))
}
