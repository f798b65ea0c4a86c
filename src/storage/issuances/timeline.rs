//! The timeline of an issuance.

use crate::domain::issuance::{ServerMessage, TimelineEntry};
use crate::storage::row::Fields;
use crate::storage::{Storage, StorageError};

/// The timeline of one issuance, oldest first. Column `attempt` is the version
/// before the event, `detail` is its cause.
pub async fn timeline(
    storage: &Storage,
    issuance_id: &str,
) -> Result<Vec<TimelineEntry>, StorageError> {
    let rows = sqlx::query(
        "SELECT at, event, state, error_code, message, detail FROM issuance_events \
         WHERE issuance_id = $1 ORDER BY attempt",
    )
    .bind(issuance_id)
    .fetch_all(storage.pool())
    .await?;
    rows.iter()
        .map(|row| {
            let fields = Fields::with_id(row, "issuance_events", issuance_id);
            let code = fields.text_or_null("error_code")?;
            let text = fields.text_or_null("message")?.unwrap_or_default();
            Ok(TimelineEntry {
                at: fields.millis("at")?,
                event: fields.parsed("event")?,
                state: fields.parsed("state")?,
                said: code.map(|code| ServerMessage { code, text }),
                cause: fields.parsed_or_null("detail")?,
            })
        })
        .collect()
}
