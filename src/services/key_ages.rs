//! How old keys are.

use super::Portal;
use crate::domain::millis::Millis;
use crate::domain::today::Today;
use crate::storage::{StorageError, key_age};

/// A key that is older is due to be changed.
const OLD_AFTER_DAYS: i64 = 365;

/// The age of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyAge {
    pub since: Millis,
    pub days: i64,
}

impl KeyAge {
    pub fn of(since: Millis, today: Today<'_>) -> Self {
        Self {
            since,
            days: today.days_since(since),
        }
    }

    pub const fn is_old(&self) -> bool {
        self.days > OLD_AFTER_DAYS
    }
}

/// The age of the master key.
pub async fn of_master_key(portal: &Portal) -> Result<KeyAge, StorageError> {
    let today = portal.today();
    let since = key_age::since(&portal.storage, &portal.keys).await?;
    Ok(KeyAge::of(since.unwrap_or(today.now), today))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_old_after_a_year() {
        let age = |days: i64| KeyAge {
            since: Millis(0),
            days,
        };
        assert!(!age(365).is_old());
        assert!(age(366).is_old());
    }
}
