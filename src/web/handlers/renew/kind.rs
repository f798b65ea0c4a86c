//! The first question of a renewal where only the thumbprint is known: Redtrust needs the
//! holder's name, so the pages of a new issuance ask for it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::{obstacles, own};
use crate::domain::certificate::Certificate;
use crate::i18n::key;
use crate::services::renew;
use crate::web::csrf::CheckedForm;
use crate::web::extractors::SignedIn;
use crate::web::handlers::issue::{StepPage, draft_of, first_view, kind_of, room_for_draft};
use crate::web::handlers::lists::way_back::WayBack;
use crate::web::handlers::may_not_issue;
use crate::web::kept_form::kept_or;
use crate::web::page::form::FormView;
use crate::web::page::{Frame, Section, Tone, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

/// Asks for the kind of holder.
pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    thumbprint: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let certificate = own(&state, &user, &thumbprint).await?;
    if let Some(page) = may_not_issue::page(&req, &state, &user, Section::Renew).await? {
        return Ok(page);
    }
    let (frame, form) = (Frame::of(&req, &state), FormView::default());
    let way = WayBack::of(&req);
    if let Some(obstacle) = renew::obstacle(&state.portal, &user.caller, &certificate).await? {
        let at = (frame.at(Section::Renew), &way);
        let status = StatusCode::OK;
        return Ok(obstacles::blocked(at, certificate, &obstacle, status));
    }
    let (frame, form) = kept_or(&req, &state, &user.caller.owner_id, frame, form).await?;
    let draft = draft_of(&form);
    let at = (frame, &way);
    Ok(show(at, &certificate, (form, draft), StatusCode::OK))
}

fn show(
    (frame, way): (Frame, &WayBack),
    certificate: &Certificate,
    (form, draft): (FormView, String),
    status: StatusCode,
) -> HttpResponse {
    let print = certificate.thumbprint.as_str();
    let (action, back) = (
        way.keep(routes::renew_kind(print)),
        way.link(routes::RENEW_CHOOSE, print),
    );
    let frame = frame.at(Section::Renew).languages_at(action.clone());
    let frame = frame.banner(Tone::Info, key("renew-details-needed"));
    let view = first_view(draft, action, Some(&back));
    render(&StepPage::new(frame, form, view), status)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct KindForm {
    draft: String,
}

/// Creates the draft of the renewal, and goes on to the questions.
pub async fn begin(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    thumbprint: web::Path<String>,
    form: CheckedForm<KindForm>,
) -> Result<HttpResponse, AppError> {
    let certificate = own(&state, &user, &thumbprint).await?;
    let (frame, draft) = (Frame::of(&req, &state), form.value.draft);
    let way = WayBack::kept(&req);
    let answers = match kind_of(&form.fields, frame.lang) {
        Ok(answers) => answers,
        Err(errors) => {
            let form = (FormView::refused(form.fields, errors), draft);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(show((frame, &way), &certificate, form, status));
        }
    };
    let (portal, who) = (&state.portal, &user.caller);
    room_for_draft(&state, &user).await?;
    let begun = renew::begin_with_details(portal, who, &certificate, answers, &draft).await?;
    let at = (frame.at(Section::Renew), &way);
    super::begun(at, certificate, begun, &draft)
}
