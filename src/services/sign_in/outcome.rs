//! What came of a temporary token, kept for a second request with the same token
//! from the same browser: a reload, or an answer that got lost.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use crate::domain::secret::Secret;
use crate::redtrust::RedtrustError;
use crate::storage::seal::KeyRing;
use crate::storage::{StorageError, attempts};

/// Kept sealed until the attempt has expired.
#[derive(Serialize, Deserialize)]
pub(super) enum Outcome {
    /// The id of the session that was made, and who it is: see [`Called::SignedIn`].
    ///
    /// [`Called::SignedIn`]: super::Called::SignedIn
    SignedIn {
        session: String,
        /// Of an earlier version there is none.
        #[serde(default)]
        person: String,
    },
    /// Redtrust refused, or could not be asked.
    Failed(RedtrustError),
    /// The connection was closed while Redtrust was asked.
    NoConnection,
    /// The owner had signed in too often.
    TooMany { wait: Duration },
}

impl Outcome {
    /// Reads a kept outcome; `None` if another version of the portal wrote it.
    pub(super) fn read(kept: &Secret) -> Option<Self> {
        serde_json::from_str(kept.expose()).ok()
    }

    /// Keeps the outcome of an attempt.
    pub(super) async fn keep(
        &self,
        conn: &mut AnyConnection,
        keys: &KeyRing,
        attempt_id: &str,
    ) -> Result<(), StorageError> {
        let text = serde_json::to_string(self)
            .map_err(|error| StorageError::Unavailable(error.to_string()))?;
        attempts::keep_outcome(conn, keys, attempt_id, &Secret::new(text)).await
    }
}
