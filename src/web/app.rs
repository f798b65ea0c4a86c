//! Puts the application together: middleware, static files, probes, and the scopes of
//! users and of local accounts with their own sessions. All routes come from the route tables.

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::ServiceConfig;
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
            let is_open = routes().filter(|route| route.guard == Guard::Open);
            let add: Add = |config, path, route| {
                config.service(web::resource(path).route(route.to_actix()));
            };
            add_all(open, is_open.map(|route| (route.path, route)), add);
        })
        .configure(|scopes| {
            for scope in [routes::ADMIN, routes::ATTENTION] {
                scopes.service(
                    web::scope(scope)
                        .wrap(from_fn(keep_late_admin_forms))
                        .wrap(from_fn(in_session))
                        .wrap(session::middleware(&for_accounts, Kind::Admin))
                        .configure(|admin| {
                            let theirs = routes().filter(|route| route.guard.is_of_accounts());
                            let below = theirs
                                .filter_map(|route| Some((route.path.strip_prefix(scope)?, route)));
                            add_all(admin, below, add_route);
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
                    let theirs = routes().filter(|route| is_users(route.guard));
                    add_all(user, theirs.map(|route| (route.path, route)), add_route);
                }),
        )
}

/// Adds a route at this path of a scope.
type Add = fn(&mut ServiceConfig, &str, &Route);

fn add_route(config: &mut ServiceConfig, path: &str, route: &Route) {
    config.route(path, route.to_actix());
}

/// Adds these routes of a scope so that few are tried for a request: they are tried one
/// after the other, and one with a parameter by a regular expression. So whole paths come
/// first, and the others in scopes by their first part.
fn add_all(
    config: &mut ServiceConfig,
    routes: impl Iterator<Item = (&'static str, &'static Route)>,
    add: Add,
) {
    let has_parameter = |(path, _): &(&str, _)| path.contains('{');
    let (with_parameter, whole): (Vec<_>, Vec<_>) = routes.partition(has_parameter);
    for (path, route) in whole {
        add(config, path, route);
    }
    let mut parts: Vec<(&str, Vec<(&str, &Route)>)> = Vec::new();
    for (path, route) in with_parameter {
        let second = path.char_indices().skip(1).find(|(_, c)| *c == '/');
        let (first, below) = path.split_at(second.map_or(0, |(at, _)| at));
        match parts.iter_mut().find(|(part, _)| *part == first) {
            Some((_, routes)) => routes.push((below, route)),
            None => parts.push((first, vec![(below, route)])),
        }
    }
    for (part, routes) in parts {
        if part.is_empty() || part.contains('{') {
            for (below, route) in routes {
                add(config, &format!("{part}{below}"), route);
            }
            continue;
        }
        config.service(web::scope(part).configure(|inside| {
            for (below, route) in routes {
                add(inside, below, route);
            }
        }));
    }
}
