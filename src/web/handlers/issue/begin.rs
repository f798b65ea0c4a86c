//! The first page: the kind of holder. It carries the id for a draft that does not
//! exist yet, so that sending the form twice makes only one draft.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::step::{StepPage, StepView};
use super::{fields, path, refuse_thumbprint, room_for_draft, words};
use crate::domain::answers::{Answers, Step};
use crate::domain::connection::RequestOptions;
use crate::i18n::Lang;
use crate::services::ids;
use crate::services::issue::{self, Draft, NewDraft, Saved};
use crate::web::csrf::CheckedForm;
use crate::web::extractors::SignedIn;
use crate::web::handlers::may_not_issue;
use crate::web::kept_form::kept_or;
use crate::web::page::form::{FieldErrors, Fields, FormView};
use crate::web::page::{Frame, Section, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

pub async fn first(_user: SignedIn) -> HttpResponse {
    see_other(routes::ISSUE_KIND)
}

/// The first page, before the draft exists.
pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
) -> Result<HttpResponse, AppError> {
    if let Some(page) = may_not_issue::page(&req, &state, &user, Section::Issue).await? {
        return Ok(page);
    }
    let (frame, form) = (
        Frame::of(&req, &state).at(Section::Issue),
        FormView::default(),
    );
    let (frame, form) = kept_or(&req, &state, &user.caller.owner_id, frame, form).await?;
    let view = of_issue(draft_of(&form));
    let page = StepPage::new(frame, form, view);
    Ok(render(&page, StatusCode::OK))
}

/// The id that the first page carries for a draft; a new one, but for a form that was kept.
pub fn draft_of(form: &FormView) -> String {
    match form.value("draft") {
        "" => ids::new_id(),
        kept => kept.to_owned(),
    }
}

/// The page that asks for the kind of holder; its form is sent to `action`.
pub fn first_view(draft: String, action: String, back: Option<&str>) -> StepView {
    StepView {
        step: Step::Kind,
        kind: None,
        is_renewal: false,
        action,
        back: back.map(ToOwned::to_owned),
        draft,
        version: 1,
        then: String::new(),
        differences: Vec::new(),
        preview: None,
        options: RequestOptions::default(),
    }
}

fn of_issue(draft: String) -> StepView {
    first_view(draft, routes::ISSUE_KIND.to_owned(), None)
}

/// The first answer: the kind of holder.
pub fn kind_of(form: &Fields, lang: Lang) -> Result<Answers, FieldErrors> {
    // The kinds of holder do not depend on the connection.
    let any = RequestOptions::default();
    let answers = fields::applied(Step::Kind, form, &Answers::default(), &any);
    let problems = answers.checked(&any).problems_on(Step::Kind);
    let mut errors = words::errors(&problems, lang);
    refuse_thumbprint(form, &mut errors);
    match errors.is_empty() {
        true => Ok(answers),
        false => Err(errors),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct BeginForm {
    draft: String,
}

/// Creates the draft if it does not exist yet, and goes on.
pub async fn begin(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    form: CheckedForm<BeginForm>,
) -> Result<HttpResponse, AppError> {
    let frame = Frame::of(&req, &state).at(Section::Issue);
    let answers = match kind_of(&form.fields, frame.lang) {
        Ok(answers) => answers,
        Err(errors) => {
            let view = of_issue(form.value.draft);
            let page = StepPage::new(frame, FormView::refused(form.fields, errors), view);
            return Ok(render(&page, StatusCode::UNPROCESSABLE_ENTITY));
        }
    };
    let new = NewDraft {
        id: form.value.draft,
        answers,
        renews: None,
    };
    room_for_draft(&state, &user).await?;
    let draft = issue::begin(&state.portal, &user.caller, new).await?;
    let draft = draft.ok_or(AppError::BadRequest)?;
    save_kind(&state, &user, &draft, &form.fields).await
}

/// After the Back button, the same form may arrive with another kind: the existing
/// draft then changes to it.
async fn save_kind(
    state: &AppState,
    user: &SignedIn,
    draft: &Draft,
    form: &Fields,
) -> Result<HttpResponse, AppError> {
    let id = &draft.issuance.id;
    if !draft.is_draft() {
        return Ok(see_other(&routes::issuance(id)));
    }
    let answers = fields::applied(Step::Kind, form, draft.answers(), &draft.options);
    let (seen, checked) = (draft.issuance.version, answers.checked(&draft.options));
    match issue::save_answers(&state.portal, &user.caller, draft, seen, &checked).await? {
        Saved::Saved => {
            let kind = answers.kind().ok_or(AppError::BadRequest)?;
            Ok(see_other(&path(Step::Kind.next(kind), id)))
        }
        Saved::Stale(_) => Err(AppError::Conflict),
        Saved::Submitted => Ok(see_other(&routes::issuance(id))),
        Saved::Missing => Err(AppError::NotFound),
    }
}
