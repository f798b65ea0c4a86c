//! The connection that somebody signed in at last with this browser: the
//! chooser puts it first. It says nothing of who that was.

use actix_web::HttpRequest;
use actix_web::cookie::Cookie;
use actix_web::cookie::time::Duration;

use super::cookies;
use super::state::AppState;
use crate::domain::connection::Slug;

const NAME: &str = "rubrica-last";

/// The cookie that an answer to a sign-in at this connection sets.
pub fn remember(state: &AppState, slug: &Slug) -> Cookie<'static> {
    let origin = &state.settings.origin;
    cookies::build(origin, origin.cookie_name(NAME), slug.to_string())
        .max_age(Duration::days(365))
        .finish()
}

/// What the browser remembers; it need not be a connection that there is.
pub fn of(req: &HttpRequest, state: &AppState) -> Option<Slug> {
    let name = state.settings.origin.cookie_name(NAME);
    req.cookie(&name)?.value().parse().ok()
}
