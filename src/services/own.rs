//! Finds a person's issuance. Somebody else's counts as missing; only the log says
//! which of the two it was.

use super::{Caller, Portal};
use crate::domain::issuance::Issuance;
use crate::storage::{StorageError, issuances};

pub(super) async fn issuance(
    portal: &Portal,
    who: &Caller,
    id: &str,
) -> Result<Option<Issuance>, StorageError> {
    let found = issuances::owned(&portal.storage, id, &who.owner_id).await?;
    if found.is_none() && issuances::by_id(&portal.storage, id).await?.is_some() {
        tracing::warn!(event = "not_yours", issuance = id);
    }
    Ok(found)
}
