//! The last page: everything once more, the name as it will read, and the one
//! button that orders a certificate.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::step::place;
use super::wizard::{Page, detour};
use super::{Opened, open, refuse_thumbprint, shown, words};
use crate::domain::connection::InfoField;
use crate::domain::distinguished_name::DistinguishedName;
use crate::domain::document::DocumentType;
use crate::domain::thumbprint::Thumbprint;
use crate::i18n::{Key, Message, key};
use crate::services::issue::{self, Answers, Draft, Field, Review, Reviewed, Submitted};
use crate::storage::certificates::Certificate;
use crate::web::csrf::CheckedForm;
use crate::web::extractors::SignedIn;
use crate::web::handlers::names;
use crate::web::page::form::{FieldErrors, FormView};
use crate::web::page::{Frame, Section, render, see_other};
use crate::web::problem::{self, AppError};
use crate::web::routes;
use crate::web::state::AppState;

/// Check your answers.
#[derive(Debug, Template)]
#[template(path = "issue/check.html")]
struct CheckPage {
    frame: Frame,
    form: FormView,
    action: String,
    discard: String,
    back: String,
    attempt: i64,
    place: Cow<'static, str>,
    groups: Vec<Group>,
    preview: String,
    warnings: Vec<Message>,
    duplicates: Vec<Duplicate>,
    seen: String,
    stale: bool,
    differences: Vec<shown::Difference>,
}

/// The answers of one page of the wizard.
#[derive(Debug)]
struct Group {
    title: Key,
    href: String,
    rows: Vec<(String, String)>,
}

/// A certificate that is there already.
#[derive(Debug)]
pub struct Duplicate {
    /// Its page.
    pub href: String,
    /// To tell it from others.
    pub thumbprint: Thumbprint,
    /// The certificate.
    pub certificate: Certificate,
}

impl Duplicate {
    /// How the check page shows a certificate.
    pub fn of(certificate: Certificate) -> Self {
        Self {
            href: routes::certificate(&certificate.thumbprint.to_string()),
            thumbprint: certificate.thumbprint.clone(),
            certificate,
        }
    }
}

/// The page as it stands now.
pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let frame = Frame::of(&req, &state).at(Section::Issue);
    match open(&state, &user, &id).await? {
        Opened::Draft(draft) => {
            let page = draft_page(&state, frame, &draft, FormView::default()).await?;
            Ok(page.answer(StatusCode::OK))
        }
        Opened::Elsewhere(answer) => Ok(answer),
    }
}

/// What there is to show of a draft.
enum Shown {
    /// The page.
    Check(Box<CheckPage>),
    /// Something comes first, or nothing is left to check.
    Elsewhere(HttpResponse),
}

impl Shown {
    fn answer(self, status: StatusCode) -> HttpResponse {
        match self {
            Self::Check(page) => render(&*page, status),
            Self::Elsewhere(answer) => answer,
        }
    }

    /// As the answer to a page that was made from other answers.
    fn stale(self, differences: Vec<shown::Difference>) -> HttpResponse {
        match self {
            Self::Check(page) => {
                let page = CheckPage {
                    stale: true,
                    differences,
                    ..*page
                };
                render(&page, StatusCode::CONFLICT)
            }
            Self::Elsewhere(answer) => answer,
        }
    }
}

async fn draft_page(
    state: &AppState,
    frame: Frame,
    draft: &Draft,
    form: FormView,
) -> Result<Shown, AppError> {
    let (id, answers) = (&draft.issuance.id, &draft.answers);
    let elsewhere = |path: &str| Ok(Shown::Elsewhere(see_other(path)));
    if let Some(first) = detour(Page::Check, answers, &draft.offer) {
        return elsewhere(&first.path(id));
    }
    let review = match issue::review(&state.portal, draft).await? {
        Reviewed::Review(review) => *review,
        Reviewed::Incomplete(step) => return elsewhere(&Page::of(step).path(id)),
        Reviewed::NotRenewable(_) => return elsewhere(&routes::issuance(id)),
    };
    let kind = answers.kind().ok_or(AppError::Internal)?;
    let pages = Page::all(kind);
    let Review {
        order,
        warnings,
        duplicates,
    } = review;
    let said = |(field, warning)| words::warning(field, warning, frame.lang);
    Ok(Shown::Check(Box::new(CheckPage {
        action: Page::Check.path(id),
        discard: routes::of_issuance(id, "discard"),
        back: Page::Options.path(id),
        attempt: draft.issuance.attempt,
        place: place(&frame, Page::Check, kind),
        groups: groups(draft, &pages, &order.dn, &frame),
        preview: order.dn.preview(),
        warnings: warnings.into_iter().map(said).collect(),
        duplicates: duplicates.into_iter().map(Duplicate::of).collect(),
        seen: answers.to_stored(),
        stale: false,
        differences: Vec::new(),
        frame,
        form,
    })))
}

fn groups(draft: &Draft, pages: &[Page], dn: &DistinguishedName, frame: &Frame) -> Vec<Group> {
    let (id, kind) = (&draft.issuance.id, draft.answers.kind());
    let group = |page: &Page| Group {
        title: page.title(kind),
        href: format!("{}?then=check", page.path(id)),
        rows: match page {
            Page::Options => [rows(draft, *page, dn, frame), carried(draft, frame)].concat(),
            _ => rows(draft, *page, dn, frame),
        },
    };
    let steps = pages.iter().filter(|page| **page != Page::Check);
    steps.map(group).collect()
}

fn rows(draft: &Draft, page: Page, dn: &DistinguishedName, frame: &Frame) -> Vec<(String, String)> {
    let answers = &draft.answers;
    let fields = page.fields(answers.kind()).into_iter();
    let row = |field: Field| {
        let text = match field {
            // Built where it was left blank.
            Field::CommonName => dn.common_name().unwrap_or_default().to_owned(),
            _ => shown::answer(field, answers, &draft.offer, frame),
        };
        let is_passport = answers.document_type == DocumentType::Passport.as_str();
        let is_left_over = field == Field::DocumentCountry && !is_passport;
        let label = frame.of_key(&names::field(field)).into_owned();
        (!text.is_empty() && !is_left_over).then_some((label, text))
    };
    fields
        .filter(|field| *field != Field::GroupIds)
        .filter_map(row)
        .collect()
}

/// Groups by their names, and further facts.
fn carried(draft: &Draft, frame: &Frame) -> Vec<(String, String)> {
    let (answers, offer) = (&draft.answers, &draft.offer);
    let groups = shown::answer(Field::GroupIds, answers, offer, frame);
    let label = frame.of_key(&names::field(Field::GroupIds)).into_owned();
    let typed = |field: &InfoField| {
        let text = answers.info_text(field).to_owned();
        (field.label.clone(), text)
    };
    let mut rows: Vec<_> = offer.info.iter().map(typed).collect();
    rows.push((label, groups));
    rows.retain(|(_, text)| !text.is_empty());
    rows
}

/// What the last page sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CheckForm {
    attempt: String,
    /// The answers it was made from.
    seen: String,
    confirm: String,
}

/// Orders the certificate, once, however often this is sent.
pub async fn submit(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    id: web::Path<String>,
    form: CheckedForm<CheckForm>,
) -> Result<HttpResponse, AppError> {
    let frame = Frame::of(&req, &state).at(Section::Issue);
    let draft = match open(&state, &user, &id).await? {
        Opened::Draft(draft) => draft,
        Opened::Elsewhere(answer) => return Ok(answer),
    };
    let CheckedForm { value, fields, .. } = form;
    let mut errors = FieldErrors::new();
    refuse_thumbprint(&fields, &mut errors);
    if value.confirm != "yes" {
        errors.add("confirm", key("missing-confirm"));
    }
    if !errors.is_empty() {
        let form = FormView::refused(fields, errors);
        let page = draft_page(&state, frame, &draft, form).await?;
        return Ok(page.answer(StatusCode::UNPROCESSABLE_ENTITY));
    }
    let seen = value.attempt.parse().unwrap_or(0);
    match issue::submit(&state.portal, &user.caller, &id, seen).await? {
        Submitted::Submitted(id) | Submitted::AlreadySubmitted(id) => {
            Ok(see_other(&routes::issuance(&id)))
        }
        Submitted::Incomplete(step) => Ok(see_other(&Page::of(step).path(&id))),
        Submitted::NotRenewable(_) => Ok(see_other(&routes::issuance(&id))),
        Submitted::Missing => Err(AppError::NotFound),
        Submitted::NoConnection => Ok(problem::answer(frame, problem::connection_gone())),
        Submitted::Stale => {
            let differences = match Answers::from_stored(&value.seen) {
                Some(seen) => shown::differences(&Page::ALL, &draft, &seen, &frame),
                None => Vec::new(),
            };
            let page = draft_page(&state, frame, &draft, FormView::default()).await?;
            Ok(page.stale(differences))
        }
    }
}
