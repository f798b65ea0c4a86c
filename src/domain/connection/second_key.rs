//! A second shared key, so that a shared key can be replaced while people sign in.
//!
//! 1. A next key is stored: tokens signed with either key are accepted, login URLs
//!    are still signed with the one in use.
//! 2. The next key comes into use: login URLs are signed with it, and the previous
//!    one is accepted for [`OVERLAP`].
//! 3. The previous key is dropped.

use std::time::Duration;

use super::Connection;
use super::problem::{KeyProblem, Problem};
use super::written::read_key;
use crate::millis::Millis;
use crate::secret::Secret;
use crate::signing::key_bytes;

/// How long tokens signed with the previous key are accepted: a day, because Redtrust
/// may change its side later than we do.
pub const OVERLAP: Duration = Duration::from_secs(24 * 3600);

/// A key that tokens may be signed with, besides the one in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondKey {
    /// The key, in the same form as the one in use.
    pub key: Secret,
    /// Whether it is the next or the previous one.
    pub role: KeyRole,
    /// When it got this role.
    pub set_at: Millis,
}

/// The role of a second key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyRole {
    /// It will replace the key in use.
    Next,
    /// It was in use before.
    Previous {
        /// From then on it is not accepted.
        until: Millis,
    },
}

impl SecondKey {
    /// Whether tokens signed with it are accepted.
    pub fn is_accepted(&self, now: Millis) -> bool {
        match self.role {
            KeyRole::Next => true,
            KeyRole::Previous { until } => now < until,
        }
    }
}

impl Connection {
    /// The keys that a token may be signed with; the one in use comes first.
    pub fn token_keys(&self, now: Millis) -> impl Iterator<Item = &Secret> {
        let second = self.second_key.iter();
        let second = second.filter(move |second| second.is_accepted(now));
        std::iter::once(&self.shared_key).chain(second.map(|second| &second.key))
    }

    /// The key that will replace the one in use.
    pub fn next_key(&self) -> Option<&Secret> {
        let second = self.second_key.as_ref()?;
        (second.role == KeyRole::Next).then_some(&second.key)
    }

    /// This connection with another key, at once: no other key is accepted.
    ///
    /// # Errors
    /// [`Problem::Key`].
    pub fn with_key(&self, key: &Secret) -> Result<Self, Problem> {
        Ok(Self {
            shared_key: self.another_key(key)?,
            second_key: None,
            ..self.clone()
        })
    }

    /// This connection with a key that will replace the one in use. A previous key
    /// is dropped: there is room for one.
    ///
    /// # Errors
    /// [`Problem::Key`].
    pub fn with_next_key(&self, key: &Secret, now: Millis) -> Result<Self, Problem> {
        let next = SecondKey {
            key: self.another_key(key)?,
            role: KeyRole::Next,
            set_at: now,
        };
        Ok(Self {
            second_key: Some(next),
            ..self.clone()
        })
    }

    /// This connection with its next key in use; `None` if it has no next key.
    pub fn with_next_key_in_use(&self, now: Millis) -> Option<Self> {
        let next = self.next_key()?.clone();
        let previous = SecondKey {
            key: self.shared_key.clone(),
            role: KeyRole::Previous {
                until: now + OVERLAP,
            },
            set_at: now,
        };
        Some(Self {
            shared_key: next,
            second_key: Some(previous),
            ..self.clone()
        })
    }

    /// This connection as the configuration file says, where `stored` is what an
    /// earlier start has made of the file. A next key that has become the key in use
    /// leaves the previous one accepted, as on the pages.
    #[must_use]
    pub fn from_file_over(mut self, stored: &Self, now: Millis) -> Self {
        let rotated = stored.with_next_key_in_use(now);
        let rotated = rotated.filter(|rotated| rotated.shared_key == self.shared_key);
        let is_same = self.shared_key == stored.shared_key;
        self.second_key = match (self.second_key, &stored.second_key) {
            (Some(next), Some(known)) if known.role == next.role && known.key == next.key => {
                Some(known.clone())
            }
            (Some(next), _) => Some(SecondKey {
                set_at: now,
                ..next
            }),
            (None, Some(known)) if is_same && known.role != KeyRole::Next => Some(known.clone()),
            (None, _) => rotated.and_then(|rotated| rotated.second_key),
        };
        if is_same {
            self.key_set_at = stored.key_set_at;
        }
        self.id.clone_from(&stored.id);
        self.version = stored.version;
        self
    }

    /// Whether all its keys are written as its dialect says.
    pub(super) fn has_key_encoding(&self) -> bool {
        let form = self.settings.dialect.key_encoding;
        let second = self.second_key.iter().map(|second| &second.key);
        let mut keys = std::iter::once(&self.shared_key).chain(second);
        keys.all(|key| key_bytes(key.expose(), form).is_ok())
    }

    /// A key in the connection's form that is not the one in use.
    fn another_key(&self, key: &Secret) -> Result<Secret, Problem> {
        let key = read_key(key, None)?;
        if key == self.shared_key {
            return Err(Problem::Key(KeyProblem::InUse));
        }
        match key_bytes(key.expose(), self.settings.dialect.key_encoding) {
            Ok(_) => Ok(key),
            Err(_) => Err(Problem::Key(KeyProblem::Encoding)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::sample;
    use crate::dialect::KeyEncoding;

    const NOW: Millis = Millis(1_750_000_000_000);

    fn accepted(connection: &Connection, now: Millis) -> Vec<&str> {
        connection.token_keys(now).map(Secret::expose).collect()
    }

    #[test]
    fn a_key_is_replaced_in_three_steps() {
        let old = sample().shared_key;
        let stored = sample().with_next_key(&Secret::new("next"), NOW).unwrap();
        assert_eq!(stored.shared_key, old);
        assert_eq!(accepted(&stored, NOW), [old.expose(), "next"]);
        let used = stored.with_next_key_in_use(NOW).unwrap();
        assert_eq!(used.shared_key, Secret::new("next"));
        let end = NOW + OVERLAP;
        assert_eq!(accepted(&used, Millis(end.0 - 1)), ["next", old.expose()]);
        assert_eq!(accepted(&used, end), ["next"]);
        assert_eq!(used.with_next_key_in_use(NOW), None);
        let at_once = stored.with_key(&Secret::new("third")).unwrap();
        assert_eq!(accepted(&at_once, NOW), ["third"]);
    }

    #[test]
    fn a_bad_key_is_refused_in_either_place() {
        let mut stored = sample();
        let problem = |stored: &Connection, key: &str| {
            let key = Secret::new(key);
            let next = stored.with_next_key(&key, NOW).unwrap_err();
            assert_eq!(stored.with_key(&key).unwrap_err(), next);
            next
        };
        for (key, why) in [
            ("", KeyProblem::Missing),
            ("\u{FEFF}", KeyProblem::Missing),
            ("k\n", KeyProblem::Characters),
            ("correct horse battery staple", KeyProblem::InUse),
        ] {
            assert_eq!(problem(&stored, key), Problem::Key(why), "{key:?}");
        }
        stored.settings.dialect.key_encoding = KeyEncoding::Hex;
        assert_eq!(problem(&stored, "xyz"), Problem::Key(KeyProblem::Encoding));
    }

    #[test]
    fn the_file_rotates_a_key_as_the_pages_do() {
        let (first, later) = (sample(), Millis(NOW.0 + 5));
        let next = Secret::new("next");
        let with_next = first.with_next_key(&next, Millis(0)).unwrap();
        let stored = with_next.clone().from_file_over(&first, NOW);
        assert_eq!(stored.second_key.as_ref().unwrap().set_at, NOW);
        assert_eq!(with_next.clone().from_file_over(&stored, later), stored);
        let rotated = Connection {
            shared_key: next,
            ..sample()
        };
        let used = rotated.clone().from_file_over(&stored, later);
        assert_eq!(used, stored.with_next_key_in_use(later).unwrap());
        assert_eq!(rotated.from_file_over(&used, later), used);
        assert_eq!(sample().from_file_over(&stored, later).second_key, None);
    }
}
