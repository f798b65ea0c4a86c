//! What asks for the password and a code before it is done: switching the second factor
//! off, and new recovery codes.

use actix_session::SessionExt;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::after;
use crate::domain::secret::Secret;
use crate::i18n::{Key, key};
use crate::services::accounts::own;
use crate::web::csrf::{CheckedForm, NoContent};
use crate::web::extractors::AccountSignedIn;
use crate::web::handlers::admin::confirm;
use crate::web::page::form::{FieldErrors, Fields, FormView};
use crate::web::page::{Frame, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::session;
use crate::web::state::AppState;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
enum Act {
    Off,
    NewCodes,
}

impl Act {
    const fn path(self) -> &'static str {
        match self {
            Self::Off => routes::ADMIN_SECOND_FACTOR_OFF,
            Self::NewCodes => routes::ADMIN_RECOVERY_CODES,
        }
    }

    const fn title(self) -> Key {
        match self {
            Self::Off => key("admin-second-factor-off-title"),
            Self::NewCodes => key("admin-recovery-codes-new-title"),
        }
    }

    const fn lead(self) -> Key {
        match self {
            Self::Off => key("admin-second-factor-off-lead"),
            Self::NewCodes => key("admin-recovery-codes-new-lead"),
        }
    }

    const fn button(self) -> Key {
        match self {
            Self::Off => key("admin-second-factor-off"),
            Self::NewCodes => key("admin-recovery-codes-new"),
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "admin/account/again.html")]
struct AskPage {
    frame: Frame,
    form: FormView,
    act: Act,
}

/// The recovery codes, which are shown this once.
#[derive(Debug, Template)]
#[template(path = "admin/account/codes.html")]
pub(super) struct Codes {
    frame: Frame,
    codes: Vec<String>,
    /// Whether the second factor was switched on just now.
    is_first: bool,
}

impl Codes {
    pub(super) fn new(frame: Frame, codes: &[Secret], is_first: bool) -> Self {
        let halves = codes.iter().map(|code| {
            let (first, second) = code.expose().split_at_checked(5).unwrap_or_default();
            format!("{first}-{second}")
        });
        Self {
            frame: frame.languages_at(routes::ADMIN_ACCOUNT),
            codes: halves.collect(),
            is_first,
        }
    }
}

pub(super) async fn ask_off(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AccountSignedIn,
) -> Result<HttpResponse, AppError> {
    ask(&req, &state, &admin, Act::Off, FieldErrors::new()).await
}

pub(super) async fn ask_codes(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AccountSignedIn,
) -> Result<HttpResponse, AppError> {
    ask(&req, &state, &admin, Act::NewCodes, FieldErrors::new()).await
}

async fn ask(
    req: &HttpRequest,
    state: &AppState,
    admin: &AccountSignedIn,
    act: Act,
    errors: FieldErrors,
) -> Result<HttpResponse, AppError> {
    if !own::has_second_factor(&state.portal, &admin.id).await? {
        return Ok(see_other(routes::ADMIN_ACCOUNT));
    }
    let status = match errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = AskPage {
        frame: Frame::of(req, state).languages_at(act.path()),
        form: FormView::refused(Fields::default(), errors),
        act,
    };
    Ok(render(&page, status))
}

pub(super) async fn switch_off(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AccountSignedIn,
    form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    match confirm::read_here(&req, &state, &admin, &form.fields).await? {
        Ok(mut confirmed) => {
            own::switch_off(&state.portal, &mut confirmed, &admin.actor).await?;
            let session = req.get_session();
            session::set_version(&session, confirmed.version())?;
            session::set_second_factor(&session, false)?;
            state.sessions.forget_all();
            Ok(after("off"))
        }
        Err(errors) => ask(&req, &state, &admin, Act::Off, errors).await,
    }
}

pub(super) async fn new_codes(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AccountSignedIn,
    form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    let confirmed = match confirm::read_here(&req, &state, &admin, &form.fields).await? {
        Ok(confirmed) => confirmed,
        Err(errors) => return ask(&req, &state, &admin, Act::NewCodes, errors).await,
    };
    match own::new_recovery_codes(&state.portal, &confirmed, &admin.actor).await? {
        Some(codes) => {
            let page = Codes::new(Frame::of(&req, &state), &codes, false);
            Ok(render(&page, StatusCode::OK))
        }
        None => Ok(see_other(routes::ADMIN_ACCOUNT)),
    }
}
