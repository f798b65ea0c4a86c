//! Renewing a certificate: which one, whether its data changed, check, order.
//! Before the draft is there the certificate's thumbprint stands in the path.

mod changed;
mod check;
mod choose;
mod file;
mod obstacles;

use actix_web::web::{self, ServiceConfig};

use crate::domain::certificate::Certificate;
use crate::domain::thumbprint::Thumbprint;
use crate::services::certificates;
use crate::web::extractors::SignedIn;
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

/// Routes of renewals.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route(routes::RENEW, web::get().to(choose::first))
        .route(routes::RENEW_CHOOSE, web::get().to(choose::page))
        .route(routes::RENEW_CHOOSE, web::post().to(choose::choose))
        .route(routes::RENEW_OF, web::get().to(choose::one))
        .route(routes::RENEW_CHANGED, web::get().to(changed::page))
        .route(routes::RENEW_CHANGED, web::post().to(changed::answer))
        .route(routes::RENEW_CHECK, web::get().to(check::page))
        .route(routes::RENEW_CHECK, web::post().to(check::submit));
}

/// This person's certificate; somebody else's, and what is no thumbprint, are
/// as good as missing.
async fn own(state: &AppState, user: &SignedIn, text: &str) -> Result<Certificate, AppError> {
    let thumbprint: Thumbprint = text.parse().map_err(|_| AppError::NotFound)?;
    let found = certificates::own_certificate(&state.portal, &user.caller, &thumbprint).await?;
    found.ok_or(AppError::NotFound)
}
