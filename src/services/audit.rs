//! Writes audit entries, each in the transaction of the change it describes,
//! and reads them for the audit pages.

use sqlx::AnyConnection;

use super::{Actor, Portal};
use crate::domain::audit::{Action, Outcome};
use crate::storage::audit::{self, NewEntry, append};
pub use crate::storage::audit::{Entry, Verified};
use crate::storage::{StorageError, Work};

/// An audit entry with outcome `done`. The caller adds `before` and `after`.
pub(super) fn entry(actor: &Actor, action: Action, object: impl Into<String>) -> NewEntry {
    NewEntry {
        actor: actor.name.clone(),
        from: actor.source.from.clone(),
        action: action.to_string(),
        object: object.into(),
        before: None,
        after: None,
        outcome: Outcome::Done.to_string(),
        request_id: actor.source.request_id.clone(),
    }
}

/// Does `work` in one transaction. If `work` returns `true` (something
/// changed), appends `entry`. Returns what `work` returned.
pub(super) async fn write_audited<F>(
    portal: &Portal,
    entry: NewEntry,
    work: F,
) -> Result<bool, StorageError>
where
    F: for<'c> FnOnce(&'c mut AnyConnection) -> Work<'c, bool> + Send + 'static,
{
    let (keys, now) = (portal.keys.clone(), portal.clock.now());
    portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                let changed = work(&mut *conn).await?;
                if changed {
                    append(conn, &keys, &entry, now).await?;
                }
                Ok(changed)
            })
        })
        .await
}

/// Entries before number `before`, newest first; `i64::MAX` starts at the end.
pub async fn newest(portal: &Portal, before: i64, limit: u16) -> Result<Vec<Entry>, StorageError> {
    audit::newest(&portal.storage, before, limit).await
}

/// Checks the whole chain.
pub async fn verify(portal: &Portal) -> Result<Verified, StorageError> {
    audit::verify(&portal.storage, &portal.keys).await
}
