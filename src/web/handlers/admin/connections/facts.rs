//! What pages show of a shared key: enough to recognise it, not enough to use it.

use crate::domain::connection::{Connection, KeyRole};
use crate::domain::digest::sha256;
use crate::domain::millis::Millis;
use crate::domain::secret::Secret;
use crate::services::key_ages::KeyAge;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeyFacts {
    /// The first eight hexadecimal digits of its SHA-256.
    pub(super) fingerprint: String,
    /// In characters.
    pub(super) length: usize,
    pub(super) age: KeyAge,
}

/// The next key, or the previous one as long as it is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SecondKeyFacts {
    pub(super) key: KeyFacts,
    /// `None` for the next key.
    pub(super) until: Option<Millis>,
}

impl KeyFacts {
    pub(super) fn of(connection: &Connection, now: Millis) -> Self {
        Self::new(&connection.shared_key, connection.key_set_at, now)
    }

    fn new(key: &Secret, set_at: Millis, now: Millis) -> Self {
        let mut fingerprint = data_encoding::HEXLOWER.encode(&sha256(key.expose()));
        fingerprint.truncate(8);
        Self {
            fingerprint,
            length: key.expose().chars().count(),
            age: KeyAge::at(now, set_at),
        }
    }
}

impl SecondKeyFacts {
    pub(super) fn of(connection: &Connection, now: Millis) -> Option<Self> {
        let second = connection.second_key.as_ref()?;
        second.is_accepted(now).then(|| Self {
            key: KeyFacts::new(&second.key, second.set_at, now),
            until: match second.role {
                KeyRole::Next => None,
                KeyRole::Previous { until } => Some(until),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_shown_by_eight_digits_its_length_and_its_age() {
        let now = Millis(3 * 24 * 3600 * 1000 - 1);
        let facts = KeyFacts::new(&Secret::new("abc"), Millis(0), now);
        assert_eq!((facts.fingerprint.as_str(), facts.length), ("ba7816bf", 3));
        assert_eq!(facts.age.days, 2);
    }
}
