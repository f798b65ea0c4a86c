//! Certificates that may be for the same holder as one that is about to be requested.

use super::COLUMNS;
use crate::domain::certificate::Certificate;
use crate::domain::millis::Millis;
use crate::storage::conditions::{Bound, Conditions};
use crate::storage::issuances::Wanted;
use crate::storage::row::readable;
use crate::storage::{Storage, StorageError};

/// More than people look at.
const MOST: u8 = 10;

/// This person's certificates that are valid at `now`, for the same name or the same
/// document; those that live longest first.
pub async fn alike(
    storage: &Storage,
    wanted: Wanted<'_>,
    now: Millis,
) -> Result<Vec<Certificate>, StorageError> {
    let mut conditions = Conditions::default();
    conditions.and("owner_id = ?", [Bound::Text(wanted.owner_id.to_owned())]);
    conditions.and(
        "replaced_by IS NULL AND not_after > ?",
        [Bound::Number(now.0)],
    );
    conditions.and(
        "(holder_key = ? OR subject LIKE ?)",
        [wanted.key(), wanted.pattern()],
    );
    let sql = format!(
        "SELECT {COLUMNS} FROM certificates {} ORDER BY not_after DESC LIMIT {MOST}",
        conditions.sql()
    );
    Ok(readable(&conditions.fetch(storage, sql).await?))
}
