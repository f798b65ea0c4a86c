//! Certificates that may be for the same holders as those that are about to be requested.

use super::COLUMNS;
use crate::domain::certificate::Certificate;
use crate::domain::millis::Millis;
use crate::storage::alike::{Among, Wanted};
use crate::storage::conditions::Bound;
use crate::storage::seal::KeyRing;
use crate::storage::search::CERTIFICATES;
use crate::storage::{Storage, StorageError};

/// For each of these holders, this person's certificates that are valid at `now`, for the
/// same name or the same document; those that live longest first.
pub async fn alike(
    storage: &Storage,
    keys: &KeyRing,
    owner_id: &str,
    wanted: &[Wanted],
    now: Millis,
) -> Result<Vec<Vec<Certificate>>, StorageError> {
    valid(owner_id, now).of_each(storage, keys, wanted).await
}

/// How the database would look for them.
pub async fn alike_plan(
    storage: &Storage,
    keys: &KeyRing,
    owner_id: &str,
    wanted: &[Wanted],
    now: Millis,
) -> Result<String, StorageError> {
    valid(owner_id, now).plan(storage, keys, wanted).await
}

fn valid(owner_id: &str, now: Millis) -> Among<'_> {
    Among {
        index: CERTIFICATES,
        columns: COLUMNS,
        owner_id,
        listed: "replaced_by IS NULL",
        only: ("not_after > ?", vec![Bound::Number(now.0)]),
        last_by: "not_after",
    }
}
