//! The step that asks an admin for the own password before a change with which a stolen
//! session could do lasting harm. It has a page of its own, so that no password manager
//! fills a saved user name into the field of a key.
//!
//! A form that needs it is answered with [`ask`], which carries what was typed along; the
//! same handler then reads the password with [`read`]. [`then`] is both.

use actix_session::SessionExt;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::domain::secret::Secret;
use crate::i18n::{Key, key};
use crate::services::accounts::{self, Confirmation, Confirmed, Credentials, own};
use crate::services::limiter::Door;
use crate::services::sealed_key;
use crate::web::csrf::FIELD;
use crate::web::extractors::AccountSignedIn;
use crate::web::keeper::KEEPER;
use crate::web::known_browser;
use crate::web::page::form::{FieldErrors, Fields, FormView};
use crate::web::page::{Frame, Section, render};
use crate::web::problem::AppError;
use crate::web::session::{self, Kind};
use crate::web::state::AppState;

pub const PASSWORD: &str = "password";
const CODE: &str = "totp";
const SHARED_KEY: &str = "shared_key";
const SEALED_KEY: &str = "sealed_key";

/// What a form says about the password.
#[derive(Debug)]
pub struct Typed {
    /// If it was right, and the code of an account that has a second factor too.
    pub confirmed: Option<Confirmed>,
    /// What the page says about it when it asks again; nothing at the first time.
    pub errors: FieldErrors,
}

impl Typed {
    fn wrong(field: &'static str, message: Key) -> Self {
        Self {
            confirmed: None,
            errors: FieldErrors::one(field, message),
        }
    }

    fn wrong_password() -> Self {
        Self::wrong(PASSWORD, key("admin-password-again-wrong"))
    }
}

/// Reads the password of a form, and the code of an account that has a second factor.
/// Tries are counted as at the sign-in. If both are right, the session gets a new id.
pub async fn read(
    req: &HttpRequest,
    state: &AppState,
    admin: &AccountSignedIn,
    sent: &Fields,
) -> Result<Typed, AppError> {
    if sent.all(PASSWORD).next().is_none() {
        let (confirmed, errors) = (None, FieldErrors::new());
        return Ok(Typed { confirmed, errors });
    }
    let (portal, actor) = (&state.portal, &admin.actor);
    let who = known_browser::stranger(req, state, Door::Admin { name: &actor.name })?;
    let typed = Credentials {
        password: Secret::new(sent.get(PASSWORD)),
        code: sent.get(CODE).to_owned(),
    };
    let of = (admin.id.as_str(), session::this(req, state, Kind::Admin)?);
    match accounts::confirm(portal, of, actor, typed, &who).await? {
        Confirmation::Right(confirmed) => {
            let session = req.get_session();
            session::renew(&session)?;
            session::set_version(&session, confirmed.version())?;
            let (confirmed, errors) = (Some(*confirmed), FieldErrors::new());
            Ok(Typed { confirmed, errors })
        }
        Confirmation::Wrong => Ok(Typed::wrong_password()),
        Confirmation::WrongCode => Ok(Typed::wrong(CODE, key("second-factor-wrong"))),
        Confirmation::TooMany { wait } => Err(AppError::too_many(wait)),
    }
}

/// The same for a form that has a field for the password: without one it is wrong.
pub async fn read_here(
    req: &HttpRequest,
    state: &AppState,
    admin: &AccountSignedIn,
    sent: &Fields,
) -> Result<Result<Confirmed, FieldErrors>, AppError> {
    let typed = read(req, state, admin, sent).await?;
    Ok(match typed.confirmed {
        Some(confirmed) => Ok(confirmed),
        None if typed.errors.is_empty() => Err(Typed::wrong_password().errors),
        None => Err(typed.errors),
    })
}

/// Does `act` once the password was typed; until then the answer is the page that asks.
pub async fn then(
    req: &HttpRequest,
    state: &AppState,
    admin: &AccountSignedIn,
    sent: &Fields,
    question: Question<'_>,
    act: impl AsyncFnOnce(Confirmed) -> Result<HttpResponse, AppError>,
) -> Result<HttpResponse, AppError> {
    let typed = read(req, state, admin, sent).await?;
    match typed.confirmed {
        Some(confirmed) => act(confirmed).await,
        None => ask(req, state, admin, sent, question, typed.errors).await,
    }
}

/// The key that a form brings: typed, or sealed on the page before.
pub fn key_of(state: &AppState, connection_id: &str, sent: &Fields) -> Secret {
    let sealed = sealed_key::open(&state.portal, connection_id, sent.get(SEALED_KEY));
    sealed.unwrap_or_else(|| Secret::new(sent.get(SHARED_KEY)))
}

#[derive(Debug, Template)]
#[template(path = "admin/confirm.html")]
struct ConfirmPage {
    frame: Frame,
    form: FormView,
    action: String,
    back: String,
    username: String,
    has_second_factor: bool,
    /// What was typed before.
    carried: Vec<(String, String)>,
    /// Whether it was typed on the page that the links to other languages lead to.
    is_of_back: bool,
}

/// A page that asks.
#[derive(Debug)]
pub struct Question<'a> {
    /// Where the form goes.
    pub action: String,
    /// Where it leads back to.
    pub back: String,
    /// The connection for which a typed key is sealed.
    pub connection_id: Option<&'a str>,
    pub section: Section,
}

impl<'a> Question<'a> {
    /// Asked before the form at `here` does its work; it leads back there too.
    pub fn from(here: String, connection_id: &'a str) -> Self {
        Self {
            back: here.clone(),
            action: here,
            connection_id: Some(connection_id),
            section: Section::Connections,
        }
    }

    /// The same for a form about accounts.
    pub fn about_people(here: String) -> Self {
        Self {
            back: here.clone(),
            action: here,
            connection_id: None,
            section: Section::People,
        }
    }

    #[must_use]
    pub fn leading_back_to(self, back: String) -> Self {
        Self { back, ..self }
    }
}

/// Asks for the password, and carries `sent` along; its key sealed.
pub async fn ask(
    req: &HttpRequest,
    state: &AppState,
    admin: &AccountSignedIn,
    sent: &Fields,
    question: Question<'_>,
    errors: FieldErrors,
) -> Result<HttpResponse, AppError> {
    let is_carried =
        |name: &str| ![FIELD, KEEPER, PASSWORD, CODE, SHARED_KEY, SEALED_KEY].contains(&name);
    let carried = sent.pairs().filter(|(name, _)| is_carried(name));
    let mut carried: Vec<_> = carried
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    if let Some(connection_id) = question.connection_id {
        let shared_key = key_of(state, connection_id, sent);
        let sealed = sealed_key::seal(&state.portal, connection_id, &shared_key);
        carried.push((SEALED_KEY.to_owned(), sealed.ok_or(AppError::Internal)?));
    }
    let status = match errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = ConfirmPage {
        frame: Frame::of(req, state)
            .at(question.section)
            .languages_at(question.back.as_str()),
        form: FormView::refused(Fields::default(), errors),
        is_of_back: question.action == question.back,
        action: question.action,
        back: question.back,
        username: admin.actor.name.clone(),
        has_second_factor: own::has_second_factor(&state.portal, &admin.id).await?,
        carried,
    };
    Ok(render(&page, status))
}
