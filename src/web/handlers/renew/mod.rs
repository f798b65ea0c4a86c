//! Renewing a certificate: choose, confirm that its data is unchanged, check, order.
//! Until the draft exists, the path holds the certificate's thumbprint.

mod changed;
mod check;
mod choose;
mod file;
mod kind;
pub mod obstacles;
mod renewal_way;
mod under_way;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use crate::domain::answers::Step;
use crate::domain::certificate::{Certificate, Obstacle};
use crate::domain::issuance::{Issuance, State};
use crate::domain::thumbprint::Thumbprint;
use crate::services::certificates;
use crate::services::renew::Begun;
use crate::web::extractors::SignedIn;
use crate::web::handlers::lists::way_back::WayBack;
use crate::web::page::{Frame, see_other};
use crate::web::problem::AppError;
use crate::web::routes::{self, Guard, Route};
use crate::web::state::AppState;

pub use renewal_way::RenewalWay;
pub use under_way::{OpenRenewal, UnderWay};

pub const ROUTES: &[Route] = &[
    Route::get(routes::RENEW, Guard::User, |route| route.to(choose::first)),
    Route::get(routes::RENEW_CHOOSE, Guard::User, |route| {
        route.to(choose::page)
    }),
    Route::upload(routes::RENEW_CHOOSE, Guard::User, |route| {
        route.to(choose::choose)
    }),
    Route::get(routes::RENEW_OF, Guard::User, |route| route.to(choose::one)),
    Route::get(routes::RENEW_CHANGED, Guard::User, |route| {
        route.to(changed::page)
    }),
    Route::post(routes::RENEW_CHANGED, Guard::User, |route| {
        route.to(changed::answer)
    }),
    Route::get(routes::RENEW_KIND, Guard::User, |route| {
        route.to(kind::page)
    }),
    Route::post(routes::RENEW_KIND, Guard::User, |route| {
        route.to(kind::begin)
    }),
    Route::get(routes::RENEW_CHECK, Guard::User, |route| {
        route.to(check::page)
    }),
    Route::post(routes::RENEW_CHECK, Guard::User, |route| {
        route.to(check::submit)
    }),
];

/// This person's certificate. Not found if the text is not a thumbprint or the
/// certificate belongs to somebody else.
async fn own(state: &AppState, user: &SignedIn, text: &str) -> Result<Certificate, AppError> {
    let thumbprint: Thumbprint = text.parse().map_err(|_| AppError::NotFound)?;
    let found = certificates::own_certificate(&state.portal, &user.caller, &thumbprint).await?;
    found.ok_or(AppError::NotFound)
}

/// The next page. A submitted issuance has its own page.
fn way_on(issuance: &Issuance) -> String {
    let id = &issuance.id;
    match (issuance.state, &issuance.renews) {
        // Which leads to the steps if the holder's details are asked for.
        (State::Draft, Some(_)) => routes::renew_check(id),
        (State::Draft, None) => routes::issue_step(id, Step::Kind.as_str()),
        _ => routes::issuance(id),
    }
}

/// What came of a form that begins a renewal with this draft.
fn begun(
    (frame, way): (Frame, &WayBack),
    certificate: Certificate,
    begun: Begun,
    draft_id: &str,
) -> Result<HttpResponse, AppError> {
    let obstacle = match begun {
        Begun::Draft(draft) => return Ok(see_other(&way.keep(way_on(&draft.issuance)))),
        // One that waits to be sent, or the same form once more.
        Begun::UnderWay(open) if open.state == State::Draft || open.id == draft_id => {
            return Ok(see_other(&way.keep(way_on(&open))));
        }
        Begun::UnderWay(open) => Obstacle::UnderWay(open.id),
        Begun::Blocked(obstacle) => obstacle,
        Begun::Missing => return Err(AppError::BadRequest),
    };
    let status = StatusCode::CONFLICT;
    let at = (frame, way);
    Ok(obstacles::blocked(at, certificate, &obstacle, status))
}
