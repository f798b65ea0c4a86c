//! The last day, as the administrators' overview shows it.

use super::Portal;
use crate::domain::millis::DAY;
use crate::storage::{self, StorageError};

pub use crate::storage::day::Day;

/// What happened in the last 24 hours.
///
/// # Errors
/// [`StorageError`]
pub async fn last(portal: &Portal) -> Result<Day, StorageError> {
    storage::day::day(&portal.storage, portal.clock.now() - DAY).await
}
