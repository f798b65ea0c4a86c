//! Creates a connection.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::fields;
use super::{ConnectionFormSent, after};
use crate::domain::connection::{ConnectionSettings, Written};
use crate::i18n::key;
use crate::services::connection_admin::{self, Made};
use crate::web::extractors::AdminSignedIn;
use crate::web::handlers::admin::confirm::{self, Question};
use crate::web::kept_form::kept;
use crate::web::page::form::FormView;
use crate::web::page::{Frame, Section, Tone, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

/// For which the key is sealed between the form and the password: there is no id yet.
const NEW: &str = "new";

#[derive(Debug, Template)]
#[template(path = "admin/connections/new.html")]
struct NewPage {
    frame: Frame,
    form: FormView,
}

impl NewPage {
    fn answer(frame: Frame, form: FormView) -> HttpResponse {
        let status = match form.has_errors() {
            true => StatusCode::UNPROCESSABLE_ENTITY,
            false => StatusCode::OK,
        };
        let frame = frame.at(Section::Connections);
        render(&Self { frame, form }, status)
    }
}

pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
) -> Result<HttpResponse, AppError> {
    let kept = kept(&req, &state, &admin.id).await?;
    let mut frame = Frame::of(&req, &state);
    if kept.is_some() {
        frame = frame.banner(Tone::Info, key("admin-form-kept-key"));
    }
    let blank = || fields::of(&ConnectionSettings::blank(), 0);
    let form = FormView::filled(kept.unwrap_or_else(blank));
    Ok(NewPage::answer(frame, form))
}

/// Creates the connection once the admin's password was typed.
pub(super) async fn create(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    form: ConnectionFormSent,
) -> Result<HttpResponse, AppError> {
    let sent = form.fields;
    let typed = confirm::read(&req, &state, &admin, &sent).await?;
    let written = Written {
        shared_key: confirm::key_of(&state, NEW, &sent),
        ..fields::sent(&sent)
    };
    let (portal, confirmed) = (&state.portal, typed.confirmed.as_ref());
    match connection_admin::create(portal, &admin.actor, &written, confirmed).await? {
        Made::Made(slug) => Ok(after(&slug, "made")),
        Made::Unconfirmed => {
            let question = Question::from(routes::ADMIN_CONNECTION_NEW.to_owned(), NEW);
            confirm::ask(&req, &state, &admin, &sent, question, typed.errors).await
        }
        Made::Wrong(problems) => {
            let mut errors = fields::errors(&problems);
            fields::ask_for_key_again(&written, &mut errors);
            let view = FormView::refused(fields::to_show_again(sent, &errors), errors);
            Ok(NewPage::answer(Frame::of(&req, &state), view))
        }
    }
}
