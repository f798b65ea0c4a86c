//! A sealed cookie that says through which doors somebody has signed in with this browser
//! before: there they have tries of their own, whatever strangers do, and the same ones
//! with any number of cookies. It says neither name nor password, and opens nothing.

use actix_web::cookie::Cookie;
use actix_web::cookie::time::Duration;
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use super::client_addr::ClientAddr;
use super::cookies;
use super::extractors::source_of;
use super::problem::AppError;
use super::state::AppState;
use crate::domain::millis::Millis;
use crate::services::limiter::{self, Door, Stranger};
use crate::storage::StorageError;

const NAME: &str = "rubrica-known";
const PURPOSE: &str = "known browser";
/// The doors that are remembered; a new one replaces the oldest.
const AT_MOST: usize = 8;
const LIFE: std::time::Duration = std::time::Duration::from_secs(180 * 24 * 3600);

/// A door that was passed.
#[derive(Serialize, Deserialize)]
struct Passed {
    /// Stands for the door, and for the name if it asks for one.
    door: String,
    /// Stands for who passed it, where that only shows afterwards; empty for all whom
    /// Redtrust does not name.
    person: String,
    at: Millis,
}

/// Who is at this door.
pub fn stranger(
    req: &HttpRequest,
    state: &AppState,
    door: Door<'_>,
) -> Result<Stranger, StorageError> {
    let door = limiter::passed(&state.portal, door)?;
    let now = state.portal.clock.now();
    let mut passed = sent(req, state).into_iter();
    let passed = passed.find(|passed| passed.door == door && now.since(passed.at) < LIFE);
    Ok(Stranger {
        address: ClientAddr::of(req).0,
        known: passed.map(|passed| passed.door + &passed.person),
        source: source_of(req),
    })
}

/// Remembers that somebody has signed in through this door; `person` is their id where the
/// door has no name.
pub fn remember(
    req: &HttpRequest,
    state: &AppState,
    door: Door<'_>,
    person: &str,
    answer: &mut HttpResponse,
) -> Result<(), AppError> {
    let cookie = cookie(req, state, door, person).ok_or(AppError::Internal)?;
    answer.add_cookie(&cookie).map_err(|_| AppError::Internal)
}

/// `None` if sealing failed.
fn cookie(
    req: &HttpRequest,
    state: &AppState,
    door: Door<'_>,
    person: &str,
) -> Option<Cookie<'static>> {
    let door = limiter::passed(&state.portal, door).ok()?;
    let mut passed = sent(req, state);
    passed.retain(|passed| passed.door != door);
    passed.push(Passed {
        door,
        person: match person {
            "" => String::new(),
            person => limiter::log_id(&state.portal.keys, person),
        },
        at: state.portal.clock.now(),
    });
    let too_many = passed.len().saturating_sub(AT_MOST);
    passed.drain(..too_many);
    let plain = serde_json::to_vec(&passed).ok()?;
    let name = state.settings.origin.cookie_name(NAME);
    let value = cookies::seal(state, PURPOSE, &name, &plain)?;
    let cookie = cookies::build(&state.settings.origin, name, value);
    Some(cookie.max_age(Duration::try_from(LIFE).ok()?).finish())
}

/// Oldest first.
fn sent(req: &HttpRequest, state: &AppState) -> Vec<Passed> {
    let cookie = req.cookie(&state.settings.origin.cookie_name(NAME));
    let plain =
        cookie.and_then(|cookie| cookies::open(state, PURPOSE, cookie.name(), cookie.value()));
    let passed = plain.and_then(|plain| serde_json::from_slice(&plain).ok());
    passed.unwrap_or_default()
}
