//! How many people and records are concerned when a connection is disabled.

use super::Portal;
use crate::storage::StorageError;
pub use crate::storage::concerned::Concerned;

/// What depends on a connection now.
pub async fn by(portal: &Portal, connection_id: &str) -> Result<Concerned, StorageError> {
    let now = portal.clock.now();
    crate::storage::concerned::by(&portal.storage, connection_id, now).await
}
