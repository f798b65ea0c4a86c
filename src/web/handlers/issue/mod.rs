//! Issuing a certificate, step by step: what the wizard's pages share. The
//! draft lives at `/issue/{id}/{step}`; its first page stands before it.

mod begin;
mod check;
mod fields;
mod shown;
mod step;
mod words;

use crate::domain::answers::Step;
use crate::i18n::key;
use crate::services::issue::{self, Draft};
use crate::web::extractors::SignedIn;
use crate::web::page::form::{FieldErrors, Fields};
use crate::web::problem::AppError;
use crate::web::routes::{self, Guard, Route};
use crate::web::state::AppState;

pub use check::Duplicate;

/// Routes of the wizard.
pub const ROUTES: &[Route] = &[
    Route::get(routes::ISSUE, Guard::User, |route| route.to(begin::first)),
    Route::get(routes::ISSUE_KIND, Guard::User, |route| {
        route.to(begin::page)
    }),
    Route::post(routes::ISSUE_KIND, Guard::User, |route| {
        route.to(begin::begin)
    }),
    Route::get(routes::ISSUE_CHECK, Guard::User, |route| {
        route.to(check::page)
    }),
    Route::post(routes::ISSUE_CHECK, Guard::User, |route| {
        route.to(check::submit)
    }),
    Route::get(routes::ISSUE_STEP, Guard::User, |route| {
        route.to(step::page)
    }),
    Route::post(routes::ISSUE_STEP, Guard::User, |route| {
        route.to(step::save)
    }),
];

/// This person's draft of a new issue; somebody else's is as good as missing.
/// What was submitted, and what renews a certificate, has pages of its own.
async fn open(state: &AppState, user: &SignedIn, id: &str) -> Result<Draft, AppError> {
    let draft = issue::load(&state.portal, &user.caller, id).await?;
    let draft = draft.ok_or(AppError::NotFound)?;
    if !draft.is_draft() {
        Err(AppError::Elsewhere(routes::issuance(id)))
    } else if draft.issuance.renews.is_some() {
        Err(AppError::Elsewhere(routes::renew_check(id)))
    } else {
        Ok(draft)
    }
}

/// The same, for a step that may be taken now.
async fn open_at(
    state: &AppState,
    user: &SignedIn,
    id: &str,
    step: Step,
) -> Result<Draft, AppError> {
    let draft = open(state, user, id).await?;
    match draft.checked().detour(step) {
        Some(first) => Err(AppError::Elsewhere(path(first, id))),
        None => Ok(draft),
    }
}

/// A step's path for a draft.
fn path(step: Step, id: &str) -> String {
    routes::issue_step(id, step.as_str())
}

/// A certificate to replace has no place in a new issue: a form that names one
/// was not made here.
fn refuse_thumbprint(form: &Fields, errors: &mut FieldErrors) {
    if !form.get("thumbprint").trim().is_empty() {
        errors.add("thumbprint", key("wrong-thumbprint-in-issue"));
    }
}
