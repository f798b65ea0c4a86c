//! The row of an issuance in a list: without the order, the answers and the CSR, which are
//! most of what is stored.

use sqlx::any::AnyRow;

use crate::domain::issuance::Summary;
use crate::storage::StorageError;
use crate::storage::row::{Fields, FromRow};

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
            is_renewal: fields.text_or_null("renews")?.is_some(),
            listed_at: fields.millis("listed_at")?,
            updated_at: fields.millis("updated_at")?,
            id: fields.into_id(),
        })
    }
}
