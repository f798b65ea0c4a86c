//! Counts of what depends on a connection.

use super::row::Fields;
use super::{Storage, StorageError};
use crate::domain::certificate::Validity;
use crate::domain::millis::Millis;

/// What depends on a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Concerned {
    /// People with a session.
    pub signed_in: i64,
    /// Requests that are not finished, drafts among them.
    pub open: i64,
    /// Certificates that were issued through it, are known to be valid and were not replaced.
    pub certificates: i64,
}

pub async fn by(
    storage: &Storage,
    connection_id: &str,
    now: Millis,
) -> Result<Concerned, StorageError> {
    let row = sqlx::query(
        "SELECT \
         (SELECT COUNT(DISTINCT sessions.subject) FROM sessions \
          JOIN owners ON owners.id = sessions.subject \
          WHERE sessions.kind = 'user' AND owners.connection_id = $1 \
          AND sessions.idle_until > $2 AND sessions.absolute_until > $2) AS signed_in, \
         (SELECT COUNT(*) FROM issuances WHERE connection_id = $1 AND state IN \
          ('draft', 'creating', 'key_created', 'finalizing', 'unknown')) AS open, \
         (SELECT COUNT(*) FROM certificates WHERE connection_id = $1 \
          AND issuance_id IS NOT NULL AND replaced_by IS NULL AND not_after > $2 \
          AND not_after < $3) AS certificates",
    )
    .bind(connection_id)
    .bind(now.0)
    .bind(Validity::Unknown.not_after().0)
    .fetch_one(storage.pool())
    .await?;
    let fields = Fields::with_id(&row, "connections", connection_id);
    Ok(Concerned {
        signed_in: fields.integer("signed_in")?,
        open: fields.integer("open")?,
        certificates: fields.integer("certificates")?,
    })
}
