//! What an operator watches of all connections together.

use super::Portal;
use crate::storage::StorageError;
pub use crate::storage::gauges::Gauges;

/// The counts of now.
pub async fn gauges(portal: &Portal) -> Result<Gauges, StorageError> {
    crate::storage::gauges::gauges(&portal.storage, portal.clock.now()).await
}
