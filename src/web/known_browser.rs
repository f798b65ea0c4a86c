//! A sealed cookie that says through which doors this browser has signed in before, and
//! under which names: there it has tries of its own, whatever strangers do. It says
//! neither name nor password, and opens nothing.

use actix_web::cookie::Cookie;
use actix_web::cookie::time::Duration;
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use super::client_addr::ClientAddr;
use super::cookies;
use super::extractors::source_of;
use super::keys;
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

#[derive(Serialize, Deserialize)]
struct Known {
    /// Random; its tries are counted by it.
    id: String,
    /// What stands for each door, and when it was passed last. Oldest first.
    passed: Vec<(String, Millis)>,
}

/// Who is at this door.
pub fn stranger(
    req: &HttpRequest,
    state: &AppState,
    door: Door<'_>,
) -> Result<Stranger, StorageError> {
    let door = limiter::passed(&state.portal, door)?;
    let now = state.portal.clock.now();
    let known = sent(req, state).filter(|known| {
        let mut passed = known.passed.iter();
        passed.any(|(passed, at)| *passed == door && now.since(*at) < LIFE)
    });
    Ok(Stranger {
        address: ClientAddr::of(req).0,
        browser: known.map(|known| known.id),
        source: source_of(req),
    })
}

/// Remembers that this browser has signed in through this door.
pub fn remember(
    req: &HttpRequest,
    state: &AppState,
    door: Door<'_>,
    answer: &mut HttpResponse,
) -> Result<(), AppError> {
    let cookie = cookie(req, state, door).ok_or(AppError::Internal)?;
    answer.add_cookie(&cookie).map_err(|_| AppError::Internal)
}

/// `None` if sealing failed.
fn cookie(req: &HttpRequest, state: &AppState, door: Door<'_>) -> Option<Cookie<'static>> {
    let door = limiter::passed(&state.portal, door).ok()?;
    let mut known = sent(req, state).unwrap_or_else(|| Known {
        id: keys::nonce(),
        passed: Vec::new(),
    });
    known.passed.retain(|(passed, _)| *passed != door);
    known.passed.push((door, state.portal.clock.now()));
    let too_many = known.passed.len().saturating_sub(AT_MOST);
    known.passed.drain(..too_many);
    let plain = serde_json::to_vec(&known).ok()?;
    let name = state.settings.origin.cookie_name(NAME);
    let value = cookies::seal(state, PURPOSE, &name, &plain)?;
    let cookie = cookies::build(&state.settings.origin, name, value);
    Some(cookie.max_age(Duration::try_from(LIFE).ok()?).finish())
}

fn sent(req: &HttpRequest, state: &AppState) -> Option<Known> {
    let cookie = req.cookie(&state.settings.origin.cookie_name(NAME))?;
    let plain = cookies::open(state, PURPOSE, cookie.name(), cookie.value())?;
    serde_json::from_slice(&plain).ok()
}
