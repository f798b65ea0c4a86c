//! Issuing a certificate step by step: what the pages of the wizard share. A draft's
//! pages are at `/issue/{id}/{step}`; the first page comes before the draft exists.

mod begin;
mod check;
mod duplicates;
mod fields;
mod preview;
mod shown;
mod step;
pub mod words;

use crate::domain::answers::Step;
use crate::i18n::key;
use crate::services::issue::{self, Draft};
use crate::services::limiter;
use crate::web::extractors::SignedIn;
use crate::web::page::Section;
use crate::web::page::form::{FieldErrors, Fields};
use crate::web::problem::AppError;
use crate::web::routes::{self, Guard, Route};
use crate::web::state::AppState;

pub use begin::{draft_of, first_view, kind_of};
pub use duplicates::Duplicates;
pub use step::StepPage;
pub use words::{errors as field_errors, warning};

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
    Route::post(routes::NAME_PREVIEW, Guard::User, |route| {
        route.to(preview::preview)
    }),
];

/// This person's draft of a new issuance, or of a renewal that asks for the holder's
/// details; not found if it belongs to somebody else. Submitted issuances and renewals that
/// ask for nothing redirect to their own pages.
async fn open(state: &AppState, user: &SignedIn, id: &str) -> Result<Draft, AppError> {
    let draft = issue::load(&state.portal, &user.caller, id).await?;
    let draft = draft.ok_or(AppError::NotFound)?;
    if !draft.is_draft() {
        Err(AppError::Elsewhere(routes::issuance(id)))
    } else if draft.is_repeat {
        Err(AppError::Elsewhere(routes::renew_check(id)))
    } else {
        Ok(draft)
    }
}

/// An error if this person has all the drafts that one may have.
pub async fn room_for_draft(state: &AppState, user: &SignedIn) -> Result<(), AppError> {
    match issue::has_room(&state.portal, &user.caller).await? {
        true => Ok(()),
        false => Err(AppError::TooManyDrafts),
    }
}

/// An error if people whom Redtrust does not name have made too many batches. Of anybody
/// else's that wait to be confirmed only the newest are kept.
pub async fn count_batch(state: &AppState, user: &SignedIn) -> Result<(), AppError> {
    match user.caller.is_nameless() {
        true => count_press(state, user).await,
        false => Ok(()),
    }
}

/// An error if this person has pressed too many buttons that leave entries in the audit.
pub async fn count_press(state: &AppState, user: &SignedIn) -> Result<(), AppError> {
    match limiter::press(&state.portal, &user.caller.counted_as).await? {
        None => Ok(()),
        Some(wait) => Err(AppError::too_many(wait)),
    }
}

/// As [`open`], if this step is available now.
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

/// Where a draft stands in the menu.
const fn section(draft: &Draft) -> Section {
    match draft.issuance.renews {
        Some(_) => Section::Renew,
        None => Section::Issue,
    }
}

fn path(step: Step, id: &str) -> String {
    routes::issue_step(id, step.as_str())
}

/// A new issuance does not replace a certificate, so a form with a thumbprint is
/// refused.
fn refuse_thumbprint(form: &Fields, errors: &mut FieldErrors) {
    if !form.get("thumbprint").trim().is_empty() {
        errors.add("thumbprint", key("wrong-thumbprint-in-issue"));
    }
}
