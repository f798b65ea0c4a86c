//! One page of the wizard: shown with what is stored, saved if nobody saved
//! since, shown again with what was typed where something is wrong.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::wizard::{Page, detour, first_incomplete};
use super::{Opened, fields, open, refuse_thumbprint, shown, words};
use crate::domain::connection::{Group, InfoField, RequestOptions};
use crate::domain::document::DocumentType;
use crate::domain::holder::Kind;
use crate::domain::key_spec::{HashType, KeyLength, PROVIDERS};
use crate::i18n::key;
use crate::services::issue::{self, Answers, Draft, Saved};
use crate::web::csrf::CheckedForm;
use crate::web::extractors::SignedIn;
use crate::web::handlers::names;
use crate::web::kept_form::kept;
use crate::web::page::form::{Choice, FieldErrors, FormView};
use crate::web::page::{Frame, Section, Tone, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

/// A page of the wizard but the last.
#[derive(Debug, Template)]
#[template(path = "issue/step.html")]
pub struct StepPage {
    frame: Frame,
    form: FormView,
    step: StepView,
}

/// What the form of a page carries besides its fields.
#[derive(Debug)]
pub struct StepView {
    /// Which page.
    pub page: Page,
    /// The kind of holder, once it is known.
    pub kind: Option<Kind>,
    /// Where the form leads.
    pub action: String,
    /// The page before.
    pub back: Option<String>,
    /// On the first page: the id the draft will have.
    pub draft: String,
    /// The draft's attempt this page was made from.
    pub attempt: i64,
    /// `check` where the person came from the last page.
    pub then: String,
    /// What somebody else saved meanwhile, beside what was typed here.
    pub differences: Vec<shown::Difference>,
    /// What the connection lets a request carry.
    pub offer: RequestOptions,
}

impl StepPage {
    /// A page with this form.
    pub fn new(frame: Frame, form: FormView, step: StepView) -> Self {
        Self { frame, form, step }
    }

    fn title(&self) -> Cow<'static, str> {
        let title = self.step.page.title(self.step.kind);
        self.frame.of_key(&title)
    }

    fn place(&self) -> Option<Cow<'static, str>> {
        Some(place(&self.frame, self.step.page, self.step.kind?))
    }

    fn is(&self, page: &str) -> bool {
        self.step.page.as_str() == page
    }

    fn asks(&self, field: &str) -> bool {
        let fields = self.step.page.fields(self.step.kind);
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

    fn email_hint(&self) -> Cow<'static, str> {
        match self.step.offer.sends_email() {
            true => self.frame.t("hint-email-sent"),
            false => self.frame.t("hint-email"),
        }
    }

    fn groups(&self) -> Vec<Choice> {
        let choice = |group: &Group| Choice::new(group.number.to_string(), group.name.as_str());
        self.step.offer.groups.iter().map(choice).collect()
    }

    fn info(&self) -> Vec<(&'static str, &InfoField)> {
        issue::info_fields(&self.step.offer).collect()
    }

    /// Something under "Advanced" is wrong: then it stands open.
    fn advanced_is_open(&self) -> bool {
        ["hash_type", "key_length", "provider"]
            .iter()
            .any(|field| self.form.error(field).is_some())
    }
}

/// "Step 2 of 5", once the kind says how many there are.
pub fn place(frame: &Frame, page: Page, kind: Kind) -> Cow<'static, str> {
    let pages = Page::all(kind);
    let at = pages.iter().take_while(|before| **before < page).count() + 1;
    frame.t2("issue-place", "at", at, "of", pages.len())
}

impl StepView {
    fn of(draft: &Draft, page: Page, then: &str) -> Self {
        let (id, kind) = (&draft.issuance.id, draft.answers.kind());
        let then = if then == Page::Check.as_str() {
            then
        } else {
            ""
        };
        let back = match then {
            "" => kind.and_then(|kind| page.before(kind)),
            _ => Some(Page::Check),
        };
        Self {
            page,
            kind,
            action: page.path(id),
            back: back.map(|back| back.path(id)),
            draft: String::new(),
            attempt: draft.issuance.attempt,
            then: then.to_owned(),
            differences: Vec::new(),
            offer: draft.offer.clone(),
        }
    }
}

/// `?then=check`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct StepQuery {
    then: String,
}

/// Shows a page, or leads to the one that comes first.
pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    path: web::Path<(String, String)>,
    query: web::Query<StepQuery>,
) -> Result<HttpResponse, AppError> {
    let (id, step) = path.into_inner();
    let page = Page::from_path(&step).ok_or(AppError::NotFound)?;
    let draft = match open(&state, &user, &id).await? {
        Opened::Draft(draft) => draft,
        Opened::Elsewhere(answer) => return Ok(answer),
    };
    if let Some(first) = detour(page, &draft.answers, &draft.offer) {
        return Ok(see_other(&first.path(&id)));
    }
    let mut frame = Frame::of(&req, &state).at(Section::Issue);
    let mut view = StepView::of(&draft, page, &query.then);
    let form = match kept(&req, &state, &user).await? {
        Some(kept) => {
            frame = frame.banner(Tone::Info, key("form-kept"));
            view.attempt = kept.get("attempt").parse().unwrap_or(0);
            kept.get("then").clone_into(&mut view.then);
            kept
        }
        None => fields::shown(&draft.answers, &draft.offer),
    };
    let page = StepPage::new(frame, FormView::filled(form), view);
    Ok(render(&page, StatusCode::OK))
}

/// What a page sends besides its fields.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct StepForm {
    attempt: String,
    then: String,
}

/// Saves a page and goes on.
pub async fn save(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    path: web::Path<(String, String)>,
    form: CheckedForm<StepForm>,
) -> Result<HttpResponse, AppError> {
    let (id, step) = path.into_inner();
    let page = Page::from_path(&step).ok_or(AppError::NotFound)?;
    let draft = match open(&state, &user, &id).await? {
        Opened::Draft(draft) => draft,
        Opened::Elsewhere(answer) => return Ok(answer),
    };
    if let Some(first) = detour(page, &draft.answers, &draft.offer) {
        return Ok(see_other(&first.path(&id)));
    }
    let frame = Frame::of(&req, &state).at(Section::Issue);
    let CheckedForm { value, fields, .. } = form;
    let answers = fields::applied(page, &fields, &draft.answers, &draft.offer);
    let mut errors = problems_on(page, &answers, &draft.offer, &frame);
    refuse_thumbprint(&fields, &mut errors);
    if !errors.is_empty() {
        let mut view = StepView::of(&draft, page, &value.then);
        view.attempt = seen(&value);
        let page = StepPage::new(frame, FormView::refused(fields, errors), view);
        return Ok(render(&page, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let who = user.caller.clone();
    match issue::save_answers(&state.portal, &who, &id, seen(&value), &answers).await? {
        Saved::Saved { .. } => {
            let next = next(page, &answers, &draft.offer, &value.then);
            Ok(see_other(&next.path(&id)))
        }
        Saved::Stale(stored) => {
            let mut view = StepView::of(&stored, page, &value.then);
            view.differences = shown::differences(&[page], &stored, &answers, &frame);
            let page = StepPage::new(frame, FormView::filled(fields), view);
            Ok(render(&page, StatusCode::CONFLICT))
        }
        Saved::Submitted => Ok(see_other(&routes::issuance(&id))),
        Saved::Missing => Err(AppError::NotFound),
    }
}

/// The attempt that the form was made from; what is no number is none.
fn seen(form: &StepForm) -> i64 {
    form.attempt.parse().unwrap_or(0)
}

fn problems_on(
    page: Page,
    answers: &Answers,
    offer: &RequestOptions,
    frame: &Frame,
) -> FieldErrors {
    let asked = page.fields(answers.kind());
    let mut problems = answers.check(offer).err().unwrap_or_default();
    problems.retain(|(field, _)| asked.contains(field));
    let mut errors = words::errors(&problems, frame.lang);
    if page == Page::Options {
        for name in answers.wrong_info(offer) {
            errors.add(name, key("wrong-info"));
        }
    }
    errors
}

/// Where to go from a page that was saved.
fn next(page: Page, answers: &Answers, offer: &RequestOptions, then: &str) -> Page {
    let Some(kind) = answers.kind() else {
        return Page::Kind;
    };
    match then {
        "check" => first_incomplete(answers, offer).unwrap_or(Page::Check),
        _ => page.next(kind),
    }
}
