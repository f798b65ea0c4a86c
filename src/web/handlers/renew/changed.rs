//! "Has any of this changed?" Only unchanged data is renewed; a change leads to
//! a new issue with the answers copied. The answer makes the draft.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::{obstacles, own};
use crate::i18n::{Message, key};
use crate::services::ids;
use crate::services::issue::{self, Saved};
use crate::services::renew::{self, Obstacle, Renewal};
use crate::storage::certificates::Certificate;
use crate::web::csrf::CheckedForm;
use crate::web::extractors::SignedIn;
use crate::web::kept_form::kept;
use crate::web::page::form::{Choice, FieldErrors, FormView};
use crate::web::page::{Frame, Section, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

/// Has any of this changed?
#[derive(Debug, Template)]
#[template(path = "renew/changed.html")]
struct ChangedPage {
    frame: Frame,
    form: FormView,
    action: String,
    draft: String,
    certificate: Certificate,
    advice: Vec<Message>,
}

impl ChangedPage {
    fn choices(&self) -> Vec<Choice> {
        vec![
            Choice::new("no", self.frame.t("renew-changed-no"))
                .hint(self.frame.t("renew-changed-no-hint")),
            Choice::new("yes", self.frame.t("renew-changed-yes"))
                .hint(self.frame.t("renew-changed-yes-hint")),
        ]
    }
}

/// The question, or why there is none.
pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    thumbprint: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let certificate = own(&state, &user, &thumbprint).await?;
    let frame = Frame::of(&req, &state).at(Section::Renew);
    if let Some(obstacle) = renew::obstacle(&certificate, state.portal.clock.now()) {
        return Ok(obstacles::blocked(
            frame,
            certificate,
            &obstacle,
            StatusCode::OK,
        ));
    }
    let kept = kept(&req, &state, &user).await?;
    let draft = match &kept {
        Some(kept) => kept.get("draft").to_owned(),
        None => ids::new_id(),
    };
    let form = FormView::filled(kept.unwrap_or_default());
    let status = StatusCode::OK;
    Ok(show(&state, frame, certificate, form, draft, status))
}

fn show(
    state: &AppState,
    frame: Frame,
    certificate: Certificate,
    form: FormView,
    draft: String,
    status: StatusCode,
) -> HttpResponse {
    let advice = renew::advice(&certificate, state.portal.clock.now());
    let page = ChangedPage {
        advice: obstacles::said(&advice, &frame),
        action: routes::renew_changed(certificate.thumbprint.as_str()),
        frame,
        form,
        draft,
        certificate,
    };
    render(&page, status)
}

/// What the question's form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChangedForm {
    draft: String,
    data_changed: String,
}

/// Begins the renewal, or the new issue in its place.
pub async fn answer(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    thumbprint: web::Path<String>,
    form: CheckedForm<ChangedForm>,
) -> Result<HttpResponse, AppError> {
    let certificate = own(&state, &user, &thumbprint).await?;
    let frame = Frame::of(&req, &state).at(Section::Renew);
    let (portal, who) = (&state.portal, user.caller.clone());
    let (draft, old) = (form.value.draft, certificate.thumbprint.clone());
    match form.value.data_changed.as_str() {
        "no" => match renew::begin_renewal(portal, &who, &old, &draft).await? {
            Renewal::Draft(id) | Renewal::UnderWay(id) => unchanged(&state, &user, &id).await,
            Renewal::Blocked(obstacle) => Ok(refused(frame, certificate, &obstacle)),
            Renewal::Missing => Err(AppError::BadRequest),
        },
        "yes" => match renew::begin_anew(portal, &who, &old, &draft).await? {
            Renewal::Draft(id) | Renewal::UnderWay(id) => {
                Ok(see_other(&routes::issue_step(&id, "kind")))
            }
            Renewal::Blocked(obstacle) => Ok(refused(frame, certificate, &obstacle)),
            Renewal::Missing => Err(AppError::BadRequest),
        },
        _ => {
            let mut errors = FieldErrors::new();
            errors.add("data_changed", key("missing-data-changed"));
            let form = FormView::refused(form.fields, errors);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(show(&state, frame, certificate, form, draft, status))
        }
    }
}

fn refused(frame: Frame, certificate: Certificate, obstacle: &Obstacle) -> HttpResponse {
    obstacles::blocked(frame, certificate, obstacle, StatusCode::CONFLICT)
}

/// Notes the answer in the draft, and on to the check. A renewal that has been
/// submitted has a page of its own.
async fn unchanged(state: &AppState, user: &SignedIn, id: &str) -> Result<HttpResponse, AppError> {
    let who = user.caller.clone();
    let draft = issue::load(&state.portal, &who, id).await?;
    let draft = draft.ok_or(AppError::NotFound)?;
    let mut answers = draft.answers;
    "no".clone_into(&mut answers.data_changed);
    let seen = draft.issuance.attempt;
    match issue::save_answers(&state.portal, &who, id, seen, &answers).await? {
        Saved::Saved { .. } | Saved::Stale(_) => Ok(see_other(&routes::renew_check(id))),
        Saved::Submitted => Ok(see_other(&routes::issuance(id))),
        Saved::Missing => Err(AppError::NotFound),
    }
}
