//! The shared key of a connection: replaced at once on one page, or by a next key on
//! another one. No field of the settings' form does it, so that nothing but what an
//! admin typed here becomes a key.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::facts::{KeyFacts, SecondKeyFacts};
use super::fields::{self, KEY_ENCODING, SHARED_KEY, version_of};
use super::switch::pressed;
use super::{changed_by, named, to_change};
use crate::domain::connection::Connection;
use crate::domain::secret::Secret;
use crate::i18n::key;
use crate::services::connection_admin::Changed;
use crate::services::connection_keys::{self, KeyAct};
use crate::web::csrf::{CheckedForm, NoContent};
use crate::web::extractors::AdminSignedIn;
use crate::web::handlers::admin::confirm::{self, Question};
use crate::web::page::form::{Choice, FieldErrors, Fields, FormView};
use crate::web::page::{Frame, Section, Tone, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

/// Which key a page is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    InUse,
    Next,
}

impl Which {
    const fn path(self) -> &'static str {
        match self {
            Self::InUse => "key",
            Self::Next => "next-key",
        }
    }

    /// What the form of this page asks for.
    fn act(self, key: Secret, sent: &Fields) -> KeyAct {
        match self {
            Self::InUse => KeyAct::Replace {
                key,
                encoding: sent.get(KEY_ENCODING).to_owned(),
            },
            Self::Next => KeyAct::StoreNext(key),
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "admin/connections/key.html")]
struct KeyPage {
    frame: Frame,
    form: FormView,
    connection: Connection,
    key: KeyFacts,
    second: Option<SecondKeyFacts>,
    which: Which,
    encodings: Vec<Choice>,
}

impl KeyPage {
    fn answer(
        frame: Frame,
        state: &AppState,
        connection: Connection,
        which: Which,
        (form, status): (FormView, StatusCode),
    ) -> HttpResponse {
        let today = state.portal.today();
        let here = routes::of_admin_connection(&connection.slug, which.path());
        let frame = frame.at(Section::Connections).languages_at(here);
        let page = Self {
            key: KeyFacts::of(&connection, today),
            second: SecondKeyFacts::of(&connection, today),
            encodings: fields::choices(&frame.lang, KEY_ENCODING),
            which,
            frame,
            form,
            connection,
        };
        render(&page, status)
    }

    fn is_next(&self) -> bool {
        self.which == Which::Next
    }

    fn path(&self, what: &str) -> String {
        routes::of_admin_connection(&self.connection.slug, what)
    }

    fn home(&self) -> String {
        routes::admin_connection(&self.connection.slug)
    }
}

pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    _admin: AdminSignedIn,
    slug: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    show(&req, &state, &slug, Which::InUse).await
}

pub(super) async fn next_page(
    req: HttpRequest,
    state: web::Data<AppState>,
    _admin: AdminSignedIn,
    slug: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    show(&req, &state, &slug, Which::Next).await
}

async fn show(
    req: &HttpRequest,
    state: &AppState,
    slug: &str,
    which: Which,
) -> Result<HttpResponse, AppError> {
    let connection = named(state, slug).await?;
    let form = FormView::filled(empty_fields(&connection));
    let frame = Frame::of(req, state);
    let shown = (form, StatusCode::OK);
    Ok(KeyPage::answer(frame, state, connection, which, shown))
}

/// The fields of an empty form. The key itself is never shown.
fn empty_fields(connection: &Connection) -> Fields {
    let encoding = connection.settings.dialect.key_encoding;
    let version = connection.version.to_string();
    Fields::of([
        (KEY_ENCODING, encoding.as_str()),
        (fields::VERSION, version.as_str()),
    ])
}

pub(super) async fn replace(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    slug: web::Path<String>,
    form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    typed(&req, &state, &admin, &slug, form.fields, Which::InUse).await
}

pub(super) async fn store_next(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    slug: web::Path<String>,
    form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    typed(&req, &state, &admin, &slug, form.fields, Which::Next).await
}

/// Does what a form with a typed key asks for. If it cannot be done, the key has to be
/// typed again, and the page says so.
async fn typed(
    req: &HttpRequest,
    state: &AppState,
    admin: &AdminSignedIn,
    slug: &str,
    sent: Fields,
    which: Which,
) -> Result<HttpResponse, AppError> {
    let (stored, typed) = to_change(req, state, admin, slug, &sent).await?;
    let act = which.act(confirm::key_of(state, &stored.id, &sent), &sent);
    let (version, confirmed) = (version_of(&sent), typed.confirmed);
    let (portal, actor) = (&state.portal, &admin.actor);
    let changed = connection_keys::act(portal, actor, &stored.id, version, &act, confirmed).await?;
    match changed {
        Changed::Done => Ok(see_other(&routes::admin_connection_after(
            &stored.slug,
            done(&act),
        ))),
        Changed::Unconfirmed => {
            let here = routes::of_admin_connection(&stored.slug, which.path());
            let question = Question::from(here, &stored.id);
            confirm::ask(req, state, admin, &sent, question, typed.errors).await
        }
        Changed::Wrong(problems) => {
            let errors = fields::errors(&problems);
            Ok(refused(req, state, stored, which, sent, errors))
        }
        Changed::Stale(now) => {
            let frame = Frame::of(req, state).banner(Tone::Warning, key("admin-key-again"));
            let stale = key("admin-key-stale").with("by", changed_by(&frame, state, &now).await?);
            let frame = frame.banner(Tone::Warning, stale);
            let shown = (FormView::filled(empty_fields(&now)), StatusCode::CONFLICT);
            Ok(KeyPage::answer(frame, state, *now, which, shown))
        }
        Changed::ReadOnly | Changed::OtherServer => Err(AppError::NotAllowed),
        Changed::Missing => Err(AppError::NotFound),
    }
}

fn refused(
    req: &HttpRequest,
    state: &AppState,
    stored: Connection,
    which: Which,
    sent: Fields,
    errors: FieldErrors,
) -> HttpResponse {
    let frame = fields::with_key_again(Frame::of(req, state), &sent);
    let view = FormView::refused(sent.without(SHARED_KEY), errors);
    let shown = (view, StatusCode::UNPROCESSABLE_ENTITY);
    KeyPage::answer(frame, state, stored, which, shown)
}

pub(super) async fn use_next(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    slug: web::Path<String>,
    form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    let what = ("next-key/use", KeyAct::UseNext);
    second(&req, &state, &admin, &slug, &form.fields, what).await
}

pub(super) async fn drop_second(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    slug: web::Path<String>,
    form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    let what = ("second-key/drop", KeyAct::DropSecond);
    second(&req, &state, &admin, &slug, &form.fields, what).await
}

/// Does what a button beside the second key asks for.
async fn second(
    req: &HttpRequest,
    state: &AppState,
    admin: &AdminSignedIn,
    slug: &str,
    sent: &Fields,
    (what, act): (&str, KeyAct),
) -> Result<HttpResponse, AppError> {
    let stored = named(state, slug).await?;
    let (portal, actor, version) = (&state.portal, &admin.actor, version_of(sent));
    let how = (what, done(&act));
    pressed(req, state, admin, &stored, sent, how, async |confirmed| {
        let changed = connection_keys::act(portal, actor, &stored.id, version, &act, confirmed);
        Ok(changed.await?)
    })
    .await
}

/// The message for the connection's page.
const fn done(act: &KeyAct) -> &'static str {
    match act {
        KeyAct::Replace { .. } => "key-replaced",
        KeyAct::StoreNext(_) => "next-key-stored",
        KeyAct::UseNext => "next-key-used",
        KeyAct::DropSecond => "key-dropped",
    }
}
