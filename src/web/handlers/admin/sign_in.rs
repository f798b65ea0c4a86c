//! Sign-in and sign-out of admins.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::domain::secret::Secret;
use crate::i18n::key;
use crate::services::accounts::{self, Account, AdminSignIn};
use crate::services::kept_forms;
use crate::services::limiter::Door;
use crate::web::csrf::{BeforeAdminSignIn, CheckedForm, NoContent};
use crate::web::extractors::AdminSignedIn;
use crate::web::handlers::sign_out::goodbye;
use crate::web::known_browser;
use crate::web::page::form::{FieldErrors, FormView};
use crate::web::page::{Frame, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::session::{self, Identity};
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "admin/sign_in.html")]
struct SignInPage {
    frame: Frame,
    form: FormView,
    /// Whether a form was kept, to be shown after the sign-in.
    kept: bool,
}

/// `?kept=yes`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SignInQuery {
    kept: String,
}

/// The form; an admin who is already signed in is redirected.
pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    session: Session,
    query: web::Query<SignInQuery>,
) -> HttpResponse {
    if matches!(session::identity(&session), Some(Identity::Admin(_))) {
        return see_other(routes::ADMIN);
    }
    let page = SignInPage {
        frame: Frame::before_admin_sign_in(&req, &state),
        form: FormView::default(),
        kept: query.kept == "yes",
    };
    render(&page, StatusCode::OK)
}

#[derive(Debug, Deserialize)]
pub(super) struct SignInForm {
    #[serde(default)]
    username: String,
    password: Option<Secret>,
    #[serde(default)]
    kept: String,
}

pub(super) async fn sign_in(
    req: HttpRequest,
    state: web::Data<AppState>,
    session: Session,
    form: CheckedForm<SignInForm, BeforeAdminSignIn>,
) -> Result<HttpResponse, AppError> {
    let CheckedForm { value, fields, .. } = form;
    let kept = value.kept == "yes";
    let name = &value.username;
    let door = Door::Admin { name };
    let who = known_browser::stranger(&req, &state, door)?;
    let password = value.password.unwrap_or_else(|| Secret::new(""));
    match accounts::sign_in(&state.portal, name, password, &who).await? {
        AdminSignIn::SignedIn(account) => {
            let place = match kept {
                true => kept_forms::latest_place(&state.portal, &account.id).await?,
                false => None,
            };
            let begun = begin(&session, account)?;
            let mut answer = place.map_or(begun, |place| see_other(&routes::with_kept(&place)));
            known_browser::remember(&req, &state, door, &mut answer)?;
            return Ok(answer);
        }
        AdminSignIn::TooMany { wait } => return Err(AppError::too_many(wait)),
        AdminSignIn::Refused => {}
    }
    let errors = FieldErrors::one("username", key("admin-sign-in-refused"));
    let page = SignInPage {
        frame: Frame::before_admin_sign_in(&req, &state),
        form: FormView::refused(fields.without("password"), errors),
        kept,
    };
    Ok(render(&page, StatusCode::UNPROCESSABLE_ENTITY))
}

/// Starts the session and leads to the task list.
pub(super) fn begin(session: &Session, account: Account) -> Result<HttpResponse, AppError> {
    let admin = session::Admin {
        admin: account.id,
        username: account.username,
    };
    session::begin(session, &Identity::Admin(admin))?;
    Ok(see_other(routes::ADMIN))
}

pub(super) async fn sign_out(
    session: Session,
    _admin: AdminSignedIn,
    _form: CheckedForm<NoContent>,
) -> HttpResponse {
    session::end(&session);
    tracing::info!(event = "signed_out");
    goodbye(routes::ADMIN_SIGN_IN)
}
