//! Sign-in: the chooser, and the page of one connection with its two forms.

use std::sync::Arc;

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::domain::connection::{Connection, Slug};
use crate::domain::issuance::ServerMessage;
use crate::domain::login_attempt::Destination;
use crate::domain::secret::Secret;
use crate::domain::tokens::usable_subject;
use crate::i18n::key;
use crate::services::connections::{Redtrust, Trouble};
use crate::services::sign_in::{self, Begun, Credentials, Direct, DirectRefusal, UrlProblem};
use crate::web::csrf::{BeforeSignIn, CheckedForm};
use crate::web::handlers::begin::{adopt, to_be};
use crate::web::handlers::{advice, sign_out};
use crate::web::page::form::{FieldErrors, Fields, FormView};
use crate::web::page::{Frame, Said, Tone, render, see_other};
use crate::web::problem::{self, AppError, Problem, Texts, texts};
use crate::web::state::AppState;
use crate::web::{attempt_cookie, destination, known_browser, last_connection, routes};

/// `?connection=SLUG&go=...&out=...`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SignInQuery {
    connection: String,
    go: String,
    /// How somebody signed out to come here.
    out: String,
}

#[derive(Debug, Template)]
#[template(path = "sign_in/chooser.html")]
struct ChooserPage {
    frame: Frame,
    connections: Vec<Offered>,
}

/// A connection in the chooser.
#[derive(Debug)]
struct Offered {
    name: String,
    href: String,
    /// Last used in this browser.
    last: bool,
}

#[derive(Debug, Template)]
#[template(path = "sign_in/page.html")]
struct SignInPage {
    frame: Frame,
    form: FormView,
    connection: Connection,
    go: String,
    others: bool,
    /// What Redtrust said to the last attempt.
    said: Vec<Said>,
}

impl SignInPage {
    fn new(frame: Frame, state: &AppState, connection: &Connection, go: String) -> Self {
        Self {
            frame: warned(frame, state, connection),
            form: FormView::default(),
            connection: connection.clone(),
            go,
            others: false,
            said: Vec::new(),
        }
    }
}

/// Asks for a connection by its short name, where strangers see no list of them.
#[derive(Debug, Template)]
#[template(path = "sign_in/ask.html")]
struct AskPage {
    frame: Frame,
    form: FormView,
    go: String,
}

/// The chooser, or the sign-in page if there is only one connection.
pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    query: web::Query<SignInQuery>,
) -> Result<HttpResponse, AppError> {
    let all = state.portal.connections.all().await?;
    let enabled: Vec<_> = all.iter().filter(|connection| connection.enabled).collect();
    let frame = sign_out::said(Frame::before_sign_in(&req, &state), &query.out);
    let go_to = destination::from_text(&query.go);
    let hidden = state.settings.hide_connections;
    // People type it, too.
    let named = query.connection.trim().to_lowercase();
    let chosen = match (named.as_str(), enabled.as_slice()) {
        ("", [only]) if !hidden => Some(*only),
        (slug, _) => enabled
            .iter()
            .copied()
            .find(|connection| connection.slug.as_str() == slug),
    };
    if let Some(connection) = chosen {
        let page = SignInPage {
            others: hidden || enabled.len() > 1,
            ..SignInPage::new(frame, &state, connection, go_to.to_string())
        };
        return Ok(show(&req, &page, StatusCode::OK));
    }
    if !named.is_empty() {
        return Ok(problem::answer(frame, no_connection()));
    }
    let last = last_connection::of(&req, &state);
    if hidden {
        return Ok(ask(frame, last, &go_to));
    }
    let offered = |connection: &&Connection| Offered {
        name: connection.settings.name.clone(),
        href: routes::sign_in(Some(&connection.slug), &go_to),
        last: last.as_ref() == Some(&connection.slug),
    };
    Ok(choose(frame, enabled.iter().map(offered).collect()))
}

fn choose(frame: Frame, mut connections: Vec<Offered>) -> HttpResponse {
    connections.sort_by_key(|connection| !connection.last);
    render(&ChooserPage { frame, connections }, StatusCode::OK)
}

fn ask(frame: Frame, last: Option<Slug>, go_to: &Destination) -> HttpResponse {
    let last = last.map_or_else(String::new, |slug| slug.to_string());
    let page = AskPage {
        frame,
        form: FormView::filled(Fields::of([("connection", &last)])),
        go: go_to.to_string(),
    };
    render(&page, StatusCode::OK)
}

/// Adds a warning about known problems, from the calls that this node made.
fn warned(frame: Frame, state: &AppState, connection: &Connection) -> Frame {
    let portal = &state.portal;
    let troubles = portal
        .connections
        .troubles(connection, portal.clock.now())
        .into_iter()
        .filter(|trouble| trouble.hinders_people());
    troubles.fold(frame, |frame, trouble| {
        let text = match trouble {
            Trouble::Untrusted | Trouble::Failing(_) => key("sign-in-unreachable"),
            Trouble::ClockAhead(_) | Trouble::ClockBehind(_) => key("sign-in-clock"),
        };
        frame.banner(Tone::Warning, text)
    })
}

/// The form redirects to Redtrust's origin: the security policy of this page must
/// name it, or Chromium silently blocks the redirect.
fn show(req: &HttpRequest, page: &SignInPage, status: StatusCode) -> HttpResponse {
    let mut targets = vec![page.connection.settings.base_url.origin().clone()];
    targets.extend(
        page.connection
            .settings
            .extra_sign_in_origins
            .iter()
            .cloned(),
    );
    Frame::allow_form_targets(req, targets);
    render(page, status)
}

/// The form that leads to Redtrust.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RedtrustForm {
    connection: String,
    go: String,
}

/// Stores the attempt in an encrypted cookie and redirects to Redtrust.
pub async fn to_redtrust(
    req: HttpRequest,
    state: web::Data<AppState>,
    form: CheckedForm<RedtrustForm, BeforeSignIn>,
) -> Result<HttpResponse, AppError> {
    let frame = || Frame::before_sign_in(&req, &state).languages_at(routes::SIGN_IN);
    let Ok(slug) = form.value.connection.parse::<Slug>() else {
        return Ok(problem::answer(frame(), no_connection()));
    };
    let go_to = destination::from_text(&form.value.go);
    let problem = match sign_in::begin(&state.portal, &slug, go_to).await? {
        Begun::Go { url, attempt } => {
            let cookies = attempt_cookie::put(&req, &state, &attempt).ok_or(AppError::Internal)?;
            let mut answer = see_other(&url);
            for cookie in cookies {
                answer.add_cookie(&cookie).map_err(|_| AppError::Internal)?;
            }
            return Ok(answer);
        }
        Begun::NoConnection => no_connection(),
        Begun::NoRedirectUrl(problem) => redirect_url_problem(problem),
        Begun::BadKey(error) => {
            tracing::error!(event = "shared_key_unusable", connection = %slug, %error);
            Problem::new(
                StatusCode::CONFLICT,
                "shared_key_unusable",
                texts!("sign-in-key"),
            )
        }
    };
    Ok(problem::answer(frame(), problem))
}

fn no_connection() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "no_connection",
        texts!("sign-in-no-connection"),
    )
    .leading_to(routes::SIGN_IN, key("sign-in-choose-again"))
}

/// Why nobody can sign in with a connection's redirect URL, and what the admin has
/// to do about it.
pub fn redirect_url_problem(problem: UrlProblem) -> Problem {
    let (code, title, next) = match problem {
        UrlProblem::Missing => (
            "redirect_url_missing",
            key("sign-in-url-missing-title"),
            key("sign-in-url-missing-next"),
        ),
        UrlProblem::Draft => (
            "redirect_url_draft",
            key("sign-in-url-draft-title"),
            key("sign-in-url-draft-next"),
        ),
        UrlProblem::Disabled => (
            "redirect_url_disabled",
            key("sign-in-url-disabled-title"),
            key("sign-in-url-disabled-next"),
        ),
        UrlProblem::Moved => (
            "redirect_url_moved",
            key("sign-in-url-missing-title"),
            key("sign-in-url-moved-next"),
        ),
    };
    let what = key("sign-in-url-what");
    Problem::new(StatusCode::CONFLICT, code, Texts { title, what, next })
        .leading_to(routes::SIGN_IN, key("sign-in-choose-again"))
}

/// The form of an application user.
#[derive(Debug, Deserialize)]
pub struct DirectForm {
    #[serde(default)]
    connection: String,
    #[serde(default)]
    username: String,
    password: Option<Secret>,
    #[serde(default)]
    domain: String,
    #[serde(default)]
    go: String,
}

pub async fn direct(
    req: HttpRequest,
    state: web::Data<AppState>,
    session: Session,
    CheckedForm { value, fields, .. }: CheckedForm<DirectForm, BeforeSignIn>,
) -> Result<HttpResponse, AppError> {
    let frame = || Frame::before_sign_in(&req, &state).languages_at(routes::SIGN_IN);
    let Some(redtrust) = named(&state, &value.connection).await? else {
        return Ok(problem::answer(frame(), no_connection()));
    };
    let at = (&redtrust.connection, &*value.go);
    let password = value.password.unwrap_or_else(|| Secret::new(""));
    let errors = entered_wrong(&fields, &password);
    if !errors.is_empty() {
        return Ok(show_refused(&req, &state, at, fields, (errors, None)));
    }
    let credentials = Credentials::new(&value.username, Some(&value.domain), password);
    let login = credentials.login();
    let door = redtrust.direct_door(&login);
    let who = known_browser::stranger(&req, &state, door)?;
    let to_be = to_be(&state, frame().lang);
    let direct = sign_in::direct(&state.portal, &redtrust, credentials, to_be, &who);
    let problem = match direct.await? {
        Direct::SignedIn { session: id } => {
            adopt(&req, &state, &session, &id).await?;
            let go_to = destination::from_text(&value.go);
            let mut answer = go_on(&state, &redtrust.connection.slug, &go_to)?;
            known_browser::remember(&req, &state, door, "", &mut answer)?;
            return Ok(answer);
        }
        Direct::Refused(DirectRefusal::TooMany { wait }) => return Err(AppError::too_many(wait)),
        Direct::Refused(DirectRefusal::Refused(said)) => {
            let words = in_words(said, at.0);
            return Ok(show_refused(&req, &state, at, fields, words));
        }
        Direct::Refused(DirectRefusal::NotOffered) => no_connection(),
        Direct::Refused(DirectRefusal::Failed(error)) => problem::of_redtrust(&error),
    };
    Ok(problem::answer(frame(), problem))
}

fn show_refused(
    req: &HttpRequest,
    state: &AppState,
    (connection, go): (&Connection, &str),
    fields: Fields,
    (errors, said): (FieldErrors, Option<Said>),
) -> HttpResponse {
    let frame = Frame::before_sign_in(req, state).languages_at(routes::SIGN_IN);
    let page = SignInPage {
        form: FormView::refused(fields.without("password"), errors),
        said: said.into_iter().collect(),
        ..SignInPage::new(frame, state, connection, go.to_owned())
    };
    show(req, &page, StatusCode::UNPROCESSABLE_ENTITY)
}

/// What Redtrust's refusal means. Its own words are not quoted where they could tell a
/// wrong password from an unknown user.
fn in_words(said: ServerMessage, connection: &Connection) -> (FieldErrors, Option<Said>) {
    let (what, said) = match advice::at_sign_in(said.class()) {
        Some(advice) => (advice, Some(Said::error(said, Some(connection)))),
        None => (key("sign-in-credentials"), None),
    };
    (FieldErrors::one("username", what), said)
}

async fn named(state: &AppState, text: &str) -> Result<Option<Arc<Redtrust>>, AppError> {
    match text.parse::<Slug>() {
        Ok(slug) => Ok(state.portal.connections.by_slug(&slug).await?),
        Err(_) => Ok(None),
    }
}

/// Redirects to the requested destination after signing in at `connection`.
pub fn go_on(
    state: &AppState,
    connection: &Slug,
    go_to: &Destination,
) -> Result<HttpResponse, AppError> {
    let mut answer = see_other(&destination::path(go_to));
    let last = last_connection::remember(state, connection);
    answer.add_cookie(&last).map_err(|_| AppError::Internal)?;
    Ok(answer)
}

fn entered_wrong(fields: &Fields, password: &Secret) -> FieldErrors {
    let mut errors = FieldErrors::new();
    let (username, domain) = (fields.get("username").trim(), fields.get("domain").trim());
    if username.is_empty() {
        errors.add("username", key("sign-in-username-blank"));
    } else if usable_subject(username).is_none() {
        errors.add("username", key("sign-in-username-unfit"));
    }
    if !domain.is_empty() && usable_subject(domain).is_none() {
        errors.add("domain", key("sign-in-domain-unfit"));
    }
    if password.expose().is_empty() {
        errors.add("password", key("sign-in-password-blank"));
    }
    errors
}
