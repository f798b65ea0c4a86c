//! The row of an issuance in a list: without the order, the answers and the CSR, which are
//! most of what is stored. Of the few that a page shows the names are read apart.

use std::collections::HashMap;

use sqlx::any::AnyRow;

use crate::domain::answers::Answers;
use crate::domain::distinguished_name::DistinguishedName;
use crate::domain::issuance::Summary;
use crate::domain::order::Order;
use crate::storage::conditions::of_ids;
use crate::storage::row::{Fields, FromRow};
use crate::storage::{Storage, StorageError};

/// The columns of a [`Summary`].
pub(super) const SHOWN: &str = "id, reference, owner_id, kind, state, reason, holder, renews, \
    COALESCE(submitted_at, created_at) AS listed_at, updated_at";

impl FromRow for Summary {
    fn from_row(row: &AnyRow) -> Result<Self, StorageError> {
        let fields = Fields::new(row, "issuances", "id");
        Ok(Self {
            reference: fields.text("reference")?,
            owner_id: fields.text("owner_id")?,
            kind: fields.parsed("kind")?,
            state: fields.parsed("state")?,
            cause: fields.parsed_or_null("reason")?,
            holder: fields.text("holder")?.into(),
            document: String::new(),
            organisation: String::new(),
            is_renewal: fields.text_or_null("renews")?.is_some(),
            listed_at: fields.millis("listed_at")?,
            updated_at: fields.millis("updated_at")?,
            id: fields.into_id(),
        })
    }
}

/// The answers of these drafts by now, by id, as far as they can be read.
pub async fn answers(
    storage: &Storage,
    ids: &[&str],
) -> Result<HashMap<String, Answers>, StorageError> {
    let rows = of_ids(storage, "id, answers", "issuances", ids).await?;
    let answers = |row: &AnyRow| {
        let fields = Fields::new(row, "issuances", "id");
        let answers: Answers = fields.json_or_null("answers").ok()??;
        Some((fields.id().to_owned(), answers))
    };
    Ok(rows.iter().filter_map(answers).collect())
}

/// The names that these issuances order, by id. What cannot be read is told on the page of
/// the issuance.
pub async fn names(
    storage: &Storage,
    ids: &[&str],
) -> Result<HashMap<String, DistinguishedName>, StorageError> {
    let rows = of_ids(storage, "id, request", "issuances", ids).await?;
    let name = |row: &AnyRow| {
        let fields = Fields::new(row, "issuances", "id");
        let order: Order = fields.json_or_null("request").ok()??;
        Some((fields.id().to_owned(), order.dn))
    };
    Ok(rows.iter().filter_map(name).collect())
}
