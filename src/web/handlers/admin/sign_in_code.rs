//! The second step of a sign-in: the code of an app, or a recovery code.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::begin::signed_in;
use crate::i18n::key;
use crate::services::accounts::{self, AdminSignIn, PasswordGiven};
use crate::services::limiter::Door;
use crate::web::csrf::{BeforeAdminSignIn, CheckedForm};
use crate::web::page::form::{FieldErrors, Fields, FormView};
use crate::web::page::{Frame, render, see_other};
use crate::web::problem::{self, AppError, Problem, texts};
use crate::web::state::AppState;
use crate::web::{known_browser, password_given, routes};

#[derive(Debug, Template)]
#[template(path = "admin/sign_in_code.html")]
struct CodePage {
    frame: Frame,
    form: FormView,
    username: String,
}

/// Leads to the second step.
pub(super) fn ask(
    req: &HttpRequest,
    state: &AppState,
    given: PasswordGiven,
    kept: bool,
) -> Result<HttpResponse, AppError> {
    let cookie = password_given::put(req, state, given, kept).ok_or(AppError::Internal)?;
    let mut answer = see_other(routes::ADMIN_SIGN_IN_CODE);
    let added = answer.add_cookie(&cookie);
    added.map_err(|_| AppError::Internal)?;
    Ok(answer)
}

/// The second step again, after a code that was typed beside the password was wrong.
pub(super) fn ask_again(
    req: &HttpRequest,
    state: &AppState,
    given: PasswordGiven,
    kept: bool,
) -> Result<HttpResponse, AppError> {
    let cookie = password_given::put(req, state, given.clone(), kept);
    let mut answer = wrong(req, state, &given);
    let added = answer.add_cookie(&cookie.ok_or(AppError::Internal)?);
    added.map_err(|_| AppError::Internal)?;
    Ok(answer)
}

pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, AppError> {
    let Some((given, _)) = password_given::sent(&req, &state) else {
        return Ok(too_late(&req, &state));
    };
    if !accounts::may_give_code(&state.portal, &given).await? {
        return Ok(too_late(&req, &state));
    }
    Ok(shown(&req, &state, &given, FieldErrors::new()))
}

#[derive(Debug, Deserialize)]
pub(super) struct CodeForm {
    #[serde(default)]
    totp: String,
}

pub(super) async fn give(
    req: HttpRequest,
    state: web::Data<AppState>,
    session: Session,
    form: CheckedForm<CodeForm, BeforeAdminSignIn>,
) -> Result<HttpResponse, AppError> {
    let Some((given, kept)) = password_given::sent(&req, &state) else {
        return Ok(too_late(&req, &state));
    };
    let name = given.username().to_owned();
    let who = known_browser::stranger(&req, &state, Door::Admin { name: &name })?;
    match accounts::give_code(&state.portal, given, &form.value.totp, &who).await? {
        AdminSignIn::SignedIn(new) => signed_in(&req, &state, &session, new, kept).await,
        AdminSignIn::TooMany { wait } => Err(AppError::too_many(wait)),
        AdminSignIn::WrongCode(given) | AdminSignIn::CodeNeeded(given) => {
            Ok(wrong(&req, &state, &given))
        }
        AdminSignIn::TooLate | AdminSignIn::Refused => Ok(too_late(&req, &state)),
    }
}

fn wrong(req: &HttpRequest, state: &AppState, given: &PasswordGiven) -> HttpResponse {
    let errors = FieldErrors::one("totp", key("second-factor-wrong"));
    shown(req, state, given, errors)
}

fn shown(
    req: &HttpRequest,
    state: &AppState,
    given: &PasswordGiven,
    errors: FieldErrors,
) -> HttpResponse {
    let status = match errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let frame = Frame::before_admin_sign_in(req, state);
    let page = CodePage {
        frame: frame.languages_at(routes::ADMIN_SIGN_IN_CODE),
        form: FormView::refused(Fields::default(), errors),
        username: given.username().to_owned(),
    };
    render(&page, status)
}

/// No password was given in this browser, or too long ago, or the account has changed.
fn too_late(req: &HttpRequest, state: &AppState) -> HttpResponse {
    let problem = Problem::new(
        StatusCode::BAD_REQUEST,
        "sign_in_over",
        texts!("admin-sign-in-over"),
    )
    .leading_to(routes::ADMIN_SIGN_IN, key("admin-sign-in-title"));
    let frame = Frame::before_admin_sign_in(req, state);
    problem::answer(frame.languages_at(routes::ADMIN_SIGN_IN), problem)
}
