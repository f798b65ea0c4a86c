//! Throws away rows whose time is over: sessions, used-up attempts,
//! forms that nobody came back for.

use std::sync::Arc;
use std::time::Duration;

use super::Portal;
use super::kept_forms::ENDED_REMEMBERED_FOR;
use crate::storage::{StorageError, attempts, kept_forms, sessions};

const EVERY: Duration = Duration::from_secs(10 * 60);

/// How long a used token is remembered: far longer than any attempt or
/// temporary token lives.
const REMEMBER_TOKENS: Duration = Duration::from_secs(24 * 3600);

/// Sweeps on a timer, for as long as the process lives.
pub async fn run(portal: Arc<Portal>) {
    let mut tick = tokio::time::interval(EVERY);
    loop {
        tick.tick().await;
        if let Err(error) = sweep(&portal).await {
            tracing::warn!(event = "not_swept", %error);
        }
    }
}

pub async fn sweep(portal: &Portal) -> Result<(), StorageError> {
    let now = portal.clock.now();
    portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                sessions::purge(conn, now - ENDED_REMEMBERED_FOR).await?;
                kept_forms::purge(conn, now).await?;
                attempts::purge(conn, now - REMEMBER_TOKENS).await?;
                Ok(())
            })
        })
        .await
}
