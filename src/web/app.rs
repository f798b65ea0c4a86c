//! Puts the application together: middleware, static files, probes, and the scopes of
//! users and of local accounts with their own sessions. All routes come from the route tables.

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, Error, web};

use super::kept_form::{keep_late_admin_forms, keep_late_forms};
use super::middleware::outermost;
use super::problem::in_session;
use super::routes::{self, Guard, Route, Table};
use super::state::AppState;
use super::{assets, handlers, health, session};
use crate::storage::sessions::Kind;

pub const FILES_AND_PROBES: &[Route] = &[
    Route::get(routes::STATIC, Guard::Open, |route| {
        route.to(assets::serve).wrap(Compress::default())
    }),
    Route::get(routes::FAVICON, Guard::Open, |route| {
        route.to(assets::favicon)
    }),
    Route::get(routes::LOGO, Guard::Open, |route| route.to(assets::logo)),
    Route::get(routes::HEALTHZ, Guard::Open, |route| {
        route.to(health::alive)
    }),
    Route::get(routes::READYZ, Guard::Open, |route| route.to(health::ready)),
];

pub const ALL_ROUTES: &[&[Route]] = &[
    FILES_AND_PROBES,
    handlers::ROUTES,
    handlers::many::ROUTES,
    handlers::issue::ROUTES,
    handlers::renew::ROUTES,
    handlers::issuances::ROUTES,
    handlers::admin::ROUTES,
    handlers::admin::account::ROUTES,
    handlers::admin::connections::ROUTES,
    handlers::admin::people::ROUTES,
    handlers::attention::ROUTES,
];

/// Builds the application with these routes, each in the scope that its guard needs.
pub fn app(
    state: web::Data<AppState>,
    table: &'static [&'static [Route]],
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
    let for_accounts = state.clone();
    let table = Table(table);
    let routes = move || table.routes();
    App::new()
        .app_data(state)
        .app_data(web::Data::new(table))
        .wrap(from_fn(outermost))
        .configure(|open| {
            for route in routes().filter(|route| route.guard == Guard::Open) {
                open.service(web::resource(route.path).route(route.to_actix()));
            }
        })
        .configure(|scopes| {
            for scope in [routes::ADMIN, routes::ATTENTION] {
                scopes.service(
                    web::scope(scope)
                        .wrap(from_fn(keep_late_admin_forms))
                        .wrap(from_fn(in_session))
                        .wrap(session::middleware(&for_accounts, Kind::Admin))
                        .configure(|admin| {
                            for route in routes().filter(|route| route.guard.is_of_accounts()) {
                                if let Some(below) = route.path.strip_prefix(scope) {
                                    admin.route(below, route.to_actix());
                                }
                            }
                        }),
                );
            }
        })
        .service(
            web::scope("")
                .wrap(from_fn(keep_late_forms))
                .wrap(from_fn(in_session))
                .wrap(user_sessions)
                .configure(|user| {
                    let is_users = |guard| matches!(guard, Guard::User | Guard::BeforeSignIn);
                    for route in routes().filter(|route| is_users(route.guard)) {
                        user.route(route.path, route.to_actix());
                    }
                }),
        )
}
