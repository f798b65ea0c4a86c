//! Issuing a certificate, step by step: what the wizard's pages share. The
//! draft lives at `/issue/{id}/{step}`; its first page stands before it.

mod begin;
mod check;
mod fields;
mod shown;
mod step;
mod wizard;
mod words;

use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};

use crate::domain::issuance::State;
use crate::i18n::key;
use crate::services::issue::{self, Draft};
use crate::web::extractors::SignedIn;
use crate::web::page::form::{FieldErrors, Fields};
use crate::web::page::see_other;
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

pub use check::Duplicate;

/// Routes of the wizard.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route(routes::ISSUE, web::get().to(begin::first))
        .route(routes::ISSUE_KIND, web::get().to(begin::page))
        .route(routes::ISSUE_KIND, web::post().to(begin::begin))
        .route(routes::ISSUE_CHECK, web::get().to(check::page))
        .route(routes::ISSUE_CHECK, web::post().to(check::submit))
        .route(routes::ISSUE_STEP, web::get().to(step::page))
        .route(routes::ISSUE_STEP, web::post().to(step::save));
}

/// A draft to work on, or where its owner finds what became of it.
enum Opened {
    /// A draft of a new issue.
    Draft(Box<Draft>),
    /// It was submitted, or renews a certificate: it has pages of its own.
    Elsewhere(HttpResponse),
}

/// This person's draft; somebody else's is as good as missing.
async fn open(state: &AppState, user: &SignedIn, id: &str) -> Result<Opened, AppError> {
    let draft = issue::load(&state.portal, &user.caller, id).await?;
    let draft = draft.ok_or(AppError::NotFound)?;
    Ok(if draft.issuance.state != State::Draft {
        Opened::Elsewhere(see_other(&routes::issuance(id)))
    } else if draft.issuance.renews.is_some() {
        Opened::Elsewhere(see_other(&routes::renew_check(id)))
    } else {
        Opened::Draft(Box::new(draft))
    })
}

/// A certificate to replace has no place in a new issue: a form that names one
/// was not made here.
fn refuse_thumbprint(form: &Fields, errors: &mut FieldErrors) {
    if !form.get("thumbprint").trim().is_empty() {
        errors.add("thumbprint", key("wrong-thumbprint-in-issue"));
    }
}
