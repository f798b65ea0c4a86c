//! What happened to an issuance, event by event.

use crate::domain::issuance::{Cause, Event, State};
use crate::domain::millis::Millis;
use crate::storage::row::Fields;
use crate::storage::{Storage, StorageError};

/// One line of an issuance's timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineEntry {
    pub at: Millis,
    pub event: Event,
    /// Where it stood afterwards.
    pub state: State,
    /// Redtrust's code, where it gave one.
    pub error_code: Option<String>,
    pub cause: Option<Cause>,
}

/// The timeline of one issuance, oldest first.
pub async fn timeline(
    storage: &Storage,
    issuance_id: &str,
) -> Result<Vec<TimelineEntry>, StorageError> {
    let rows = sqlx::query(
        "SELECT at, event, state, error_code, detail FROM issuance_events \
         WHERE issuance_id = $1 ORDER BY attempt",
    )
    .bind(issuance_id)
    .fetch_all(storage.pool())
    .await?;
    rows.iter()
        .map(|row| {
            let fields = Fields::with_id(row, "issuance_events", issuance_id);
            Ok(TimelineEntry {
                at: fields.millis("at")?,
                event: Event::from_stored(&fields.text("event")?)
                    .ok_or_else(|| fields.corrupt())?,
                state: fields.parsed("state")?,
                error_code: fields.text_or_null("error_code")?,
                cause: fields
                    .text_or_null("detail")?
                    .and_then(|text| Cause::from_stored(&text)),
            })
        })
        .collect()
}
