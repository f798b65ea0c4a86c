//! "Has any of this changed?" Only unchanged data is renewed; a change leads to a
//! new issuance with the answers copied. The answer creates the draft.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::{obstacles, own};
use crate::domain::certificate::Certificate;
use crate::i18n::key;
use crate::services::ids;
use crate::services::renew::{self, BeginFrom};
use crate::web::csrf::CheckedForm;
use crate::web::extractors::SignedIn;
use crate::web::handlers::issue::{count_press, room_for_draft};
use crate::web::handlers::lists::way_back::WayBack;
use crate::web::handlers::may_not_issue;
use crate::web::kept_form::kept;
use crate::web::page::form::{Choice, FieldErrors, FormView};
use crate::web::page::{Frame, Section, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "renew/changed.html")]
struct ChangedPage {
    frame: Frame,
    form: FormView,
    action: String,
    back: String,
    draft: String,
    certificate: Certificate,
    advice: obstacles::Advice,
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

/// Asks the question, or says why the certificate cannot be renewed.
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
    let way = WayBack::of(&req);
    let frame = framed(&req, &state, &certificate, &way);
    if let Some(obstacle) = renew::obstacle(&state.portal, &user.caller, &certificate).await? {
        let status = StatusCode::OK;
        return Ok(obstacles::blocked(
            (frame, &way),
            certificate,
            &obstacle,
            status,
        ));
    }
    if renew::needs_details(&state.portal, &certificate).await? {
        let page = routes::renew_kind(certificate.thumbprint.as_str());
        return Ok(see_other(&way.keep(page)));
    }
    let kept = kept(&req, &state, &user.caller.owner_id).await?;
    let draft = match &kept {
        Some(kept) => kept.get("draft").to_owned(),
        None => ids::new_id(),
    };
    let form = FormView::filled(kept.unwrap_or_default());
    let status = StatusCode::OK;
    Ok(show((frame, &way), certificate, form, draft, status))
}

fn framed(req: &HttpRequest, state: &AppState, certificate: &Certificate, way: &WayBack) -> Frame {
    let page = routes::renew_changed(certificate.thumbprint.as_str());
    let frame = Frame::of(req, state).at(Section::Renew);
    frame.languages_at(way.keep(page))
}

fn show(
    (frame, way): (Frame, &WayBack),
    certificate: Certificate,
    form: FormView,
    draft: String,
    status: StatusCode,
) -> HttpResponse {
    let page = ChangedPage {
        advice: obstacles::Advice::of(&certificate, &frame),
        action: way.keep(routes::renew_changed(certificate.thumbprint.as_str())),
        back: way.link(routes::RENEW_CHOOSE, certificate.thumbprint.as_str()),
        frame,
        form,
        draft,
        certificate,
    };
    render(&page, status)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChangedForm {
    draft: String,
    data_changed: String,
}

/// Starts the renewal, or a new issuance instead.
pub async fn answer(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    thumbprint: web::Path<String>,
    form: CheckedForm<ChangedForm>,
) -> Result<HttpResponse, AppError> {
    let certificate = own(&state, &user, &thumbprint).await?;
    let way = WayBack::kept(&req);
    let frame = framed(&req, &state, &certificate, &way);
    let draft_id = form.value.draft;
    let from = match form.value.data_changed.as_str() {
        "no" => BeginFrom::Renewal(&certificate),
        "yes" => {
            // Discards the renewals that have begun.
            count_press(&state, &user).await?;
            BeginFrom::NewIssue(&certificate)
        }
        _ => {
            let mut errors = FieldErrors::new();
            errors.add("data_changed", key("missing-data-changed"));
            let form = FormView::refused(form.fields, errors);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(show((frame, &way), certificate, form, draft_id, status));
        }
    };
    room_for_draft(&state, &user).await?;
    let begun = renew::begin(&state.portal, &user.caller, from, &draft_id).await?;
    super::begun((frame, &way), certificate, begun, &draft_id)
}
