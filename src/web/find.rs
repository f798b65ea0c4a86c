//! Search texts in addresses. What somebody looks for may be personal data, so an address
//! holds it encrypted, for the person who looked for it, and for one hour.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use super::state::AppState;
use crate::domain::millis::Millis;

/// How long an address with an encrypted search text works.
const FIND_FOR: std::time::Duration = std::time::Duration::from_secs(3600);

/// Longer search texts are cut off; no name is longer.
const LONGEST: usize = 200;

/// A decrypted search text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Find {
    /// There is none.
    Nothing,
    Text(String),
    /// Expired, another person's, or not from this portal.
    Gone,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    text: String,
    until: Millis,
}

/// Encrypts a search text for its owner and this list; empty if there is none.
pub fn sealed(state: &AppState, list: &str, owner: &str, text: &str) -> String {
    let text: String = text.trim().chars().take(LONGEST).collect();
    if text.is_empty() {
        return String::new();
    }
    let sealed = Sealed {
        text,
        until: state.portal.clock.now() + FIND_FOR,
    };
    let seal = || {
        let plain = serde_json::to_vec(&sealed).ok()?;
        let keys = &state.portal.keys;
        keys.seal("search", list, owner, "text", &plain).ok()
    };
    seal().map_or_else(String::new, |sealed| BASE64URL_NOPAD.encode(&sealed))
}

/// Decrypts a search text, if this person searched this list for it within the hour.
pub fn opened(state: &AppState, list: &str, owner: &str, sealed: &str) -> Find {
    if sealed.is_empty() {
        return Find::Nothing;
    }
    let open = || {
        let sealed = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
        let keys = &state.portal.keys;
        let plain = keys.open("search", list, owner, "text", &sealed).ok()?;
        let sealed: Sealed = serde_json::from_slice(&plain).ok()?;
        (state.portal.clock.now() < sealed.until).then_some(sealed.text)
    };
    open().map_or(Find::Gone, Find::Text)
}
