//! Sign-in and sign-out of admins.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::begin::signed_in;
use super::sign_in_code;
use crate::domain::secret::Secret;
use crate::i18n::key;
use crate::services::accounts::{self, AdminSignIn, Credentials};
use crate::services::limiter::Door;
use crate::web::csrf::{BeforeAdminSignIn, CheckedForm, NoContent};
use crate::web::extractors::AccountSignedIn;
use crate::web::handlers::sign_out::{self, goodbye};
use crate::web::known_browser;
use crate::web::page::form::{FieldErrors, FormView};
use crate::web::page::{Frame, Tone, render, see_other};
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

fn admin_said(frame: Frame, out: &str) -> Frame {
    match out {
        "here" => frame.banner(Tone::Good, key("admin-signed-out")),
        "everywhere" => frame,
        _ => sign_out::said(frame, out),
    }
}

/// `?kept=yes&out=here`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SignInQuery {
    kept: String,
    /// How somebody signed out to come here.
    out: String,
}

/// The form; an admin who is already signed in is redirected.
pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    session: Session,
    query: web::Query<SignInQuery>,
) -> HttpResponse {
    if let Some(Identity::Admin(account)) = session::identity(&session) {
        return see_other(routes::home_of(account.role));
    }
    let page = SignInPage {
        frame: admin_said(Frame::before_admin_sign_in(&req, &state), &query.out),
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
    /// For clients that give both at once; people are asked in a second step.
    #[serde(default)]
    totp: String,
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
    let who = known_browser::stranger(&req, &state, Door::Admin { name })?;
    let typed = Credentials {
        password: value.password.unwrap_or_else(|| Secret::new("")),
        code: value.totp,
    };
    match accounts::sign_in(&state.portal, name, typed, &who).await? {
        AdminSignIn::SignedIn(new) => return signed_in(&req, &state, &session, new, kept).await,
        AdminSignIn::CodeNeeded(given) => return sign_in_code::ask(&req, &state, given, kept),
        AdminSignIn::WrongCode(given) => return sign_in_code::ask_again(&req, &state, given, kept),
        AdminSignIn::TooMany { wait } => return Err(AppError::too_many(wait)),
        AdminSignIn::Refused | AdminSignIn::TooLate => {}
    }
    let errors = FieldErrors::one("username", key("admin-sign-in-refused"));
    let page = SignInPage {
        frame: Frame::before_admin_sign_in(&req, &state),
        form: FormView::refused(fields.without("password").without("totp"), errors),
        kept,
    };
    Ok(render(&page, StatusCode::UNPROCESSABLE_ENTITY))
}

pub(super) async fn sign_out(
    session: Session,
    _account: AccountSignedIn,
    _form: CheckedForm<NoContent>,
) -> HttpResponse {
    session::end(&session);
    tracing::info!(event = "signed_out");
    goodbye(&routes::signed_out(routes::ADMIN_SIGN_IN, "here"))
}
