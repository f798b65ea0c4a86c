//! Says that the user who is signed in may not issue certificates, as soon as Redtrust
//! has said so: before anything is filled in.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::advice;
use crate::domain::error_class::ErrorClass;
use crate::i18n::{Key, key};
use crate::services::may_issue;
use crate::web::csrf::CheckedForm;
use crate::web::extractors::SignedIn;
use crate::web::page::{Frame, Said, Section, Tone, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "issue/may_not.html")]
struct MayNotPage {
    frame: Frame,
    said: Vec<Said>,
    advice: Key,
    /// Where to go on after forgetting it.
    then: &'static str,
}

/// The page to show instead of one where a request begins; `None` if nothing is known
/// against this user.
pub async fn page(
    req: &HttpRequest,
    state: &AppState,
    user: &SignedIn,
    section: Section,
) -> Result<Option<HttpResponse>, AppError> {
    let refusal = may_issue::refusal(&state.portal, &user.caller).await?;
    let answer = refusal.map(|may_not| {
        let class = ErrorClass::MayNotIssue;
        let connection = may_not.connection.as_ref();
        let page = MayNotPage {
            frame: Frame::of(req, state).at(section),
            advice: advice::at_create(class, connection),
            said: vec![Said::new(may_not.said, connection, class.as_str())],
            then: match section {
                Section::Renew => RENEW,
                _ => "",
            },
        };
        render(&page, StatusCode::FORBIDDEN)
    });
    Ok(answer)
}

/// A warning on the pages of a request that was begun already.
pub async fn warned(frame: Frame, state: &AppState, user: &SignedIn) -> Result<Frame, AppError> {
    let refusal = may_issue::refusal(&state.portal, &user.caller).await?;
    Ok(match refusal {
        Some(_) => frame.banner(Tone::Warning, key("may-not-issue-banner")),
        None => frame,
    })
}

/// Value of `then` that leads back to renewing.
const RENEW: &str = "renew";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TryAgainForm {
    then: String,
}

/// Forgets what Redtrust said, so that the person can try again.
pub async fn try_again(
    state: web::Data<AppState>,
    user: SignedIn,
    form: CheckedForm<TryAgainForm>,
) -> Result<HttpResponse, AppError> {
    may_issue::forget(&state.portal, &user.caller).await?;
    Ok(see_other(match form.value.then.as_str() {
        RENEW => routes::RENEW,
        _ => routes::ISSUE,
    }))
}
