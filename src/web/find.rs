//! What may be personal data in addresses, encrypted for the person who looks at a list:
//! what is looked for there, for one hour; and the place where a page of it begins, which
//! holds what the list is sorted by.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use super::state::AppState;
use crate::domain::millis::Millis;
use crate::storage::seal::KeyRing;

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

/// Encrypts a place in a list for who looks at it.
pub fn sealed_place(keys: &KeyRing, list: &str, owner: &str, place: &[u8]) -> String {
    let sealed = keys.seal("place", list, owner, "place", place);
    sealed.map_or_else(|_| String::new(), |sealed| BASE64URL_NOPAD.encode(&sealed))
}

/// Decrypts a place; `None` if it is none of this list and this person.
pub fn opened_place(keys: &KeyRing, list: &str, owner: &str, sealed: &str) -> Option<Vec<u8>> {
    let sealed = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
    let place = keys.open("place", list, owner, "place", &sealed).ok()?;
    Some(place.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_by_its_owner_in_its_list_alone() {
        let keys = KeyRing::new([7; 32]);
        let place = b"\x00\x0212345678z ana".as_slice();
        let sealed = sealed_place(&keys, "history", "ana", place);
        let opened = |list, owner, sealed| opened_place(&keys, list, owner, sealed);
        assert_eq!(opened("history", "ana", &sealed).as_deref(), Some(place));
        assert_eq!(opened("history", "eva", &sealed), None);
        assert_eq!(opened("drafts", "ana", &sealed), None);
        let bare = BASE64URL_NOPAD.encode(place);
        for other in ["", "!", &bare, &sealed[1..]] {
            assert_eq!(opened("history", "ana", other), None, "{other}");
        }
        // Links stay short.
        assert!(sealed.len() < 45 + bare.len(), "{sealed}");
    }
}
