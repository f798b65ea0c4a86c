//! The last page of a renewal: the old certificate, the new name, and the one
//! button that orders it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::obstacles;
use crate::domain::issuance::State;
use crate::domain::key_spec::KEY_TYPE;
use crate::i18n::{Message, key};
use crate::services::issue::{self, Draft, Reviewed, Submitted};
use crate::services::renew;
use crate::storage::certificates::Certificate;
use crate::web::csrf::CheckedForm;
use crate::web::extractors::SignedIn;
use crate::web::handlers::issue::Duplicate;
use crate::web::page::form::{FieldErrors, FormView};
use crate::web::page::{Frame, Section, render, see_other};
use crate::web::problem::{self, AppError};
use crate::web::routes;
use crate::web::state::AppState;

/// Check the renewal.
#[derive(Debug, Template)]
#[template(path = "renew/check.html")]
struct CheckPage {
    frame: Frame,
    form: FormView,
    action: String,
    back: String,
    discard: String,
    attempt: i64,
    old: Certificate,
    holder: String,
    preview: String,
    key_settings: String,
    advice: Vec<Message>,
    duplicates: Vec<Duplicate>,
    stale: bool,
}

/// A renewal to work on, or where its owner finds what became of it.
enum Opened {
    /// A draft, and the certificate it renews.
    Draft(Box<(Draft, Certificate)>),
    /// It was submitted, or renews nothing: it has pages of its own.
    Elsewhere(HttpResponse),
}

async fn open(state: &AppState, user: &SignedIn, id: &str) -> Result<Opened, AppError> {
    let draft = issue::load(&state.portal, &user.caller, id).await?;
    let draft = draft.ok_or(AppError::NotFound)?;
    if draft.issuance.state != State::Draft {
        return Ok(Opened::Elsewhere(see_other(&routes::issuance(id))));
    }
    let Some(thumbprint) = &draft.issuance.renews else {
        return Ok(Opened::Elsewhere(see_other(&routes::issue_step(
            id, "check",
        ))));
    };
    let old = super::own(state, user, thumbprint.as_str()).await?;
    Ok(Opened::Draft(Box::new((draft, old))))
}

/// The page as it stands now.
pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let frame = Frame::of(&req, &state).at(Section::Renew);
    match open(&state, &user, &id).await? {
        Opened::Draft(opened) => {
            show(&state, frame, *opened, FormView::default(), StatusCode::OK).await
        }
        Opened::Elsewhere(answer) => Ok(answer),
    }
}

async fn show(
    state: &AppState,
    frame: Frame,
    (draft, old): (Draft, Certificate),
    form: FormView,
    status: StatusCode,
) -> Result<HttpResponse, AppError> {
    let id = &draft.issuance.id;
    let back = routes::renew_changed(old.thumbprint.as_str());
    let review = match issue::review(&state.portal, &draft).await? {
        Reviewed::Review(review) => review,
        Reviewed::Incomplete(_) => return Ok(see_other(&back)),
        Reviewed::NotRenewable(obstacle) => {
            return Ok(obstacles::blocked(
                frame,
                old,
                &obstacle,
                StatusCode::CONFLICT,
            ));
        }
    };
    let order = review.order;
    let advice = renew::advice(&old, state.portal.clock.now());
    let page = CheckPage {
        action: routes::renew_check(id),
        back,
        discard: routes::of_issuance(id, "discard"),
        attempt: draft.issuance.attempt,
        holder: order.dn.common_name().unwrap_or_default().to_owned(),
        preview: order.dn.preview(),
        key_settings: format!(
            "{} {}, {}, {}",
            KEY_TYPE, order.key.length, order.key.hash, order.provider
        ),
        advice: obstacles::said(&advice, &frame),
        duplicates: review.duplicates.into_iter().map(Duplicate::of).collect(),
        stale: status == StatusCode::CONFLICT,
        old,
        frame,
        form,
    };
    Ok(render(&page, status))
}

/// What the last page sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CheckForm {
    attempt: String,
    confirm: String,
}

/// Orders the renewal, once, however often this is sent.
pub async fn submit(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    id: web::Path<String>,
    form: CheckedForm<CheckForm>,
) -> Result<HttpResponse, AppError> {
    let frame = Frame::of(&req, &state).at(Section::Renew);
    let opened = match open(&state, &user, &id).await? {
        Opened::Draft(opened) => *opened,
        Opened::Elsewhere(answer) => return Ok(answer),
    };
    if form.value.confirm != "yes" {
        let mut errors = FieldErrors::new();
        errors.add("confirm", key("missing-confirm"));
        let form = FormView::refused(form.fields, errors);
        return show(
            &state,
            frame,
            opened,
            form,
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    }
    let seen = form.value.attempt.parse().unwrap_or(0);
    match issue::submit(&state.portal, &user.caller, &id, seen).await? {
        Submitted::Submitted(id) | Submitted::AlreadySubmitted(id) => {
            Ok(see_other(&routes::issuance(&id)))
        }
        Submitted::Incomplete(_) => Ok(see_other(&routes::renew_changed(
            opened.1.thumbprint.as_str(),
        ))),
        Submitted::NotRenewable(obstacle) => {
            let status = StatusCode::CONFLICT;
            Ok(obstacles::blocked(frame, opened.1, &obstacle, status))
        }
        Submitted::Missing => Err(AppError::NotFound),
        Submitted::NoConnection => Ok(problem::answer(frame, problem::connection_gone())),
        Submitted::Stale => {
            show(
                &state,
                frame,
                opened,
                FormView::default(),
                StatusCode::CONFLICT,
            )
            .await
        }
    }
}
