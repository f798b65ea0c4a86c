//! What a database that can be read may still have against it.

use super::super::audit::{self, Verified};
use super::super::seal::KeyRing;
use super::super::sealed_rows::changed_rows;
use super::super::{Storage, StorageError};

/// What is wrong with the audit chain and with sealed rows, a sentence each.
pub(super) async fn what_is_wrong(
    storage: &Storage,
    keys: &KeyRing,
) -> Result<Vec<String>, StorageError> {
    let mut wrong: Vec<String> = changed_rows(storage, keys)
        .await?
        .iter()
        .map(ToString::to_string)
        .collect();
    if let Verified::Broken { seq } = audit::verify(storage, keys).await? {
        wrong.push(format!("the audit chain is broken at entry {seq}"));
    }
    Ok(wrong)
}
