//! The own account: what it is, and a new password.

mod again;
mod mail;
mod second_factor;

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::confirm;
use crate::config::SecondFactor;
use crate::domain::secret::Secret;
use crate::i18n::{key, password_problem};
use crate::services::accounts::own::{self, NewPasswordProblem};
use crate::services::accounts::{Account, Role};
use crate::web::csrf::{CheckedForm, NoContent};
use crate::web::extractors::AccountSignedIn;
use crate::web::page::form::{FieldErrors, Fields, FormView};
use crate::web::page::{Frame, Tone, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes::{self, Guard, Route};
use crate::web::session;
use crate::web::state::AppState;

pub const ROUTES: &[Route] = &[
    Route::get(routes::ADMIN_ACCOUNT, Guard::Account, |route| {
        route.to(page)
    }),
    Route::post(routes::ADMIN_ACCOUNT, Guard::Account, |route| {
        route.to(change_password)
    }),
    Route::get(routes::ADMIN_ACCOUNT_MAIL, Guard::Officer, |route| {
        route.to(mail::page)
    }),
    Route::post(routes::ADMIN_ACCOUNT_MAIL, Guard::Officer, |route| {
        route.to(mail::save)
    }),
    Route::get(routes::ADMIN_SECOND_FACTOR, Guard::Account, |route| {
        route.to(second_factor::page)
    }),
    Route::post(routes::ADMIN_SECOND_FACTOR, Guard::Account, |route| {
        route.to(second_factor::switch_on)
    }),
    Route::get(routes::ADMIN_SECOND_FACTOR_OFF, Guard::Account, |route| {
        route.to(again::ask_off)
    }),
    Route::post(routes::ADMIN_SECOND_FACTOR_OFF, Guard::Account, |route| {
        route.to(again::switch_off)
    }),
    Route::get(routes::ADMIN_RECOVERY_CODES, Guard::Account, |route| {
        route.to(again::ask_codes)
    }),
    Route::post(routes::ADMIN_RECOVERY_CODES, Guard::Account, |route| {
        route.to(again::new_codes)
    }),
];

const NEW_PASSWORD: &str = "new_password";

/// Recovery codes that are so few that the page says so.
const FEW: usize = 3;

#[derive(Debug, Template)]
#[template(path = "admin/account/page.html")]
struct AccountPage {
    frame: Frame,
    form: FormView,
    account: Account,
    /// Where mail goes, empty if nowhere; `None` if there is no address to give.
    mail: Option<String>,
}

impl AccountPage {
    const fn has_second_factor(&self) -> bool {
        self.account.totp_secret.is_some()
    }

    fn codes_left(&self) -> i64 {
        i64::try_from(self.account.recovery_codes.len()).unwrap_or(i64::MAX)
    }

    fn codes_are_few(&self) -> bool {
        self.account.recovery_codes.len() <= FEW
    }
}

/// `?done=password`: what was done, to say so.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AccountQuery {
    done: String,
}

async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    session: Session,
    admin: AccountSignedIn,
    query: web::Query<AccountQuery>,
) -> Result<HttpResponse, AppError> {
    let frame = Frame::of(&req, &state);
    let frame = match query.done.as_str() {
        "password" => frame.banner(Tone::Good, key("admin-account-password-changed")),
        "mail" => frame.banner(Tone::Good, key("mail-saved")),
        "off" => frame.banner(Tone::Good, key("admin-account-second-factor-off")),
        _ => frame,
    };
    shown(&state, &session, frame, &admin.id, FieldErrors::new()).await
}

/// Officers hear of outcomes that are not known; others read of them, or are named in the
/// configuration.
fn gets_mail(state: &AppState, role: Role) -> bool {
    role == Role::Officer && state.portal.mail.is_some()
}

/// Leads to the page, which says what was done.
fn after(done: &str) -> HttpResponse {
    see_other(&format!("{}?done={done}", routes::ADMIN_ACCOUNT))
}

/// Says that nothing else is open before the second factor is on, where that is so.
fn demanding(frame: Frame, state: &AppState) -> Frame {
    match state.settings.second_factor {
        SecondFactor::Required => frame.banner(Tone::Warning, key("admin-second-factor-required")),
        SecondFactor::Optional => frame,
    }
}

async fn shown(
    state: &AppState,
    session: &Session,
    mut frame: Frame,
    id: &str,
    errors: FieldErrors,
) -> Result<HttpResponse, AppError> {
    let account = own::account(&state.portal, id).await?;
    if !session::has_second_factor(session) {
        frame = demanding(frame, state);
    }
    if session::has_weak_password(session) {
        frame = frame.banner(Tone::Warning, key("admin-account-password-weak"));
    }
    let status = match errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let account = account.ok_or(AppError::AdminSignInNeeded)?;
    let page = AccountPage {
        frame: frame.languages_at(routes::ADMIN_ACCOUNT),
        form: FormView::refused(Fields::default(), errors),
        mail: mail::address(state, &account).await?,
        account,
    };
    Ok(render(&page, status))
}

async fn change_password(
    req: HttpRequest,
    state: web::Data<AppState>,
    session: Session,
    admin: AccountSignedIn,
    form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    let (portal, actor) = (&state.portal, &admin.actor);
    let current = Secret::new(form.fields.get(confirm::PASSWORD));
    let new = Secret::new(form.fields.get(NEW_PASSWORD));
    let checked = own::check_new_password(portal, &actor.name, &current, &new).await?;
    let errors = match checked {
        Err(problem) => FieldErrors::one(NEW_PASSWORD, refusal(problem)),
        Ok(()) => match confirm::read_here(&req, &state, &admin, &form.fields).await? {
            Ok(mut confirmed) => {
                own::change_password(portal, &mut confirmed, actor, new).await?;
                session::set_version(&session, confirmed.version())?;
                session::set_weak_password(&session, false)?;
                state.sessions.forget_all();
                return Ok(after("password"));
            }
            Err(errors) => errors,
        },
    };
    let frame = Frame::of(&req, &state);
    shown(&state, &session, frame, &admin.id, errors).await
}

fn refusal(problem: NewPasswordProblem) -> crate::i18n::Key {
    match problem {
        NewPasswordProblem::Same => key("password-same"),
        NewPasswordProblem::Refused(problem) => password_problem::message(problem),
    }
}
