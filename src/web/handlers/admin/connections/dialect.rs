//! Finds a connection's dialect from a login URL that works, and adopts it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::fields::SHARED_KEY;
use super::found::Shown;
use super::switch::look_again;
use super::{after, fields, named, to_change};
use crate::domain::connection::Connection;
use crate::domain::secret::Secret;
use crate::domain::signing::LOGIN_PATH;
use crate::i18n::{dialect_finder as words, key};
use crate::services::connection_admin::{Asked, Changed};
use crate::services::find_dialect::{self, FindError};
use crate::web::csrf::{CheckedForm, NoContent};
use crate::web::extractors::AdminSignedIn;
use crate::web::handlers::admin::confirm::{self, Question};
use crate::web::kept_form::kept;
use crate::web::page::form::{FieldErrors, FormView};
use crate::web::page::{Frame, Section, Tone, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

const EXAMPLE: &str = "example_url";

#[derive(Debug, Template)]
#[template(path = "admin/connections/dialect.html")]
struct DialectPage {
    frame: Frame,
    form: FormView,
    connection: Connection,
    /// What the search came to; `None` before it.
    answer: Option<Shown>,
    action: String,
    adopt: String,
    back: String,
    /// The beginning of a login URL of this connection.
    address: String,
}

impl DialectPage {
    fn answer(
        frame: Frame,
        connection: Connection,
        form: FormView,
        answer: Option<Shown>,
    ) -> HttpResponse {
        let status = match form.has_errors() {
            true => StatusCode::UNPROCESSABLE_ENTITY,
            false => StatusCode::OK,
        };
        let action = routes::admin_connection_dialect(&connection.slug);
        let page = Self {
            frame: frame.at(Section::Connections).languages_at(action.as_str()),
            adopt: routes::admin_connection_dialect_adopt(&connection.slug),
            back: routes::admin_connection(&connection.slug),
            address: format!(
                "{}?Consumer=",
                connection.settings.base_url.join(LOGIN_PATH)
            ),
            action,
            form,
            connection,
            answer,
        };
        render(&page, status)
    }
}

pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    slug: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let connection = named(&state, &slug).await?;
    let mut frame = Frame::of(&req, &state);
    let form = match kept(&req, &state, &admin.id).await? {
        Some(kept) => {
            frame = frame.banner(Tone::Info, key("finder-kept"));
            FormView::filled(kept)
        }
        None => FormView::default(),
    };
    Ok(DialectPage::answer(frame, connection, form, None))
}

/// Searches; the key is never shown again.
pub(super) async fn search(
    req: HttpRequest,
    state: web::Data<AppState>,
    _admin: AdminSignedIn,
    slug: web::Path<String>,
    form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    let connection = named(&state, &slug).await?;
    let frame = Frame::of(&req, &state);
    let typed = Secret::new(form.fields.get(SHARED_KEY));
    let again = form.fields.without(SHARED_KEY);
    let found = find_dialect::find(&state.portal, &connection, again.get(EXAMPLE), typed).await;
    let answer = match found {
        Ok(answer) => answer,
        Err(FindError::Unusable(error)) => {
            let errors = FieldErrors::one(EXAMPLE, words::unusable(error));
            let form = FormView::refused(again, errors);
            return Ok(DialectPage::answer(frame, connection, form, None));
        }
        Err(FindError::Job(error)) => return Err(error.into()),
    };
    let shown = Shown::of(&state.portal, &connection, &answer);
    let form = FormView::filled(again);
    Ok(DialectPage::answer(frame, connection, form, Some(shown)))
}

/// The version of the connection that was shown, and the key if it has to be replaced.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AdoptForm {
    version: i64,
    sealed_key: String,
}

pub(super) async fn adopt(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    slug: web::Path<String>,
    form: CheckedForm<AdoptForm>,
) -> Result<HttpResponse, AppError> {
    let (stored, typed) = to_change(&req, &state, &admin, &slug, &form.fields).await?;
    let version = form.value.version;
    let settings = fields::of_signing(&form.fields);
    let asked = Asked::here(typed.confirmed);
    let adopted = find_dialect::adopt(
        &state.portal,
        &admin.actor,
        &stored.id,
        version,
        (settings, &form.value.sealed_key),
        asked,
    );
    match adopted.await? {
        Changed::Done => Ok(after(&stored.slug, "adopted")),
        Changed::Unconfirmed => {
            let question = question(&stored);
            confirm::ask(&req, &state, &admin, &form.fields, question, typed.errors).await
        }
        Changed::Wrong(problems) => {
            let errors = fields::errors(&problems);
            let form = FormView::refused(form.fields, errors);
            let frame = Frame::of(&req, &state);
            Ok(DialectPage::answer(frame, stored, form, None))
        }
        Changed::Stale(_) => {
            let page = routes::admin_connection_dialect(&stored.slug);
            Ok(look_again(&req, &state, page))
        }
        Changed::ReadOnly | Changed::OtherServer => Err(AppError::NotAllowed),
        Changed::Missing => Err(AppError::NotFound),
    }
}

/// Asks for the password before it is adopted.
fn question(stored: &Connection) -> Question<'_> {
    let here = routes::admin_connection_dialect_adopt(&stored.slug);
    let question = Question::from(here, &stored.id);
    question.leading_back_to(routes::admin_connection_dialect(&stored.slug))
}
