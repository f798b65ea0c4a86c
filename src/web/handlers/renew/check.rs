//! The last page of a renewal: the old certificate, the new name, and the one button
//! that orders it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::obstacles;
use crate::domain::answers::Step;
use crate::domain::certificate::Certificate;
use crate::domain::key_spec::KEY_TYPE;
use crate::i18n::key;
use crate::services::issue::{self, Draft, NotReady, Submitted};
use crate::web::csrf::CheckedForm;
use crate::web::extractors::SignedIn;
use crate::web::handlers::issue::{Duplicates, count_press};
use crate::web::handlers::lists::way_back::WayBack;
use crate::web::handlers::may_not_issue;
use crate::web::page::form::{FieldErrors, FormView};
use crate::web::page::{Frame, Section, render, see_other};
use crate::web::problem::{self, AppError};
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "renew/check.html")]
struct CheckPage {
    frame: Frame,
    form: FormView,
    action: String,
    back: String,
    discard: String,
    version: i64,
    old: Certificate,
    holder: String,
    preview: String,
    key_settings: String,
    advice: obstacles::Advice,
    duplicates: Duplicates,
    /// The marks of those.
    known: String,
    stale: bool,
}

/// This person's draft of a renewal, and the certificate it renews. Submitted
/// issuances and other drafts redirect to their own pages.
async fn open(
    state: &AppState,
    user: &SignedIn,
    id: &str,
) -> Result<(Draft, Certificate), AppError> {
    let draft = issue::load(&state.portal, &user.caller, id).await?;
    let draft = draft.ok_or(AppError::NotFound)?;
    if !draft.is_draft() {
        return Err(AppError::Elsewhere(routes::issuance(id)));
    }
    let Some(thumbprint) = draft.issuance.renews.as_ref().filter(|_| draft.is_repeat) else {
        let check = routes::issue_step(id, Step::Check.as_str());
        return Err(AppError::Elsewhere(check));
    };
    let old = super::own(state, user, thumbprint.as_str()).await?;
    Ok((draft, old))
}

pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let frame = Frame::of(&req, &state).at(Section::Renew);
    let frame = may_not_issue::warned(frame, &state, &user).await?;
    let opened = open(&state, &user, &id).await?;
    let at = (frame, WayBack::kept(&req));
    show(&state, at, opened, FormView::default(), StatusCode::OK).await
}

async fn show(
    state: &AppState,
    (frame, way): (Frame, WayBack),
    (draft, old): (Draft, Certificate),
    form: FormView,
    status: StatusCode,
) -> Result<HttpResponse, AppError> {
    let id = &draft.issuance.id;
    let review = match issue::review(&state.portal, &draft).await? {
        Ok(review) => review,
        Err(not_ready) => return not_ready_page((frame, &way), old, not_ready),
    };
    let order = review.order;
    let page = CheckPage {
        action: way.keep(routes::renew_check(id)),
        back: way.keep(routes::renew_changed(old.thumbprint.as_str())),
        discard: way.keep(routes::of_issuance(id, "discard")),
        version: draft.issuance.version,
        holder: order.dn.common_name().unwrap_or_default().to_owned(),
        preview: order.dn.preview(),
        key_settings: format!(
            "{} {}, {}, {}",
            KEY_TYPE, order.key.length, order.key.hash, order.provider
        ),
        advice: obstacles::Advice::of(&old, &frame),
        known: issue::marks(&review.duplicates),
        duplicates: Duplicates::of(review.duplicates, &frame),
        stale: status == StatusCode::CONFLICT,
        old,
        frame,
        form,
    };
    Ok(render(&page, status))
}

/// Why the renewal cannot be ordered. Its answers come from the certificate, so none
/// can be missing.
fn not_ready_page(
    at: (Frame, &WayBack),
    old: Certificate,
    not_ready: NotReady,
) -> Result<HttpResponse, AppError> {
    match not_ready {
        NotReady::Incomplete(_) => Err(AppError::Internal),
        NotReady::NotRenewable(obstacle) => {
            let status = StatusCode::CONFLICT;
            Ok(obstacles::blocked(at, old, &obstacle, status))
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CheckForm {
    attempt: String,
    /// The marks of the duplicates that the page showed; none of a program that shows none.
    known: Option<String>,
    confirm: String,
}

/// Orders the renewal only once, however often the form is sent.
pub async fn submit(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    id: web::Path<String>,
    form: CheckedForm<CheckForm>,
) -> Result<HttpResponse, AppError> {
    let (frame, way) = (
        Frame::of(&req, &state).at(Section::Renew),
        WayBack::kept(&req),
    );
    let (draft, old) = open(&state, &user, &id).await?;
    if form.value.confirm != "yes" {
        let mut errors = FieldErrors::new();
        errors.add("confirm", key("missing-confirm"));
        let form = FormView::refused(form.fields, errors);
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return show(&state, (frame, way), (draft, old), form, status).await;
    }
    count_press(&state, &user).await?;
    let seen = form.value.attempt.parse().unwrap_or(0);
    let known = form.value.known.as_deref();
    match issue::submit(&state.portal, &user.caller, &draft, seen, known).await? {
        Submitted::Submitted | Submitted::AlreadySubmitted => {
            Ok(see_other(&way.keep(routes::issuance(&id))))
        }
        Submitted::NotReady(not_ready) => not_ready_page((frame, &way), old, not_ready),
        Submitted::Missing => Err(AppError::NotFound),
        Submitted::TooMany => Err(AppError::TooManyUnderWay),
        Submitted::NoConnection => Ok(problem::answer(frame, problem::connection_gone())),
        Submitted::Stale => {
            let opened = open(&state, &user, &id).await?;
            let form = FormView::default();
            show(&state, (frame, way), opened, form, StatusCode::CONFLICT).await
        }
    }
}
