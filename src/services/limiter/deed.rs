//! What people who are signed in may do, and how often. Each time leaves something behind
//! that others have to live with: an entry in the audit, which is never pruned, or mail to
//! an address that nobody has confirmed.

use std::sync::Arc;
use std::time::Duration;

use sqlx::AnyConnection;

use super::mark::mark;
use crate::domain::allowance::Allowance;
use crate::domain::millis::Millis;
use crate::services::Portal;
use crate::storage::seal::KeyRing;
use crate::storage::{StorageError, tries};

#[derive(Debug, Clone, Copy)]
pub(in crate::services) enum Deed {
    /// A sign-in with a right password or token.
    SignIn,
    /// A button that leaves entries in the audit: of a request or a batch, an officer's or
    /// an auditor's.
    Press,
    /// Another address for mail, which gets mail at once.
    MailAddress,
    /// A mail of what became of a request, to an address that nobody has confirmed.
    Mail,
}

impl Deed {
    /// Its name in the log.
    const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Press => "press",
            Self::MailAddress => "mail_address",
            Self::Mail => "mail",
        }
    }

    const fn allowance(self) -> Allowance {
        match self {
            Self::SignIn => Allowance::new(1_000, Duration::from_secs(10)),
            Self::Press => Allowance::new(1_000, Duration::from_secs(12)),
            Self::Mail => Allowance::new(100, Duration::from_secs(60)),
            Self::MailAddress => Allowance::new(5, Duration::from_secs(12 * 60)),
        }
    }
}

/// Counts a [`Deed::Press`] of this owner, or of the account with this id. Returns how long to
/// wait if there were too many.
///
/// # Errors
/// [`StorageError`]: then it is not counted.
pub async fn press(portal: &Portal, owner_id: &str) -> Result<Option<Duration>, StorageError> {
    let (keys, owner_id) = (Arc::clone(&portal.keys), owner_id.to_owned());
    let now = portal.clock.now();
    let counted = portal.storage.write(move |conn| {
        Box::pin(async move { count(conn, &keys, Deed::Press, &owner_id, now).await })
    });
    counted.await
}

/// Counts a deed of this owner. Returns how long to wait at most if there were too many:
/// then it must not be done.
pub(in crate::services) async fn count(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    deed: Deed,
    owner_id: &str,
    now: Millis,
) -> Result<Option<Duration>, StorageError> {
    let (name, allowance) = (deed.name(), deed.allowance());
    let id = mark(keys, &["deed", name, owner_id])?;
    if tries::spend(conn, &id, allowance, now).await? {
        return Ok(None);
    }
    tracing::warn!(event = "limit_reached", door = name);
    Ok(Some(allowance.cost()))
}
