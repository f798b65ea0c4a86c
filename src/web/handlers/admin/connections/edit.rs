//! One connection, and the form that changes it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::super::health::{self, Shown};
use super::facts::{KeyFacts, SecondKeyFacts};
use super::fields::{self, to_show_again, version_of};
use super::{ConnectionFormSent, after, named, server};
use crate::domain::connection::{Connection, Problems};
use crate::i18n::{Key, Lang, Message, key};
use crate::services::connection_admin::{self, Asked, Changed};
use crate::services::redirect_urls;
use crate::web::extractors::{AdminSignedIn, AuditorSignedIn};
use crate::web::handlers::admin::confirm::{self, Question};
use crate::web::handlers::admin::url_facts::UrlFacts;
use crate::web::kept_form::kept_or;
use crate::web::page::form::{FieldErrors, Fields, FormView};
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
        let now = state.portal.clock.now();
        let entries = redirect_urls::of_connection(&state.portal, &connection.id).await?;
        let one = std::slice::from_ref(&connection);
        let page = Self {
            health: health::of_all(state, frame.lang, one).await?,
            key: KeyFacts::of(&connection, now),
            second: SecondKeyFacts::of(&connection, now),
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
    let form = FormView::filled(stored_fields(&connection));
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

/// Saves the changes, unless somebody else saved first; what decides whom to trust only once
/// the admin's password was typed.
pub(super) async fn save(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    slug: web::Path<String>,
    form: ConnectionFormSent,
) -> Result<HttpResponse, AppError> {
    let (stored, sent) = (named(&state, &slug).await?, form.fields);
    let typed = confirm::read(&req, &state, &admin, &sent).await?;
    let (written, version) = (fields::sent(&sent), version_of(&sent));
    let (portal, actor, asked) = (&state.portal, &admin.actor, Asked::here(typed.confirmed));
    let changed = connection_admin::edit(portal, actor, &stored.id, version, &written, asked);
    let frame = Frame::of(&req, &state);
    match changed.await? {
        Changed::Done => Ok(after(&stored.slug, "saved")),
        Changed::OtherServer => server::ask(frame, &state, stored, sent, FieldErrors::new()).await,
        Changed::Unconfirmed => {
            let question = Question::from(routes::admin_connection(&stored.slug), &stored.id);
            confirm::ask(&req, &state, &admin, &sent, question, typed.errors).await
        }
        Changed::Wrong(problems) => refused(frame, &state, stored, sent, &problems).await,
        Changed::Stale(now) => stale(frame, &state, *now, sent).await,
        Changed::ReadOnly => Err(AppError::NotAllowed),
        Changed::Missing => Err(AppError::NotFound),
    }
}

/// The form as it was sent, and what is wrong with it.
async fn refused(
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

/// Keeps what was typed, and shows the stored value beside each field that differs.
/// Submitting again overwrites the stored values.
async fn stale(
    frame: Frame,
    state: &AppState,
    now: Connection,
    typed: Fields,
) -> Result<HttpResponse, AppError> {
    let stored = stored_fields(&now);
    let mut errors = FieldErrors::new();
    for name in fields::differing(&typed, &stored) {
        errors.add(name, stored_now(frame.lang, name, stored.get(name)));
    }
    let mut again = to_show_again(typed, &errors);
    again.set("version", now.version.to_string());
    let frame = frame.banner(Tone::Warning, key("admin-connection-stale"));
    let view = FormView::refused(again, errors);
    EditPage::answer(frame, state, now, view, StatusCode::CONFLICT).await
}

/// What is stored of the setting of this name.
fn stored_now(lang: Lang, name: &str, value: &str) -> Message {
    let said = fields::said(lang, name, value);
    let text: Message = match said.is_empty() {
        true => key("admin-connection-stale-empty").into(),
        false => key("admin-connection-stale-field").with("value", said),
    };
    text.with("field", lang.of(fields::label(name)).into_owned())
}

fn stored_fields(connection: &Connection) -> Fields {
    fields::of(&connection.settings, connection.version)
}
