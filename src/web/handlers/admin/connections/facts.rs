//! What pages show of a shared key: enough to recognise it, not enough to use it.

use crate::domain::connection::{Connection, KeyRole};
use crate::domain::digest::sha256;
use crate::domain::millis::Millis;
use crate::domain::secret::Secret;
use crate::domain::today::Today;
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
    pub(super) fn of(connection: &Connection, today: Today<'_>) -> Self {
        Self::new(&connection.shared_key, connection.key_set_at, today)
    }

    fn new(key: &Secret, set_at: Millis, today: Today<'_>) -> Self {
        let mut fingerprint = data_encoding::HEXLOWER.encode(&sha256(key.expose()));
        fingerprint.truncate(8);
        Self {
            fingerprint,
            length: key.expose().chars().count(),
            age: KeyAge::of(set_at, today),
        }
    }
}

impl SecondKeyFacts {
    pub(super) fn of(connection: &Connection, today: Today<'_>) -> Option<Self> {
        let second = connection.second_key.as_ref()?;
        second.is_accepted(today.now).then(|| Self {
            key: KeyFacts::new(&second.key, second.set_at, today),
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
        let zone = jiff::tz::TimeZone::get("Europe/Madrid").unwrap();
        // A minute before midnight, and a minute after it.
        let (set_at, now) = (
            Millis(22 * 3600 * 1000 + 59 * 60 * 1000),
            Millis(23 * 3600 * 1000),
        );
        let today = Today { now, zone: &zone };
        let facts = KeyFacts::new(&Secret::new("abc"), set_at, today);
        assert_eq!((facts.fingerprint.as_str(), facts.length), ("ba7816bf", 3));
        assert_eq!(facts.age.days, 1);
    }
}
