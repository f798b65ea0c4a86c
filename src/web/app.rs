//! The application put together: middleware, files, probes, and the two scopes
//! with sessions of their own.

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, Error, web};

use super::kept_form::keep_late_forms;
use super::middleware::outermost;
use super::problem::in_session;
use super::state::AppState;
use super::{assets, health, routes, session};
use crate::storage::sessions::Kind;

/// The application: `user` registers what stands in the users' scope, by full
/// path; `admin` what stands in the admins', by [`routes::in_admin`].
pub fn app(
    state: web::Data<AppState>,
    user: fn(&mut web::ServiceConfig),
    admin: fn(&mut web::ServiceConfig),
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = Error,
        InitError = (),
    >,
> {
    let user_sessions = session::middleware(&state, Kind::User);
    let admin_sessions = session::middleware(&state, Kind::Admin);
    App::new()
        .app_data(state)
        .wrap(from_fn(outermost))
        .service(
            web::resource(routes::STATIC)
                .wrap(Compress::default())
                .route(web::get().to(assets::serve)),
        )
        .route(routes::HEALTHZ, web::get().to(health::alive))
        .route(routes::READYZ, web::get().to(health::ready))
        .service(
            web::scope(routes::ADMIN)
                .wrap(from_fn(in_session))
                .wrap(admin_sessions)
                .configure(admin),
        )
        .service(
            web::scope("")
                .wrap(from_fn(keep_late_forms))
                .wrap(from_fn(in_session))
                .wrap(user_sessions)
                .configure(user),
        )
}
