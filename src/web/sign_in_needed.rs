//! The way to sign in for a request that nobody is signed in for. A form that was not kept
//! did nothing, and the sign-in page says so.

use actix_web::HttpRequest;
use actix_web::http::Method;

use super::problem::AppError;
use super::{destination, routes};
use crate::storage::sessions::Kind;

/// To the sign-in of users, and from there back, or to that of admins.
pub fn sign_in_needed(req: &HttpRequest, kind: Kind) -> AppError {
    let back = destination::of_path(req.path());
    // Signing out is done anyway.
    let is_done = [routes::SIGN_OUT, routes::ADMIN_SIGN_OUT].contains(&req.path());
    match (kind, *req.method() == Method::POST && !is_done) {
        (Kind::User, false) => AppError::SignInNeeded(back),
        (Kind::User, true) => AppError::Elsewhere(routes::sign_in_after(&back, routes::OUT_UNDONE)),
        (Kind::Admin, false) => AppError::AdminSignInNeeded,
        (Kind::Admin, true) => AppError::Elsewhere(routes::signed_out(
            routes::ADMIN_SIGN_IN,
            routes::OUT_UNDONE,
        )),
    }
}
