//! The row of a certificate in a list: half of the columns, and those that are read most.

use sqlx::any::AnyRow;

use super::validity;
use crate::domain::certificate::Summary;
use crate::storage::StorageError;
use crate::storage::row::{Fields, FromRow};

/// The columns of a [`Summary`].
pub(super) const SHOWN: &str = "id, owner_id, issuance_id, origin, \
    COALESCE(claimed, thumbprint) AS thumbprint, holder, subject, kind, replaced_by, issued_at, \
    not_before, not_after, exact, proven";

impl FromRow for Summary {
    fn from_row(row: &AnyRow) -> Result<Self, StorageError> {
        let fields = Fields::new(row, "certificates", "id");
        let issued_at = fields.millis("issued_at")?;
        Ok(Self {
            id: fields.id().to_owned(),
            owner_id: fields.text("owner_id")?,
            issuance_id: fields.text_or_null("issuance_id")?,
            thumbprint: fields.parsed("thumbprint")?,
            holder: fields.text("holder")?.into(),
            subject: fields.text("subject")?,
            kind: fields.parsed_or_null("kind")?,
            is_replaced: fields.text_or_null("replaced_by")?.is_some(),
            starts_at: fields.millis_or_null("not_before")?.unwrap_or(issued_at),
            validity: validity(&fields)?,
            proven: fields.flag("proven")?,
        })
    }
}
