//! Envelopes: extract, call one service, match its outcome, answer. A folder
//! or file per part of the portal, each with the routes it serves.

mod admin;
mod callback;
mod certificates;
mod chart;
mod files;
mod home;
mod issuances;
mod issue;
mod names;
mod renew;
mod sign_in;
mod sign_out;
mod stay;

use actix_web::web::{self, ServiceConfig};

use super::routes;

pub use admin::configure as admin;

/// Routes of the users' scope, by full path.
pub fn user(cfg: &mut ServiceConfig) {
    cfg.route(routes::HOME, web::get().to(home::page))
        .route(routes::SIGN_IN, web::get().to(sign_in::page))
        .route(
            routes::SIGN_IN_REDTRUST,
            web::post().to(sign_in::to_redtrust),
        )
        .route(routes::SIGN_IN_DIRECT, web::post().to(sign_in::direct))
        .route(routes::CALLBACK, web::get().to(callback::callback))
        .route(routes::ACCOUNT, web::get().to(sign_out::account))
        .route(routes::STAY, web::post().to(stay::user))
        .route(routes::SIGN_OUT, web::post().to(sign_out::sign_out))
        .route(
            routes::SIGN_OUT_EVERYWHERE,
            web::post().to(sign_out::everywhere),
        )
        .route(routes::CERTIFICATES, web::get().to(certificates::list))
        .route(routes::CERTIFICATE, web::get().to(certificates::one))
        .route(
            routes::CERTIFICATE_FILE,
            web::post().to(certificates::make_exact),
        )
        .configure(issue::configure)
        .configure(renew::configure)
        .configure(issuances::configure);
}
