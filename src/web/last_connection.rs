//! The connection that was last used to sign in with this browser: the chooser lists
//! it first. The cookie does not say who signed in.

use actix_web::HttpRequest;
use actix_web::cookie::Cookie;
use actix_web::cookie::time::Duration;

use super::cookies;
use super::state::AppState;
use crate::domain::connection::Slug;

const NAME: &str = "rubrica-last";

pub fn remember(state: &AppState, slug: &Slug) -> Cookie<'static> {
    let origin = &state.settings.origin;
    cookies::build(origin, origin.cookie_name(NAME), slug.to_string())
        .max_age(Duration::days(365))
        .finish()
}

/// The remembered connection; it may no longer exist.
pub fn of(req: &HttpRequest, state: &AppState) -> Option<Slug> {
    let name = state.settings.origin.cookie_name(NAME);
    req.cookie(&name)?.value().parse().ok()
}
