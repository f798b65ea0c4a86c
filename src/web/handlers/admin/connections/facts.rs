//! What pages show of a shared key: enough to recognise it, not enough to use it.

use crate::domain::digest::sha256;
use crate::domain::millis::Millis;
use crate::domain::secret::Secret;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeyFacts {
    /// The first eight hexadecimal digits of its SHA-256.
    pub(super) fingerprint: String,
    /// In characters.
    pub(super) length: usize,
    pub(super) set_at: Option<Millis>,
}

impl KeyFacts {
    pub(super) fn of(key: &Secret, set_at: Option<Millis>) -> Self {
        let mut fingerprint = data_encoding::HEXLOWER.encode(&sha256(key.expose()));
        fingerprint.truncate(8);
        Self {
            fingerprint,
            length: key.expose().chars().count(),
            set_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_shown_by_eight_digits_and_its_length() {
        let facts = KeyFacts::of(&Secret::new("abc"), None);
        assert_eq!((facts.fingerprint.as_str(), facts.length), ("ba7816bf", 3));
    }
}
