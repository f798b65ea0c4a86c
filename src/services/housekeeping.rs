//! Ends what has expired: sign-ins, sessions, used attempts, kept forms that nobody
//! collected, replaced keys, tries that have come back, and personal data.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tracing::Instrument as _;

use super::audit::entry;
use super::kept_forms::ENDED_REMEMBERED_FOR;
use super::{Actor, Portal, erasure, many, sign_out};
use crate::domain::audit::Action;
use crate::domain::login_attempt::LIFE;
use crate::storage::audit::{NewEntry, append};
use crate::storage::{StorageError, attempts, kept_forms, lapsed_keys, sessions, tries};

const EVERY: Duration = Duration::from_secs(60);

/// How long a used token is remembered: far longer than any login attempt or
/// temporary token is valid.
const REMEMBER_TOKENS: Duration = Duration::from_secs(24 * 3600);

/// Runs on a timer until the process ends.
pub async fn run(portal: Arc<Portal>) {
    let mut tick = tokio::time::interval(EVERY);
    loop {
        tick.tick().await;
        let trace = tracing::info_span!("housekeeping", otel.kind = "internal");
        // The log says what failed; it is tried again.
        let _ = sweep(&portal).instrument(trace).await;
    }
}

/// Does each of its tasks, whatever becomes of the others.
///
/// # Errors
/// [`StorageError`]: the first one; the log has all.
pub async fn sweep(portal: &Arc<Portal>) -> Result<(), StorageError> {
    let tasks = [
        sign_out::those_left(portal).await,
        purge(portal).await,
        many::purge(portal).await,
        erasure::erase(portal).await,
        portal.storage.mark().await,
    ];
    for error in tasks.iter().filter_map(|done| done.as_ref().err()) {
        tracing::warn!(event = "not_swept", %error);
    }
    tasks.into_iter().collect()
}

async fn purge(portal: &Portal) -> Result<(), StorageError> {
    let (keys, now) = (Arc::clone(&portal.keys), portal.clock.now());
    let work = portal.storage.write(move |conn| {
        Box::pin(async move {
            sessions::purge(conn, now - ENDED_REMEMBERED_FOR).await?;
            kept_forms::purge(conn, now).await?;
            for slug in lapsed_keys::drop_all(conn, &keys, now).await? {
                append(conn, &keys, &key_lapsed(&slug), now).await?;
            }
            attempts::purge(conn, now - REMEMBER_TOKENS).await?;
            attempts::forget_outcomes(conn, now - LIFE).await?;
            tries::purge(conn, now).await?;
            Ok(())
        })
    });
    work.await
}

/// A previous key was deleted because its time was over.
fn key_lapsed(slug: &str) -> NewEntry {
    let (actor, action) = (Actor::housekeeping(), Action::ConnectionSecondKeyDrop);
    let mut entry = entry(&actor, action, format!("connection {slug}"));
    entry.before = Some(json!({ "second_key": "previous" }).to_string());
    entry.after = Some(json!({ "second_key": "" }).to_string());
    entry
}
