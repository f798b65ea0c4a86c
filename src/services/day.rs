//! The last day, as the administrators' overview shows it.

use std::time::Duration;

use super::Portal;
use crate::storage::{self, StorageError};

pub use crate::storage::day::Day;

/// How far back the overview looks.
const DAY: Duration = Duration::from_secs(24 * 3600);

/// What happened in the last 24 hours.
///
/// # Errors
/// [`StorageError`]
pub async fn last(portal: &Portal) -> Result<Day, StorageError> {
    storage::day::day(&portal.storage, portal.clock.now() - DAY).await
}
