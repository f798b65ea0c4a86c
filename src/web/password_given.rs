//! A sign-in between password and second factor, in a sealed cookie: nobody has a session
//! yet, and strangers write no rows. It is bound to the cookie of the sign-in pages, which
//! a form's token is bound to, too.

use actix_web::HttpRequest;
use actix_web::cookie::Cookie;
use actix_web::cookie::time::Duration;
use serde::{Deserialize, Serialize};

use super::cookies;
use super::csrf::PreSession;
use super::state::AppState;
use crate::services::accounts::{CODE_WITHIN, PasswordGiven};

const NAME: &str = "rubrica-admin-code";
const PURPOSE: &str = "password given";

#[derive(Serialize, Deserialize)]
struct Carried {
    given: PasswordGiven,
    /// The value of the sign-in pages' cookie.
    browser: String,
    /// Whether a form was kept, to be shown after the sign-in.
    kept: bool,
}

/// The cookie that carries it to the second step. `None` if sealing failed, or if the
/// browser has no cookie of the sign-in pages.
pub fn put(
    req: &HttpRequest,
    state: &AppState,
    given: PasswordGiven,
    kept: bool,
) -> Option<Cookie<'static>> {
    let browser = PreSession::sent(req, state)?;
    let carried = Carried {
        given,
        browser,
        kept,
    };
    let plain = serde_json::to_vec(&carried).ok()?;
    let name = state.settings.origin.cookie_name(NAME);
    let value = cookies::seal(state, PURPOSE, &name, &plain)?;
    let life = Duration::try_from(CODE_WITHIN).ok()?;
    let cookie = cookies::build(&state.settings.origin, name, value);
    Some(cookie.max_age(life).finish())
}

/// What the browser carries, and whether a form was kept.
pub fn sent(req: &HttpRequest, state: &AppState) -> Option<(PasswordGiven, bool)> {
    let cookie = req.cookie(&state.settings.origin.cookie_name(NAME))?;
    let plain = cookies::open(state, PURPOSE, cookie.name(), cookie.value())?;
    let carried: Carried = serde_json::from_slice(&plain).ok()?;
    let is_this_browser = PreSession::sent(req, state)? == carried.browser;
    is_this_browser.then_some((carried.given, carried.kept))
}

/// Takes the cookie away.
pub fn removal(state: &AppState) -> Cookie<'static> {
    let name = state.settings.origin.cookie_name(NAME);
    cookies::build(&state.settings.origin, name, String::new())
        .max_age(Duration::ZERO)
        .finish()
}
