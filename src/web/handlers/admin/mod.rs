//! The admins' pages: accounts, connections, redirect URLs, audit. Each takes
//! [`AdminSignedIn`], but for sign-in and the first run.
//!
//! [`AdminSignedIn`]: crate::web::extractors::AdminSignedIn

mod audit;
mod connections;
mod home;
mod redirect_urls;
mod setup;
mod sign_in;

use actix_web::web::{self, ServiceConfig};

use crate::web::handlers::stay;
use crate::web::routes::{self, in_admin};

/// Routes of the admins' scope, below [`routes::ADMIN`].
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route(in_admin(routes::ADMIN), web::get().to(home::page))
        .route(in_admin(routes::ADMIN_SETUP), web::get().to(setup::page))
        .route(in_admin(routes::ADMIN_SETUP), web::post().to(setup::create))
        .route(
            in_admin(routes::ADMIN_SIGN_IN),
            web::get().to(sign_in::page),
        )
        .route(
            in_admin(routes::ADMIN_SIGN_IN),
            web::post().to(sign_in::sign_in),
        )
        .route(
            in_admin(routes::ADMIN_SIGN_OUT),
            web::post().to(sign_in::sign_out),
        )
        .route(in_admin(routes::ADMIN_STAY), web::post().to(stay::admin))
        .configure(connections::configure)
        .route(
            in_admin(routes::ADMIN_REDIRECT_URLS),
            web::get().to(redirect_urls::page),
        )
        .route(
            in_admin(routes::ADMIN_REDIRECT_URLS),
            web::post().to(redirect_urls::enter),
        )
        .route(
            in_admin(routes::ADMIN_REDIRECT_URL_STATE),
            web::post().to(redirect_urls::set_state),
        )
        .route(in_admin(routes::ADMIN_AUDIT), web::get().to(audit::page));
}
