//! Actions on an issuance: finalize again, abandon, discard, start again. Each
//! redirects to a page.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use crate::domain::answers::Step;
use crate::domain::error_class::ErrorClass;
use crate::domain::issuance::Issuance;
use crate::services::history;
use crate::services::renew::{self, BeginFrom, Begun};
use crate::services::resume::{self as ways_out, Resumed};

use crate::web::csrf::{CheckedForm, NoContent};
use crate::web::extractors::SignedIn;
use crate::web::handlers::issue::{count_press, room_for_draft};
use crate::web::handlers::lists::way_back::WayBack;
use crate::web::page::{Frame, Section, see_other};
use crate::web::problem::{self, AppError};
use crate::web::routes;
use crate::web::state::AppState;

/// The version of the issuance at which the button was shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ResumeForm {
    attempt: Option<String>,
}

/// Repeats finalize, never create.
pub async fn resume(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    id: web::Path<String>,
    form: CheckedForm<ResumeForm>,
) -> Result<HttpResponse, AppError> {
    let seen = form.value.attempt.map(|text| text.parse().unwrap_or(0));
    count_press(&state, &user).await?;
    match ways_out::resume(&state.portal, &user.caller, &id, seen).await? {
        // If it is no longer possible, the issuance's page shows its state.
        Resumed::Done | Resumed::NotNow => {
            let page = WayBack::of(&req).keep(routes::issuance(&id));
            Ok(see_other(&page))
        }
        Resumed::Missing => Err(AppError::NotFound),
        Resumed::TooMany => Err(AppError::TooManyUnderWay),
        Resumed::NoConnection => {
            let frame = Frame::of(&req, &state)
                .at(Section::Issuances)
                .languages_at(routes::issuance(&id));
            Ok(problem::answer(frame, problem::connection_gone()))
        }
    }
}

pub async fn abandon(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    id: web::Path<String>,
    _form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    count_press(&state, &user).await?;
    let done = ways_out::abandon(&state.portal, &user.caller, &id).await?;
    let page = WayBack::of(&req).keep(routes::issuance(&id));
    after(done, &page, &page)
}

/// Discards a draft, and leads back to the list, which says which one it was.
pub async fn discard(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    id: web::Path<String>,
    _form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    count_press(&state, &user).await?;
    let done = ways_out::discard(&state.portal, &user.caller, &id).await?;
    let way = WayBack::of(&req);
    let list = match way.list(routes::HOME) {
        list if list.starts_with(routes::DRAFTS) => list,
        _ => routes::HOME.to_owned(),
    };
    let list = routes::after(&list, &id);
    after(done, &list, &way.keep(routes::issuance(&id)))
}

/// Leads on, or to the page that shows the state if it was not possible.
fn after(done: Resumed, to: &str, page: &str) -> Result<HttpResponse, AppError> {
    match done {
        Resumed::Done => Ok(see_other(to)),
        Resumed::NotNow | Resumed::NoConnection | Resumed::TooMany => Ok(see_other(page)),
        Resumed::Missing => Err(AppError::NotFound),
    }
}

/// Where the new draft begins: where a group is chosen if that was refused, else at
/// its last page.
fn first_page(before: &Issuance, draft: &str) -> String {
    let check = Step::Check.as_str();
    match before.refusal() {
        Some(ErrorClass::Group) => {
            let options = routes::issue_step(draft, Step::Options.as_str());
            format!("{options}?then={check}")
        }
        _ => routes::issue_step(draft, check),
    }
}

/// The id for the new draft.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AgainForm {
    draft: String,
}

/// A new draft with the same answers; sending the form twice makes only one.
pub async fn again(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    id: web::Path<String>,
    form: CheckedForm<AgainForm>,
) -> Result<HttpResponse, AppError> {
    let (portal, who) = (&state.portal, user.caller.clone());
    let found = history::find(portal, &who, &id).await?;
    let (before, _) = found.ok_or(AppError::NotFound)?;
    room_for_draft(&state, &user).await?;
    match renew::begin(portal, &who, BeginFrom::Again(&before), &form.value.draft).await? {
        Begun::Draft(draft) => {
            let page = first_page(&before, &draft.issuance.id);
            Ok(see_other(&WayBack::kept(&req).keep(page)))
        }
        Begun::Missing | Begun::UnderWay(_) | Begun::Blocked(_) => Err(AppError::BadRequest),
    }
}
