//! How old keys are.

use super::Portal;
use crate::domain::millis::Millis;
use crate::storage::{StorageError, key_age};

/// A key that is older is due to be changed.
const OLD_AFTER_DAYS: i64 = 365;

/// The age of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyAge {
    pub since: Millis,
    /// Whole days.
    pub days: i64,
}

impl KeyAge {
    pub fn at(now: Millis, since: Millis) -> Self {
        let days = now.since(since).as_secs() / (24 * 3600);
        Self {
            since,
            days: i64::try_from(days).unwrap_or(i64::MAX),
        }
    }

    pub const fn is_old(&self) -> bool {
        self.days > OLD_AFTER_DAYS
    }
}

/// The age of the master key.
pub async fn of_master_key(portal: &Portal) -> Result<KeyAge, StorageError> {
    let now = portal.clock.now();
    let since = key_age::since(&portal.storage, &portal.keys).await?;
    Ok(KeyAge::at(now, since.unwrap_or(now)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_old_after_a_year() {
        let day = 24 * 3600 * 1000;
        let age = |days: i64| KeyAge::at(Millis(days * day), Millis(0));
        assert_eq!((age(3).days, age(365).is_old()), (3, false));
        assert!(age(366).is_old());
    }
}
