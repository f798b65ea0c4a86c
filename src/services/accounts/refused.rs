//! Refused sign-ins of admins in the audit: only so many, with the number of those left
//! out, so that strangers cannot fill it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::json;

use crate::domain::allowance::Allowance;
use crate::domain::audit::{Action, Outcome};
use crate::services::audit::{entry, write_audited};
use crate::services::limiter;
use crate::services::{Actor, Portal, Source};
use crate::storage::StorageError;
use crate::storage::tries;

/// Entries of all nodes together.
const ENTRIES: Allowance = Allowance::new(8, Duration::from_secs(10 * 60));

/// Notes a refused sign-in. `account` is the account it was for, if there is one: what
/// was typed instead may be a password.
pub(super) async fn note(
    portal: &Portal,
    account: Option<String>,
    source: &Source,
) -> Result<(), StorageError> {
    tracing::info!(
        event = "sign_in_refused",
        door = "admin",
        known = account.is_some()
    );
    let id = limiter::refused_admins(portal)?;
    let now = portal.clock.now();
    let left_out = &portal.limiter.refusals_left_out;
    let spent = tries::whole_at(&portal.storage, &[id]).await?;
    let whole_at = spent.get(&id).copied().unwrap_or(now);
    if !ENTRIES.wait(whole_at, now).is_zero() {
        left_out.fetch_add(1, Ordering::Relaxed);
        return Ok(());
    }
    let more = left_out.swap(0, Ordering::Relaxed);
    let object = match &account {
        Some(name) => format!("admin {name}"),
        None => "an account that does not exist".to_owned(),
    };
    let actor = Actor {
        name: "nobody".to_owned(),
        source: source.clone(),
    };
    let mut entry = entry(&actor, Action::AdminSignInRefused, object);
    entry.outcome = Outcome::Refused.to_string();
    entry.after = (more > 0).then(|| json!({ "more_refused": more }).to_string());
    let noted = write_audited(portal, entry, move |conn| {
        Box::pin(async move { tries::spend(conn, &id, ENTRIES, now).await })
    });
    if !noted.await? {
        left_out.fetch_add(more + 1, Ordering::Relaxed);
    }
    Ok(())
}
