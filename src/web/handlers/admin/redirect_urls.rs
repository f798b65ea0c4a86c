//! The registry of redirect URLs: which exact strings are registered in Redtrust. Before one
//! that is in use is disabled, a page says whom it concerns.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::url_facts::state_of;
use crate::domain::connection::Connection;
use crate::domain::redirect_url::{RedirectUrl, RedirectUrlState};
use crate::i18n::{Key, connection_problem, key};
use crate::services::figures::{self, Concerned};
use crate::services::redirect_urls::{self, Entered, Entry, Moved};
use crate::services::{Actor, Portal};
use crate::web::csrf::CheckedForm;
use crate::web::extractors::{AdminSignedIn, AuditorSignedIn};
use crate::web::kept_form::kept_or;
use crate::web::page::form::{Choice, FieldErrors, Fields, FormView};
use crate::web::page::{Frame, Section, Tone, render, see_other};
use crate::web::problem::{self, AppError, Problem, texts};
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "admin/redirect_urls.html")]
struct RegistryPage {
    frame: Frame,
    form: FormView,
    rows: Vec<Row>,
    choices: Vec<Choice>,
    /// The callback URL of each connection.
    callbacks: Vec<Callback>,
}

#[derive(Debug)]
struct Row {
    entry: Entry,
    connection: String,
    slug: String,
    read_only: bool,
    /// Whether it leads to this portal's public URL.
    is_ours: bool,
    state: Key,
    tone: &'static str,
    action: String,
    /// The page that asks before it is disabled.
    off: String,
}

impl Row {
    fn of(entry: Entry, connections: &[Connection], portal: &Portal) -> Self {
        let connection = connections.iter().find(|one| one.id == entry.connection_id);
        let expected = connection.map(|one| portal.callback_url(&one.slug));
        let is_ours = expected.as_deref() == Some(entry.url.as_str());
        let (state, tone) = match entry.state {
            state if state.lets_sign_in() && !is_ours => (key("admin-url-moved"), Tone::Bad),
            state => state_of(state),
        };
        Self {
            connection: connection.map_or_else(String::new, |one| one.settings.name.clone()),
            slug: connection.map_or_else(String::new, |one| one.slug.to_string()),
            read_only: connection.is_none_or(|one| one.from_file),
            action: routes::of_admin_redirect_url(&entry.id, "state"),
            off: routes::of_admin_redirect_url(&entry.id, "off"),
            tone: tone.class(),
            is_ours,
            state,
            entry,
        }
    }

    /// Whether to show "register" beside "disable".
    const fn may_register(&self) -> bool {
        self.is_ours && matches!(self.entry.state, RedirectUrlState::Draft)
    }

    const fn may_enable(&self) -> bool {
        self.is_ours && self.is_disabled()
    }

    const fn is_disabled(&self) -> bool {
        matches!(self.entry.state, RedirectUrlState::Disabled)
    }
}

/// The exact URL for one connection.
#[derive(Debug)]
struct Callback {
    name: String,
    url: String,
    id: String,
    use_it: String,
}

/// `?connection=SLUG&done=...`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RegistryQuery {
    connection: String,
    done: String,
}

pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    auditor: AuditorSignedIn,
    query: web::Query<RegistryQuery>,
) -> Result<HttpResponse, AppError> {
    let connections = editable(&state).await?;
    let wanted = connections
        .iter()
        .find(|one| one.slug.as_str() == query.connection)
        .or_else(|| connections.first());
    let form = wanted.map_or_else(FormView::default, |one| {
        FormView::filled(Fields::of([
            ("connection", one.slug.as_str()),
            ("url", &state.portal.callback_url(&one.slug)),
        ]))
    });
    let mut frame = Frame::of(&req, &state).languages_at(routes::ADMIN_REDIRECT_URLS);
    if let Some((tone, text)) = told(&query.done) {
        frame = frame.banner(tone, text);
    }
    let (frame, form) = kept_or(&req, &state, &auditor.id, frame, form).await?;
    show(frame, &state, form, StatusCode::OK).await
}

async fn show(
    frame: Frame,
    state: &AppState,
    form: FormView,
    status: StatusCode,
) -> Result<HttpResponse, AppError> {
    let connections = state.portal.connections.all().await?;
    let entries = redirect_urls::all(&state.portal).await?;
    let editable = editable(state).await?;
    let callback = |one: &Connection| Callback {
        name: one.settings.name.clone(),
        url: state.portal.callback_url(&one.slug),
        id: format!("callback-{}", one.slug),
        use_it: routes::admin_redirect_urls_for(&one.slug),
    };
    let page = RegistryPage {
        frame: frame.at(Section::RedirectUrls),
        form,
        rows: entries
            .into_iter()
            .map(|entry| Row::of(entry, &connections, &state.portal))
            .collect(),
        choices: editable
            .iter()
            .map(|one| Choice::new(one.slug.as_str(), one.settings.name.as_str()))
            .collect(),
        callbacks: editable.iter().map(callback).collect(),
    };
    Ok(render(&page, status))
}

/// Connections whose redirect URLs are not set in the configuration file.
async fn editable(state: &AppState) -> Result<Vec<Connection>, AppError> {
    let connections = state.portal.connections.all().await?;
    let editable = connections.iter().filter(|one| !one.from_file);
    Ok(editable.cloned().collect())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EnterForm {
    connection: String,
    url: String,
}

/// Adds a URL as a draft; for our own sandbox it is registered at once.
pub(super) async fn enter(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    form: CheckedForm<EnterForm>,
) -> Result<HttpResponse, AppError> {
    let CheckedForm { value, fields, .. } = form;
    let connections = editable(&state).await?;
    let mut wanted = connections.iter();
    let wanted = wanted.find(|one| one.slug.as_str() == value.connection);
    let url = value.url.trim().parse::<RedirectUrl>();
    let errors = match (wanted, url) {
        (None, _) => FieldErrors::one("connection", key("admin-url-no-connection")),
        (Some(_), Err(error)) => FieldErrors::one("url", connection_problem::redirect_url(&error)),
        (Some(one), Ok(url)) => match enter_at(&state, &admin.actor, one, &url).await? {
            Answered::Done(done) => return Ok(see_other(&routes::admin_redirect_urls_after(done))),
            Answered::Wrong(errors) => errors,
        },
    };
    let frame = Frame::of(&req, &state).languages_at(routes::ADMIN_REDIRECT_URLS);
    let view = FormView::refused(fields, errors);
    show(frame, &state, view, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// The outcome of a readable form.
enum Answered {
    /// The message for the next page.
    Done(&'static str),
    Wrong(FieldErrors),
}

async fn enter_at(
    state: &AppState,
    actor: &Actor,
    connection: &Connection,
    url: &RedirectUrl,
) -> Result<Answered, AppError> {
    let entered = redirect_urls::enter(&state.portal, actor, &connection.id, url).await?;
    let id = match entered {
        Entered::Entered(id) => id,
        Entered::NotOurs { expected } => {
            let message = key("admin-url-not-ours").with("expected", expected);
            return Ok(Answered::Wrong(FieldErrors::one("url", message)));
        }
        Entered::Taken => {
            return Ok(Answered::Wrong(FieldErrors::one(
                "url",
                key("admin-url-taken"),
            )));
        }
        Entered::ReadOnly | Entered::NoConnection => {
            return Ok(Answered::Wrong(FieldErrors::one(
                "connection",
                key("admin-url-no-connection"),
            )));
        }
    };
    if !connection.sandbox {
        return Ok(Answered::Done("entered"));
    }
    let registered = redirect_urls::register(&state.portal, actor, &id).await?;
    Ok(Answered::Done(match registered {
        Moved::Done => "registered",
        Moved::SandboxRefused(_) => "sandbox-refused",
        _ => "entered",
    }))
}

#[derive(Debug, Template)]
#[template(path = "admin/redirect_url_off.html")]
struct OffPage {
    frame: Frame,
    entry: Entry,
    connection: String,
    concerned: Concerned,
    action: String,
}

/// Asks before a URL is disabled through which people sign in.
pub(super) async fn ask(
    req: HttpRequest,
    state: web::Data<AppState>,
    _admin: AdminSignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let mut entries = redirect_urls::all(&state.portal).await?.into_iter();
    let entry = entries.find(|entry| entry.id == *id);
    let entry = entry.ok_or(AppError::NotFound)?;
    let mut connections = editable(&state).await?.into_iter();
    let connection = connections.find(|one| one.id == entry.connection_id);
    let Some(connection) = connection.filter(|_| entry.state.lets_sign_in()) else {
        return Ok(see_other(routes::ADMIN_REDIRECT_URLS));
    };
    let page = OffPage {
        frame: Frame::of(&req, &state).at(Section::RedirectUrls),
        concerned: figures::concerned(&state.portal, &connection.id).await?,
        action: routes::of_admin_redirect_url(&id, "state"),
        connection: connection.settings.name,
        entry,
    };
    Ok(render(&page, StatusCode::OK))
}

/// The state that a URL should get.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct StateForm {
    to: String,
}

/// Changes a URL's state: registered, disabled, or enabled again.
pub(super) async fn set_state(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
    id: web::Path<String>,
    form: CheckedForm<StateForm>,
) -> Result<HttpResponse, AppError> {
    let (portal, actor) = (&state.portal, &admin.actor);
    let (moved, done) = match form.value.to.as_str() {
        "registered" => (
            redirect_urls::register(portal, actor, &id).await?,
            "registered",
        ),
        "disabled" => (
            redirect_urls::disable(portal, actor, &id).await?,
            "disabled",
        ),
        _ => return Err(AppError::BadRequest),
    };
    let problem = match moved {
        Moved::Done => return Ok(see_other(&routes::admin_redirect_urls_after(done))),
        Moved::NotNow => Problem::of(&AppError::Conflict),
        Moved::OtherInUse => Problem::new(
            StatusCode::CONFLICT,
            "redirect_url_other_in_use",
            texts!("admin-url-other"),
        ),
        Moved::SandboxRefused(error) => problem::of_redtrust(&error),
        Moved::ReadOnly => return Err(AppError::NotAllowed),
        Moved::Missing => return Err(AppError::NotFound),
    };
    let frame = Frame::of(&req, &state).languages_at(routes::ADMIN_REDIRECT_URLS);
    let problem = problem.leading_to(routes::ADMIN_REDIRECT_URLS, key("admin-url-back"));
    Ok(problem::answer(frame, problem))
}

/// The message for an action that was just completed.
fn told(done: &str) -> Option<(Tone, Key)> {
    match done {
        "entered" => Some((Tone::Info, key("admin-url-done-entered"))),
        "registered" => Some((Tone::Good, key("admin-url-done-registered"))),
        "disabled" => Some((Tone::Good, key("admin-url-done-disabled"))),
        "sandbox-refused" => Some((Tone::Warning, key("admin-url-done-sandbox-refused"))),
        _ => None,
    }
}
