//! Diagnostics for admins: the last failed sign-ins, and how signing in went lately.

use super::Portal;
use crate::domain::sign_in_failure::Failure;
use crate::storage::{StorageError, sign_in_failures};

pub use crate::storage::sign_in_failures::Health;

/// More than one page of them helps nobody.
const SHOWN: i64 = 100;

/// The last failed sign-ins of all connections, newest first.
pub async fn failures(portal: &Portal) -> Result<Vec<Failure>, StorageError> {
    sign_in_failures::newest(&portal.storage, SHOWN).await
}

/// How signing in at each connection went lately.
pub async fn health(portal: &Portal) -> Result<Vec<Health>, StorageError> {
    sign_in_failures::health(&portal.storage).await
}
