//! Renews certificates unchanged: those that expire soon, or any of the list, in which they
//! are chosen.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::domain::run::MOST_LINES;
use crate::domain::thumbprint::Thumbprint;
use crate::i18n::{Message, key};
use crate::services::{certificate_list, many};
use crate::web::csrf::{CheckedForm, InSession, NoContent, PEM_FORM_LIMIT};
use crate::web::extractors::SignedIn;
use crate::web::handlers::basket::Basket;
use crate::web::handlers::certificate_list::{self as list, reader};
use crate::web::handlers::issue::count_batch;
use crate::web::handlers::lists::query::ListQuery;
use crate::web::handlers::lists::way_back::{List, WayBack};
use crate::web::handlers::may_not_issue;
use crate::web::kept_form::kept;
use crate::web::page::form::{FieldErrors, Fields};
use crate::web::page::{Frame, Section, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

/// Leads to the list. What was ticked there when the session ended is ticked again.
pub async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
) -> Result<HttpResponse, AppError> {
    if let Some(page) = may_not_issue::page(&req, &state, &user, Section::Renew).await? {
        return Ok(page);
    }
    let who = &user.caller;
    if let Some(late) = kept(&req, &state, &who.owner_id).await? {
        let basket = Basket::of(&state, who).await?.changed(&late);
        basket.keep(&state, who).await?;
    }
    Ok(see_other(routes::CERTIFICATES))
}

/// Makes a run of what was chosen, and goes on to its page, where it is checked.
pub async fn begin(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    query: web::Query<ListQuery>,
    form: CheckedForm<NoContent, InSession, PEM_FORM_LIMIT>,
) -> Result<HttpResponse, AppError> {
    count_batch(&state, &user).await?;
    let (frame, who) = (Frame::of(&req, &state), &user.caller);
    let way = match form.fields.get("list") == List::Certificates.as_str() {
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
    list::refused(frame, &state, who, &query, errors).await
}

/// What a form asks to renew: all of a list, what is due, or what is ticked in the list of
/// certificates on whatever page.
async fn chosen(
    state: &AppState,
    user: &SignedIn,
    query: &ListQuery,
    form: &Fields,
) -> Result<Result<Vec<Thumbprint>, Message>, AppError> {
    let who = &user.caller;
    match form.get("all") {
        "search" => listed(state, user, query).await,
        "due" => {
            let mut due = many::due(&state.portal, who).await?;
            due.truncate(MOST_LINES);
            Ok(Ok(due))
        }
        _ => {
            let basket = Basket::of(state, who).await?.changed(form);
            basket.keep(state, who).await?;
            Ok(Ok(basket.into_thumbprints()))
        }
    }
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
