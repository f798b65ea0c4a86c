//! Pending sign-ins, each in its own sealed cookie: anonymous visitors write no
//! database rows, and parallel tabs do not overwrite each other.
//!
//! A cookie is sealed for its own name and lives ten minutes. There are at most
//! four: a new one replaces the oldest.

use actix_web::HttpRequest;
use actix_web::cookie::Cookie;
use actix_web::cookie::time::Duration;

use super::state::AppState;
use super::{cookies, destination};
use crate::domain::connection::Slug;
use crate::domain::login_attempt::{Destination, LIFE, LoginAttempt};

const NAME: &str = "rubrica-attempt-";
/// Not an attempt: it has no seal, and nobody is signed in by it.
const JUST_USED: &str = "rubrica-just-in";
/// The second of two clicks at Redtrust comes back within this time after the first
/// has signed in.
const SECOND_CLICK: Duration = Duration::seconds(10);
const PURPOSE: &str = "attempt";
const AT_MOST: usize = 4;

/// The cookies to set so that the browser keeps `attempt`: the new one, and removals
/// of the oldest. `None` if sealing failed.
pub fn put(
    req: &HttpRequest,
    state: &AppState,
    attempt: &LoginAttempt,
) -> Option<Vec<Cookie<'static>>> {
    let mut carried = carried(req, state);
    // Newest first; cookies that do not open come last and are removed first.
    carried.sort_by_key(|(_, carried)| {
        std::cmp::Reverse(carried.as_ref().map(|attempt| attempt.started_at))
    });
    let too_many = carried.into_iter().skip(AT_MOST - 1);
    let mut cookies: Vec<_> = too_many.map(|(name, _)| removal(state, name)).collect();
    let name = new_name(state);
    let plain = serde_json::to_vec(attempt).ok()?;
    let value = cookies::seal(state, PURPOSE, &name, &plain)?;
    let life = Duration::seconds(i64::try_from(LIFE.as_secs()).ok()?);
    cookies.push(cookie(state, name, value, life));
    Some(cookies)
}

/// The pending attempts at this connection, newest first.
pub fn all(req: &HttpRequest, state: &AppState, connection: &Slug) -> Vec<LoginAttempt> {
    let mut attempts: Vec<_> = carried(req, state)
        .into_iter()
        .filter_map(|(_, attempt)| attempt)
        .filter(|attempt| attempt.connection == *connection)
        .collect();
    attempts.sort_by_key(|attempt| std::cmp::Reverse(attempt.started_at));
    attempts
}

/// Removes the cookie of an attempt that has been used.
pub fn remove(req: &HttpRequest, state: &AppState, attempt_id: &str) -> Option<Cookie<'static>> {
    let is_it = |attempt: &LoginAttempt| attempt.id == attempt_id;
    carried(req, state)
        .into_iter()
        .find(|(_, attempt)| attempt.as_ref().is_some_and(is_it))
        .map(|(name, _)| removal(state, name))
}

/// Remembers for some seconds that an attempt has just led to a sign-in, and where to.
pub fn just_used(state: &AppState, attempt: &LoginAttempt) -> Cookie<'static> {
    let name = state.settings.origin.cookie_name(JUST_USED);
    cookie(state, name, attempt.go_to.to_string(), SECOND_CLICK)
}

/// Where the attempt that was used some seconds ago has led to.
pub fn led_to(req: &HttpRequest, state: &AppState) -> Option<Destination> {
    let cookie = req.cookie(&state.settings.origin.cookie_name(JUST_USED))?;
    Some(destination::from_text(cookie.value()))
}

/// All attempt cookies by name; `None` for one that does not open.
fn carried(req: &HttpRequest, state: &AppState) -> Vec<(String, Option<LoginAttempt>)> {
    let prefix = state.settings.origin.cookie_name(NAME);
    let Ok(cookies) = req.cookies() else {
        return Vec::new();
    };
    cookies
        .iter()
        .filter(|cookie| cookie.name().starts_with(&prefix))
        .map(|cookie| {
            let attempt = open(state, cookie.name(), cookie.value());
            (cookie.name().to_owned(), attempt)
        })
        .collect()
}

fn open(state: &AppState, name: &str, value: &str) -> Option<LoginAttempt> {
    let plain = cookies::open(state, PURPOSE, name, value)?;
    serde_json::from_slice(&plain).ok()
}

/// Four random letters or digits make the name unique.
fn new_name(state: &AppState) -> String {
    let random = data_encoding::BASE32_NOPAD.encode(&rand::random::<[u8; 5]>());
    let end = random.get(..4).unwrap_or_default();
    state.settings.origin.cookie_name(&format!("{NAME}{end}"))
}

fn removal(state: &AppState, name: String) -> Cookie<'static> {
    cookie(state, name, String::new(), Duration::ZERO)
}

fn cookie(state: &AppState, name: String, value: String, life: Duration) -> Cookie<'static> {
    cookies::build(&state.settings.origin, name, value)
        .max_age(life)
        .finish()
}
