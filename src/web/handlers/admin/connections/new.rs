//! A new connection.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::ConnectionFormSent;
use super::fields::{self, sent, to_show_again};
use super::messages::field_errors;
use super::options::Options;
use crate::domain::connection::Slug;
use crate::i18n::key;
use crate::services::connection_admin::{self, ConnectionForm, Made};
use crate::web::extractors::AdminSignedIn;
use crate::web::page::form::{FieldErrors, FormView};
use crate::web::page::{Frame, Section, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "admin/connections/new.html")]
struct NewPage {
    frame: Frame,
    form: FormView,
    options: Options,
}

impl NewPage {
    fn answer(req: &HttpRequest, state: &AppState, form: FormView) -> HttpResponse {
        let status = match form.has_errors() {
            true => StatusCode::UNPROCESSABLE_ENTITY,
            false => StatusCode::OK,
        };
        let frame = Frame::of(req, state).at(Section::Connections);
        let options = Options::of(frame.lang);
        let page = Self {
            frame,
            form,
            options,
        };
        render(&page, status)
    }
}

/// The empty form.
pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    _admin: AdminSignedIn,
) -> HttpResponse {
    let form = FormView::filled(fields::of(ConnectionForm::default(), 0));
    NewPage::answer(&req, &state, form)
}

/// Makes the connection and leads to its page.
pub(super) async fn create(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    form: ConnectionFormSent,
) -> Result<HttpResponse, AppError> {
    let typed = sent(&form.fields, ConnectionForm::default());
    let errors = match is_reserved(&typed.slug) {
        true => reserved(),
        false => match connection_admin::create(&state.portal, &admin.actor, &typed).await? {
            Made::Made(_) => {
                let slug: Slug = typed.slug.trim().parse().map_err(|_| AppError::Internal)?;
                return Ok(see_other(&routes::admin_connection_made(&slug)));
            }
            Made::Wrong(problems) => field_errors(problems),
        },
    };
    let view = FormView::refused(to_show_again(form.fields, &errors), errors);
    Ok(NewPage::answer(&req, &state, view))
}

/// The last part of this page's own path.
fn is_reserved(slug: &str) -> bool {
    routes::ADMIN_CONNECTION_NEW.ends_with(&format!("/{}", slug.trim()))
}

fn reserved() -> FieldErrors {
    let mut errors = FieldErrors::new();
    errors.add("slug", key("admin-connection-slug-taken"));
    errors
}
