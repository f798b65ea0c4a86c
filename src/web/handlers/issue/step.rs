//! One page of the wizard: shown with the stored answers, saved unless somebody else
//! saved first, shown again with what was typed if something is wrong.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::{fields, open_at, path, refuse_thumbprint, section, shown, words};
use crate::domain::answers::{Checked, Step, info_fields};
use crate::domain::connection::{Group, InfoField, RequestOptions};
use crate::domain::document::DocumentType;
use crate::domain::holder::Kind;
use crate::domain::key_spec::{HashType, KeyLength, PROVIDERS};
use crate::i18n::{Key, key};
use crate::services::issue::{self, Draft, Saved};
use crate::web::csrf::CheckedForm;
use crate::web::extractors::SignedIn;
use crate::web::handlers::lists::way_back::WayBack;
use crate::web::handlers::{may_not_issue, names};
use crate::web::kept_form::kept;
use crate::web::page::form::{Choice, FieldErrors, Fields, FormView};
use crate::web::page::{Frame, Text, Tone, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

/// Any page of the wizard except the last.
#[derive(Debug, Template)]
#[template(path = "issue/step.html")]
pub struct StepPage {
    frame: Frame,
    form: FormView,
    view: StepView,
}

/// What a page's form carries in addition to its fields.
#[derive(Debug)]
pub struct StepView {
    pub step: Step,
    /// The kind of holder, once it is known.
    pub kind: Option<Kind>,
    /// Whether a certificate is renewed of which nothing is known but its thumbprint.
    pub is_renewal: bool,
    /// The target of the form.
    pub action: String,
    /// The link to the previous page.
    pub back: Option<String>,
    /// On the first page: the id for the new draft.
    pub draft: String,
    /// The draft's version when this page was rendered.
    pub version: i64,
    /// `check` if the person came from the last page.
    pub then: String,
    /// What somebody else saved in the meantime, beside what was typed here.
    pub differences: Vec<shown::Difference>,
    /// Where the script asks for the name as it will read.
    pub preview: Option<String>,
    /// What the connection allows in a request.
    pub options: RequestOptions,
}

impl StepPage {
    pub fn new(frame: Frame, form: FormView, view: StepView) -> Self {
        Self { frame, form, view }
    }

    fn title(&self) -> Text {
        self.frame.of_key(&title(self.view.step, self.view.kind))
    }

    fn place(&self) -> Cow<'static, str> {
        match self.view.kind {
            Some(kind) => place(&self.frame, self.view.step, kind),
            // The kind decides how many there are.
            None => self.frame.t("issue-place-first").into(),
        }
    }

    fn is(&self, step: &str) -> bool {
        self.view.step.as_str() == step
    }

    fn asks(&self, field: &str) -> bool {
        let fields = self.view.step.fields(self.view.kind);
        fields.iter().any(|asked| asked.as_str() == field)
    }

    fn kinds(&self) -> Vec<Choice> {
        let choice = |kind: &Kind| {
            Choice::new(kind.as_str(), self.frame.of_key(&names::kind(*kind)))
                .hint(self.frame.of_key(&names::kind_hint(*kind)))
        };
        Kind::ALL.iter().map(choice).collect()
    }

    fn documents(&self) -> Vec<Choice> {
        let choice = |kind: &DocumentType| {
            Choice::new(kind.as_str(), self.frame.of_key(&names::document(*kind)))
        };
        DocumentType::ALL.iter().map(choice).collect()
    }

    fn hashes(&self) -> Vec<Choice> {
        let choice = |hash: &HashType| Choice::new(hash.as_str(), hash.as_str());
        HashType::ALL.iter().map(choice).collect()
    }

    fn lengths(&self) -> Vec<Choice> {
        let bits = |length: &KeyLength| {
            let label = self.frame.t1("key-length-bits", "bits", length.to_string());
            Choice::new(length.to_string(), label)
        };
        KeyLength::ALL.iter().map(bits).collect()
    }

    fn providers(&self) -> Vec<Choice> {
        let choice = |provider: &&str| Choice::new(*provider, *provider);
        PROVIDERS.iter().map(choice).collect()
    }

    fn email_hint(&self) -> Text {
        match self.view.options.sends_email() {
            true => self.frame.t("hint-email-sent"),
            false => self.frame.t("hint-email"),
        }
    }

    fn groups(&self) -> Vec<Choice> {
        let choice = |group: &Group| Choice::new(group.number.to_string(), group.name.as_str());
        self.view.options.groups.iter().map(choice).collect()
    }

    fn info(&self) -> Vec<(&'static str, &InfoField)> {
        info_fields(&self.view.options).collect()
    }

    /// Whether a field under "Advanced" has an error: then the section is open.
    fn advanced_is_open(&self) -> bool {
        self.form.any_wrong(["hash_type", "key_length", "provider"])
    }
}

/// The title of a step.
pub const fn title(step: Step, kind: Option<Kind>) -> Key {
    match (step, kind) {
        (Step::Kind, _) => key("issue-kind-title"),
        (Step::Holder, Some(Kind::Name)) => key("issue-name-title"),
        (Step::Holder, _) => key("issue-holder-title"),
        (Step::Organisation, Some(Kind::Seal)) => key("issue-seal-title"),
        (Step::Organisation, Some(Kind::Representative)) => key("issue-represented-title"),
        (Step::Organisation, _) => key("issue-organisation-title"),
        (Step::Options, _) => key("issue-options-title"),
        (Step::Check, _) => key("issue-check-title"),
    }
}

/// "Step 2 of 5", once the kind says how many steps there are.
pub fn place(frame: &Frame, step: Step, kind: Kind) -> Cow<'static, str> {
    let steps = Step::all(kind);
    let at = steps.iter().take_while(|before| **before < step).count() + 1;
    frame.t2("issue-place", "at", at, "of", steps.len())
}

impl StepView {
    fn new(draft: &Draft, step: Step, then: &str, way: &WayBack) -> Self {
        let (id, kind) = (&draft.issuance.id, draft.answers().kind());
        let to_check = then == Step::Check.as_str();
        let back = match to_check {
            true => Some(Step::Check),
            false => kind.and_then(|kind| step.before(kind)),
        };
        Self {
            step,
            kind,
            is_renewal: draft.issuance.renews.is_some(),
            action: way.keep(path(step, id)),
            back: back.map(|back| way.keep(path(back, id))),
            draft: String::new(),
            version: draft.issuance.version,
            then: if to_check { then } else { "" }.to_owned(),
            differences: Vec::new(),
            preview: matches!(step, Step::Holder | Step::Organisation)
                .then(|| routes::name_preview(id, step.as_str())),
            options: draft.options.clone(),
        }
    }
}

/// `?then=check`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct StepQuery {
    then: String,
}

/// Shows a page, or redirects to an earlier one that must come first.
pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    at: web::Path<(String, String)>,
    query: web::Query<StepQuery>,
) -> Result<HttpResponse, AppError> {
    let (id, step) = at.into_inner();
    let step = step.parse().map_err(|_| AppError::NotFound)?;
    let draft = open_at(&state, &user, &id, step).await?;
    let frame = Frame::of(&req, &state).at(section(&draft));
    let mut frame = may_not_issue::warned(frame, &state, &user).await?;
    let mut view = StepView::new(&draft, step, &query.then, &WayBack::kept(&req));
    let form = match kept(&req, &state, &user.caller.owner_id).await? {
        Some(kept) => {
            frame = frame.banner(Tone::Info, key("form-kept"));
            view.version = kept.get("attempt").parse().unwrap_or(0);
            kept.get("then").clone_into(&mut view.then);
            kept
        }
        None => fields::filled(draft.answers(), &draft.options),
    };
    let page = StepPage::new(frame, FormView::filled(form), view);
    Ok(render(&page, StatusCode::OK))
}

/// What a page sends in addition to its fields.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct StepForm {
    /// The draft's version when the form was rendered.
    attempt: String,
    then: String,
}

pub async fn save(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    at: web::Path<(String, String)>,
    form: CheckedForm<StepForm>,
) -> Result<HttpResponse, AppError> {
    let (id, step) = at.into_inner();
    let step = step.parse().map_err(|_| AppError::NotFound)?;
    let draft = open_at(&state, &user, &id, step).await?;
    let frame = Frame::of(&req, &state).at(section(&draft));
    let CheckedForm { value, fields, .. } = form;
    let answers = fields::applied(step, &fields, draft.answers(), &draft.options);
    let checked = answers.checked(&draft.options);
    let (seen, way) = (value.attempt.parse().unwrap_or(0), WayBack::kept(&req));
    let errors = errors(step, (&draft, &checked), &fields, &frame);
    if !errors.is_empty() {
        let mut view = StepView::new(&draft, step, &value.then, &way);
        view.version = seen;
        let page = StepPage::new(frame, FormView::refused(fields, errors), view);
        return Ok(render(&page, StatusCode::UNPROCESSABLE_ENTITY));
    }
    match issue::save_answers(&state.portal, &user.caller, &draft, seen, &checked).await? {
        Saved::Saved => {
            let next = path(next(step, &checked, &value.then), &id);
            Ok(see_other(&way.keep(next)))
        }
        Saved::Stale(stored) => {
            let mut view = StepView::new(&stored, step, &value.then, &way);
            view.differences = shown::differences(&[step], &stored, &answers, &frame);
            let page = StepPage::new(frame, FormView::filled(fields), view);
            Ok(render(&page, StatusCode::CONFLICT))
        }
        Saved::Submitted => Ok(see_other(&way.keep(routes::issuance(&id)))),
        Saved::Missing => Err(AppError::NotFound),
    }
}

fn errors(
    step: Step,
    (draft, checked): (&Draft, &Checked<'_>),
    form: &Fields,
    frame: &Frame,
) -> FieldErrors {
    let mut errors = words::errors(&checked.problems_on(step), frame.lang);
    let is_seal = checked.answers().kind() == Some(Kind::Seal);
    if step == Step::Kind && is_seal && draft.issuance.renews.is_some() {
        errors.add("kind", key("renew-seal-why"));
    }
    for name in checked.wrong_info_on(step) {
        errors.add(name, key("wrong-info"));
    }
    refuse_thumbprint(form, &mut errors);
    errors
}

/// The page after one that was saved.
fn next(step: Step, checked: &Checked<'_>, then: &str) -> Step {
    match checked.answers().kind() {
        None => Step::Kind,
        Some(_) if then == Step::Check.as_str() => {
            checked.first_incomplete().unwrap_or(Step::Check)
        }
        Some(kind) => step.next(kind),
    }
}
