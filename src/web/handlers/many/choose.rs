//! Chooses the certificates to renew unchanged: those that expire soon, or any of the list.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::domain::certificate::Certificate;
use crate::domain::run::MOST_LINES;
use crate::domain::thumbprint::Thumbprint;
use crate::i18n::{Message, key};
use crate::services::{certificate_list, certificates, many};
use crate::web::csrf::{CheckedForm, InSession, NoContent, PEM_FORM_LIMIT};
use crate::web::extractors::SignedIn;
use crate::web::find;
use crate::web::handlers::basket::Basket;
use crate::web::handlers::certificate_list::{self as list, reader};
use crate::web::handlers::lists::query::ListQuery;
use crate::web::handlers::lists::way_back::{List, WayBack};
use crate::web::handlers::may_not_issue;
use crate::web::kept_form::kept_or;
use crate::web::page::form::{FieldErrors, Fields, FormView};
use crate::web::page::paging::Paging;
use crate::web::page::{Frame, Section, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

/// Certificates on one page.
const PAGE_SIZE: u16 = 40;

#[derive(Debug, Template)]
#[template(path = "many/choose.html")]
struct ChoosePage {
    frame: Frame,
    form: FormView,
    rows: Vec<Certificate>,
    /// How many expire soon.
    due: usize,
    paging: Paging,
}

impl ChoosePage {
    /// The id of a box. The first one has the field's own, so that the summary can link
    /// to it.
    fn id(&self, at: &usize) -> String {
        match at {
            0 => "thumbprint".to_owned(),
            at => format!("thumbprint-{at}"),
        }
    }
}

/// `?page=`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChooseQuery {
    page: String,
}

pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    query: web::Query<ChooseQuery>,
) -> Result<HttpResponse, AppError> {
    if let Some(page) = may_not_issue::page(&req, &state, &user, Section::Renew).await? {
        return Ok(page);
    }
    let (frame, form) = (Frame::of(&req, &state), FormView::default());
    let (frame, form) = kept_or(&req, &state, &user.caller.owner_id, frame, form).await?;
    show(frame, &state, &user, &query.page, (form, StatusCode::OK)).await
}

async fn show(
    frame: Frame,
    state: &AppState,
    user: &SignedIn,
    page: &str,
    (form, status): (FormView, StatusCode),
) -> Result<HttpResponse, AppError> {
    let (portal, reader) = (&state.portal, reader(&user.caller));
    let after = find::opened_place(&portal.keys, reader.list, reader.id, page);
    let first = after.as_ref().map(|_| routes::RENEW_MANY.to_owned());
    let at = |place: &str| format!("{}?page={place}", routes::RENEW_MANY);
    let here = first
        .as_ref()
        .map_or_else(|| routes::RENEW_MANY.to_owned(), |_| at(page));
    let current = certificates::current(portal, &user.caller, after, PAGE_SIZE).await?;
    let due = many::count_due(portal, &user.caller).await?;
    let sealed = |place| find::sealed_place(&portal.keys, reader.list, reader.id, place);
    let now = portal.clock.now();
    let rows = current.rows.into_iter();
    let page = ChoosePage {
        frame: frame.at(Section::Renew).languages_at(here),
        form,
        due,
        paging: Paging {
            first,
            next: current.next.as_deref().map(|place| at(&sealed(place))),
            ..Paging::default()
        },
        rows: rows
            .filter(|one| one.renewal_obstacle(now).is_none())
            .collect(),
    };
    Ok(render(&page, status))
}

/// Makes a run of what was chosen, and goes on to its page, where it is checked.
pub async fn begin(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    query: web::Query<ListQuery>,
    form: CheckedForm<NoContent, InSession, PEM_FORM_LIMIT>,
) -> Result<HttpResponse, AppError> {
    let (frame, who) = (Frame::of(&req, &state), &user.caller);
    let from_list = form.fields.get("list") == List::Certificates.as_str();
    let way = match from_list {
        true => WayBack::to(List::Certificates, &query),
        false => WayBack::default(),
    };
    let wrong = match chosen(&state, &user, &query, &form.fields).await? {
        Err(wrong) => wrong,
        Ok(chosen) => match many::renew(&state.portal, who, chosen).await? {
            many::Begun::Run(id) => return Ok(see_other(&way.keep(routes::run(&id)))),
            many::Begun::Nothing => key("many-missing-choice").into(),
            many::Begun::TooMany(count) => too_many(count),
        },
    };
    let errors = FieldErrors::one("thumbprint", wrong);
    if from_list {
        return list::refused(frame, &state, who, &query, errors).await;
    }
    let form = FormView::refused(form.fields, errors);
    let shown = (form, StatusCode::UNPROCESSABLE_ENTITY);
    show(frame, &state, &user, "", shown).await
}

/// What a form asks to renew: all of a list, what is due, what is ticked in the list of
/// certificates on whatever page, or what it names.
async fn chosen(
    state: &AppState,
    user: &SignedIn,
    query: &ListQuery,
    form: &Fields,
) -> Result<Result<Vec<Thumbprint>, Message>, AppError> {
    let who = &user.caller;
    Ok(match (form.get("all"), form.get("list")) {
        ("search", _) => return listed(state, user, query).await,
        ("due", _) => {
            let mut due = many::due(&state.portal, who).await?;
            due.truncate(MOST_LINES);
            Ok(due)
        }
        (_, "") => named(form),
        _ => {
            let basket = Basket::of(state, who).await?.changed(form);
            basket.keep(state, who).await?;
            Ok(basket.into_thumbprints())
        }
    })
}

/// The list of certificates with these filters, as far as it fits into a run.
async fn listed(
    state: &AppState,
    user: &SignedIn,
    query: &ListQuery,
) -> Result<Result<Vec<Thumbprint>, Message>, AppError> {
    let typed = query.typed(state, reader(&user.caller));
    if typed.is_gone {
        return Err(AppError::NotFound);
    }
    let wanted = query.certificates(&state.settings.branding.time_zone, &typed);
    let (portal, who) = (&state.portal, &user.caller);
    let found = certificate_list::thumbprints(portal, who, &wanted, MOST_LINES).await?;
    Ok(match found {
        // The search stopped before it had found them all.
        (some, true) if some.len() < MOST_LINES => Err(key("many-list-too-wide").into()),
        (thumbprints, _) => Ok(thumbprints),
    })
}

pub(super) fn too_many(count: usize) -> Message {
    key("many-too-many")
        .with("count", count)
        .with("most", MOST_LINES)
}

fn named(form: &Fields) -> Result<Vec<Thumbprint>, Message> {
    form.all("thumbprint")
        .filter(|text| !text.trim().is_empty())
        .map(|text| text.parse())
        .collect::<Result<_, _>>()
        .map_err(|_| key("many-wrong-thumbprint").into())
}
