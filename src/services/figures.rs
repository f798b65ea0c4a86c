//! What is counted for pages and metrics, as of now.

use super::Portal;
use crate::domain::millis::DAY;
use crate::storage::{self, StorageError};

pub use crate::storage::concerned::Concerned;
pub use crate::storage::day::Day;
pub use crate::storage::gauges::Gauges;

/// What happened in the last 24 hours, for the administrators' overview.
pub async fn last_day(portal: &Portal) -> Result<Day, StorageError> {
    storage::day::day(&portal.storage, portal.clock.now() - DAY).await
}

/// What an operator watches of all connections together.
pub async fn gauges(portal: &Portal) -> Result<Gauges, StorageError> {
    storage::gauges::gauges(&portal.storage, portal.today()).await
}

/// What depends on a connection, and so is concerned when it is disabled.
pub async fn concerned(portal: &Portal, connection_id: &str) -> Result<Concerned, StorageError> {
    storage::concerned::by(&portal.storage, connection_id, portal.clock.now()).await
}
