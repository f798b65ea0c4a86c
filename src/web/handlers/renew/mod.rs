//! Renewing a certificate: which one, whether its data changed, check, order.
//! Before the draft is there the certificate's thumbprint stands in the path.

mod changed;
mod check;
mod choose;
mod file;
mod obstacles;

use crate::domain::certificate::Certificate;
use crate::domain::thumbprint::Thumbprint;
use crate::services::certificates;
use crate::web::extractors::SignedIn;
use crate::web::problem::AppError;
use crate::web::routes::{self, Guard, Route};
use crate::web::state::AppState;

/// Routes of renewals.
pub const ROUTES: &[Route] = &[
    Route::get(routes::RENEW, Guard::User, |route| route.to(choose::first)),
    Route::get(routes::RENEW_CHOOSE, Guard::User, |route| {
        route.to(choose::page)
    }),
    Route::post(routes::RENEW_CHOOSE, Guard::User, |route| {
        route.to(choose::choose)
    }),
    Route::get(routes::RENEW_OF, Guard::User, |route| route.to(choose::one)),
    Route::get(routes::RENEW_CHANGED, Guard::User, |route| {
        route.to(changed::page)
    }),
    Route::post(routes::RENEW_CHANGED, Guard::User, |route| {
        route.to(changed::answer)
    }),
    Route::get(routes::RENEW_CHECK, Guard::User, |route| {
        route.to(check::page)
    }),
    Route::post(routes::RENEW_CHECK, Guard::User, |route| {
        route.to(check::submit)
    }),
];

/// This person's certificate; somebody else's, and what is no thumbprint, are
/// as good as missing.
async fn own(state: &AppState, user: &SignedIn, text: &str) -> Result<Certificate, AppError> {
    let thumbprint: Thumbprint = text.parse().map_err(|_| AppError::NotFound)?;
    let found = certificates::own_certificate(&state.portal, &user.caller, &thumbprint).await?;
    found.ok_or(AppError::NotFound)
}
