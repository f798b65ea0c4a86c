//! The last page: all answers, the resulting name, and the one button that orders a
//! certificate.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::duplicates::Duplicates;
use super::step::{place, title};
use super::{count_press, open, path, refuse_thumbprint, section, shown, words};
use crate::domain::answers::{Answers, Field, Step};
use crate::domain::connection::InfoField;
use crate::domain::distinguished_name::DistinguishedName;
use crate::domain::document::DocumentType;
use crate::domain::holder::Kind;
use crate::domain::thumbprint::Thumbprint;
use crate::i18n::{Key, Message, key};
use crate::services::issue::{self, Draft, NotReady, Review, Submitted};
use crate::web::csrf::CheckedForm;
use crate::web::extractors::SignedIn;
use crate::web::handlers::lists::way_back::WayBack;
use crate::web::handlers::{may_not_issue, names};
use crate::web::page::form::{FieldErrors, FormView};
use crate::web::page::{Frame, render, see_other};
use crate::web::problem::{self, AppError};
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "issue/check.html")]
struct CheckPage {
    frame: Frame,
    form: FormView,
    action: String,
    discard: String,
    back: String,
    version: i64,
    place: Cow<'static, str>,
    /// The certificate that it renews.
    renews: Option<String>,
    groups: Vec<Group>,
    preview: String,
    warnings: Vec<Message>,
    duplicates: Duplicates,
    /// The marks of those.
    known: String,
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

pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let draft = open(&state, &user, &id).await?;
    let frame = Frame::of(&req, &state).at(section(&draft));
    let frame = may_not_issue::warned(frame, &state, &user).await?;
    let way = WayBack::kept(&req);
    let page = check_page(&state, (frame, &way), &draft, FormView::default()).await?;
    Ok(render(&page, StatusCode::OK))
}

async fn check_page(
    state: &AppState,
    (frame, way): (Frame, &WayBack),
    draft: &Draft,
    form: FormView,
) -> Result<CheckPage, AppError> {
    let (id, answers) = (&draft.issuance.id, draft.answers());
    let Review {
        order,
        warnings,
        duplicates,
    } = match issue::review(&state.portal, draft).await? {
        Ok(review) => review,
        Err(not_ready) => {
            let page = not_ready_path(&not_ready, draft);
            return Err(AppError::Elsewhere(way.keep(page)));
        }
    };
    let kind = answers.kind().ok_or(AppError::Internal)?;
    let warning = |(field, warning)| words::warning(field, warning, frame.lang);
    Ok(CheckPage {
        action: way.keep(path(Step::Check, id)),
        discard: way.keep(routes::of_issuance(id, "discard")),
        back: way.keep(path(Step::Options, id)),
        version: draft.issuance.version,
        place: place(&frame, Step::Check, kind),
        renews: order.renews.as_ref().map(Thumbprint::grouped),
        groups: groups(draft, kind, &order.dn, (&frame, way)),
        preview: order.dn.preview(),
        warnings: warnings.into_iter().map(warning).collect(),
        known: issue::marks(&duplicates),
        duplicates: Duplicates::of(duplicates, &frame),
        seen: answers.to_json(),
        stale: false,
        differences: Vec::new(),
        frame,
        form,
    })
}

/// The page on which the missing step can be done.
fn not_ready_path(not_ready: &NotReady, draft: &Draft) -> String {
    let id = &draft.issuance.id;
    match (not_ready, &draft.issuance.renews) {
        (NotReady::Incomplete(step), _) => path(*step, id),
        (NotReady::NotRenewable(_), Some(thumbprint)) => routes::renew_of(thumbprint.as_str()),
        (NotReady::NotRenewable(_), None) => routes::issuance(id),
    }
}

fn groups(
    draft: &Draft,
    kind: Kind,
    dn: &DistinguishedName,
    (frame, way): (&Frame, &WayBack),
) -> Vec<Group> {
    let group = |step: Step| Group {
        title: title(step, Some(kind)),
        href: way.keep(format!("{}?then=check", path(step, &draft.issuance.id))),
        rows: match step {
            Step::Options => [rows(draft, step, dn, frame), carried(draft, frame)].concat(),
            _ => rows(draft, step, dn, frame),
        },
    };
    let steps = Step::all(kind).into_iter();
    steps
        .filter(|step| *step != Step::Check)
        .map(group)
        .collect()
}

fn rows(draft: &Draft, step: Step, dn: &DistinguishedName, frame: &Frame) -> Vec<(String, String)> {
    let answers = draft.answers();
    let fields = step.fields(answers.kind()).into_iter();
    let row = |field: Field| {
        let text = match field {
            // Generated if it was left blank.
            Field::CommonName => dn.common_name().unwrap_or_default().to_owned(),
            // Nothing else would lead to it.
            Field::Email if answers.text(field).trim().is_empty() => {
                frame.of_key(&key("issue-not-given")).into_owned()
            }
            _ => shown::answer(field, answers, &draft.options, frame),
        };
        let is_passport = answers.text(Field::DocumentType) == DocumentType::Passport.as_str();
        let is_left_over = field == Field::DocumentCountry && !is_passport;
        let label = frame.of_key(&names::field(field)).into_owned();
        (!text.is_empty() && !is_left_over).then_some((label, text))
    };
    fields
        .filter(|field| *field != Field::GroupIds)
        .filter_map(row)
        .collect()
}

/// Groups by name, and additional information.
fn carried(draft: &Draft, frame: &Frame) -> Vec<(String, String)> {
    let (answers, options) = (draft.answers(), &draft.options);
    let groups = shown::answer(Field::GroupIds, answers, options, frame);
    let label = frame.of_key(&names::field(Field::GroupIds)).into_owned();
    let typed = |field: &InfoField| {
        let text = answers.info_text(field).to_owned();
        (field.label.clone(), text)
    };
    let mut rows: Vec<_> = options.info.iter().map(typed).collect();
    rows.push((label, groups));
    rows.retain(|(_, text)| !text.is_empty());
    rows
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CheckForm {
    attempt: String,
    /// The answers that the page showed, as JSON.
    seen: String,
    /// The marks of the duplicates that the page showed; none of a program that shows none.
    known: Option<String>,
    confirm: String,
}

/// Orders the certificate only once, however often the form is sent.
pub async fn submit(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    id: web::Path<String>,
    form: CheckedForm<CheckForm>,
) -> Result<HttpResponse, AppError> {
    let draft = open(&state, &user, &id).await?;
    let frame = Frame::of(&req, &state).at(section(&draft));
    let way = WayBack::kept(&req);
    let CheckedForm { value, fields, .. } = form;
    let mut errors = FieldErrors::new();
    refuse_thumbprint(&fields, &mut errors);
    if value.confirm != "yes" {
        errors.add("confirm", key("missing-confirm"));
    }
    if !errors.is_empty() {
        let form = FormView::refused(fields, errors);
        let page = check_page(&state, (frame, &way), &draft, form).await?;
        return Ok(render(&page, StatusCode::UNPROCESSABLE_ENTITY));
    }
    count_press(&state, &user).await?;
    let seen = value.attempt.parse().unwrap_or(0);
    let known = value.known.as_deref();
    match issue::submit(&state.portal, &user.caller, &draft, seen, known).await? {
        Submitted::Submitted | Submitted::AlreadySubmitted => {
            Ok(see_other(&way.keep(routes::issuance(&id))))
        }
        Submitted::NotReady(not_ready) => {
            Ok(see_other(&way.keep(not_ready_path(&not_ready, &draft))))
        }
        Submitted::Missing => Err(AppError::NotFound),
        Submitted::TooMany => Err(AppError::TooManyUnderWay),
        Submitted::NoConnection => Ok(problem::answer(frame, problem::connection_gone())),
        Submitted::Stale => stale(&state, &user, &id, (frame, &way), &value.seen).await,
    }
}

/// The page again, with what was saved, or requested for the same holder, since it was shown.
async fn stale(
    state: &AppState,
    user: &SignedIn,
    id: &str,
    (frame, way): (Frame, &WayBack),
    seen: &str,
) -> Result<HttpResponse, AppError> {
    let draft = open(state, user, id).await?;
    let differences = match serde_json::from_str::<Answers>(seen) {
        Ok(seen) => shown::differences(Step::ALL, &draft, &seen, &frame),
        Err(_) => Vec::new(),
    };
    let page = check_page(state, (frame, way), &draft, FormView::default()).await?;
    let page = CheckPage {
        stale: true,
        differences,
        ..page
    };
    Ok(render(&page, StatusCode::CONFLICT))
}
