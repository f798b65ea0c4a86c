//! Setup: the holder of a one-time link creates an account, the first one or the one that
//! an invitation is for.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::begin::begin;
use super::people::role_name;
use crate::domain::secret::Secret;
use crate::i18n::{Key, Message, key, password_problem};
use crate::services::accounts::{self, AccountProblem, NewAccount, invite};
use crate::services::{Actor, Source};
use crate::web::csrf::{BeforeAdminSignIn, CheckedForm};
use crate::web::page::form::{FieldErrors, FormView};
use crate::web::page::{Frame, render};
use crate::web::problem::{self, AppError, Problem, texts};
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "admin/setup.html")]
struct SetupPage {
    frame: Frame,
    form: FormView,
    title: Key,
    lead: Message,
    link: String,
}

impl SetupPage {
    /// The form for this link; `None` if the link is no good.
    async fn of(
        frame: Frame,
        state: &AppState,
        form: FormView,
        link: String,
    ) -> Result<Option<Self>, AppError> {
        let (title, lead) = match invite::of_link(&state.portal, &link).await? {
            Some(invitation) => {
                let role = frame.of_key(&role_name(invitation.role)).into_owned();
                let lead = key("people-setup-lead").with("role", role);
                (key("people-setup-title"), lead)
            }
            None if accounts::setup_link::is_good(&state.portal, &link).await? => {
                (key("admin-setup-title"), key("admin-setup-lead").into())
            }
            None => return Ok(None),
        };
        Ok(Some(Self {
            frame,
            form,
            title,
            lead,
            link,
        }))
    }

    fn answer(found: Option<Self>, frame: Frame, status: StatusCode) -> HttpResponse {
        match found {
            Some(page) => render(&page, status),
            None => link_is_no_good(frame),
        }
    }
}

/// `?link=...`: the secret of the one-time link.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SetupQuery {
    link: String,
}

/// Shows the form if the link is valid. Viewing it does not use up the link.
pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    query: web::Query<SetupQuery>,
) -> Result<HttpResponse, AppError> {
    let frame = Frame::before_admin_sign_in(&req, &state);
    let link = query.into_inner().link;
    let page = SetupPage::of(frame.clone(), &state, FormView::default(), link).await?;
    Ok(SetupPage::answer(page, frame, StatusCode::OK))
}

#[derive(Debug, Deserialize)]
pub(super) struct SetupForm {
    #[serde(default)]
    link: String,
    #[serde(default)]
    username: String,
    password: Option<Secret>,
}

/// Creates the account and signs it in.
pub(super) async fn create(
    req: HttpRequest,
    state: web::Data<AppState>,
    session: Session,
    source: Source,
    form: CheckedForm<SetupForm, BeforeAdminSignIn>,
) -> Result<HttpResponse, AppError> {
    let CheckedForm { value, fields, .. } = form;
    let password = value.password.unwrap_or_else(|| Secret::new(""));
    let actor = Actor {
        name: value.username.trim().to_lowercase(),
        source,
    };
    let (link, username) = (&value.link, &value.username);
    let made = accounts::create_by_link(&state.portal, link, username, password, &actor).await?;
    let path = routes::admin_setup(&value.link);
    let frame = Frame::before_admin_sign_in(&req, &state).languages_at(path);
    let problem = match made {
        NewAccount::Created(account) => return begin(&session, account),
        NewAccount::Refused(problem) => problem,
    };
    let errors = match problem {
        AccountProblem::Link | AccountProblem::Missing => return Ok(link_is_no_good(frame)),
        AccountProblem::Username => FieldErrors::one("username", key("admin-username-wrong")),
        AccountProblem::UsernameTaken => FieldErrors::one("username", key("admin-username-taken")),
        AccountProblem::UsernameAlike => FieldErrors::one("username", key("admin-username-alike")),
        AccountProblem::Password(problem) => {
            FieldErrors::one("password", password_problem::message(problem))
        }
    };
    let form = FormView::refused(fields.without("password"), errors);
    let page = SetupPage::of(frame.clone(), &state, form, value.link).await?;
    Ok(SetupPage::answer(
        page,
        frame,
        StatusCode::UNPROCESSABLE_ENTITY,
    ))
}

/// One page for used, expired and invented links, so that it reveals nothing.
fn link_is_no_good(frame: Frame) -> HttpResponse {
    let problem = Problem::new(
        StatusCode::NOT_FOUND,
        "setup_link_gone",
        texts!("admin-setup-gone"),
    )
    .leading_to(routes::ADMIN_SIGN_IN, key("admin-sign-in-title"));
    problem::answer(frame.languages_at(routes::ADMIN_SIGN_IN), problem)
}
