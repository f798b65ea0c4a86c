//! What people call an issuance, and its id, for each other.

use std::collections::HashMap;

use crate::storage::conditions::of_ids;
use crate::storage::row::Fields;
use crate::storage::{Storage, StorageError};

/// The references of those of these issuances that are there, by id.
pub async fn references(
    storage: &Storage,
    ids: &[&str],
) -> Result<HashMap<String, String>, StorageError> {
    let rows = of_ids(storage, "id, reference", "issuances", ids).await?;
    let named = rows.iter().map(|row| {
        let fields = Fields::new(row, "issuances", "id");
        Ok((fields.id().to_owned(), fields.text("reference")?))
    });
    named.collect()
}

/// The id of the issuance with this reference.
pub async fn id_of(storage: &Storage, reference: &str) -> Result<Option<String>, StorageError> {
    let sql = "SELECT id FROM issuances WHERE reference = $1";
    let found = sqlx::query_scalar(sql)
        .bind(reference)
        .fetch_optional(storage.pool());
    Ok(found.await?)
}
