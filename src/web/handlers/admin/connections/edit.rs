//! One connection, and the form that changes it: as it is stored, and as it comes again
//! where it could not be saved.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::super::health::{self, Shown};
use super::facts::{KeyFacts, SecondKeyFacts};
use super::fields::{self, to_show_again};
use super::merge::Merge;
use super::{changed_by, named};
use crate::domain::connection::{Connection, Problems};
use crate::i18n::{Key, key};
use crate::services::redirect_urls;
use crate::web::extractors::AuditorSignedIn;
use crate::web::handlers::admin::url_facts::UrlFacts;
use crate::web::kept_form::kept_or;
use crate::web::page::form::{Fields, FormView};
use crate::web::page::{Frame, Section, Tone, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "admin/connections/edit.html")]
struct EditPage {
    frame: Frame,
    form: FormView,
    connection: Connection,
    key: KeyFacts,
    second: Option<SecondKeyFacts>,
    url: UrlFacts,
    health: Vec<Shown>,
}

impl EditPage {
    async fn answer(
        frame: Frame,
        state: &AppState,
        connection: Connection,
        form: FormView,
        status: StatusCode,
    ) -> Result<HttpResponse, AppError> {
        let today = state.portal.today();
        let entries = redirect_urls::of_connection(&state.portal, &connection.id).await?;
        let one = std::slice::from_ref(&connection);
        let page = Self {
            health: health::of_all(state, frame.lang, one).await?,
            key: KeyFacts::of(&connection, today),
            second: SecondKeyFacts::of(&connection, today),
            url: UrlFacts::of(&state.portal, &connection, &entries),
            frame: frame.at(Section::Connections),
            form,
            connection,
        };
        Ok(render(&page, status))
    }

    fn action(&self) -> String {
        routes::admin_connection(&self.connection.slug)
    }

    fn path(&self, what: &str) -> String {
        routes::of_admin_connection(&self.connection.slug, what)
    }

    fn redirect_urls(&self) -> String {
        routes::admin_redirect_urls_for(&self.connection.slug)
    }
}

/// `?done=...`: the action that was just completed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Told {
    done: String,
}

pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    auditor: AuditorSignedIn,
    slug: web::Path<String>,
    told: web::Query<Told>,
) -> Result<HttpResponse, AppError> {
    let connection = named(&state, &slug).await?;
    let mut frame =
        Frame::of(&req, &state).languages_at(routes::admin_connection(&connection.slug));
    if let Some(text) = words(&told.done) {
        frame = frame.banner(Tone::Good, text);
    }
    let form = FormView::filled(fields::of(&connection.settings, connection.version));
    let (frame, form) = kept_or(&req, &state, &auditor.id, frame, form).await?;
    EditPage::answer(frame, &state, connection, form, StatusCode::OK).await
}

/// What was just done.
fn words(done: &str) -> Option<Key> {
    Some(match done {
        "made" => key("admin-connection-made"),
        "saved" => key("admin-connection-saved"),
        "moved" => key("admin-server-moved"),
        "adopted" => key("finder-adopted"),
        "enabled" => key("admin-connection-enabled"),
        "disabled" => key("admin-connection-disabled"),
        "handed-over" => key("admin-connection-handed-over"),
        "registered" => key("admin-url-done-registered"),
        "key-replaced" => key("admin-key-replaced"),
        "next-key-stored" => key("admin-key-next-stored"),
        "next-key-used" => key("admin-key-next-used"),
        "key-dropped" => key("admin-key-dropped"),
        _ => return None,
    })
}

/// The form as it was sent, and what is wrong with it.
pub(super) async fn refused(
    frame: Frame,
    state: &AppState,
    stored: Connection,
    sent: Fields,
    problems: &Problems,
) -> Result<HttpResponse, AppError> {
    let errors = fields::errors(problems);
    let view = FormView::refused(to_show_again(sent, &errors), errors);
    EditPage::answer(frame, state, stored, view, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// Somebody else saved first: shows the changes of both in one form, to be looked at before
/// it is sent again. Nothing is stored yet.
pub(super) async fn stale(
    frame: Frame,
    state: &AppState,
    now: Connection,
    typed: Fields,
) -> Result<HttpResponse, AppError> {
    let merge = Merge::of(typed, &now);
    let errors = merge.errors(frame.lang, &now);
    let frame = frame.languages_at(routes::admin_connection(&now.slug));
    let by = changed_by(&frame, state, &now).await?;
    let frame = merge.told(frame, by);
    let view = FormView::refused(to_show_again(merge.fields, &errors), errors);
    EditPage::answer(frame, state, now, view, StatusCode::CONFLICT).await
}
