//! What people who are signed in may do, and how often. Each time leaves something behind
//! that others have to live with: an entry in the audit, which is never pruned, or mail to
//! an address that nobody has confirmed.

use std::time::Duration;

use sqlx::AnyConnection;

use super::mark::mark;
use crate::domain::allowance::Allowance;
use crate::domain::millis::Millis;
use crate::storage::seal::KeyRing;
use crate::storage::{StorageError, tries};

#[derive(Debug, Clone, Copy)]
pub(in crate::services) enum Deed {
    /// A sign-in with a right password or token.
    SignIn,
    /// A request resumed, abandoned or discarded with a button.
    WayOut,
    /// Another address for mail, which gets mail at once.
    MailAddress,
}

impl Deed {
    /// Its name in the log.
    const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::WayOut => "way_out",
            Self::MailAddress => "mail_address",
        }
    }

    const fn allowance(self) -> Allowance {
        match self {
            Self::SignIn => Allowance::new(1_000, Duration::from_secs(10)),
            Self::WayOut => Allowance::new(1_000, Duration::from_secs(12)),
            Self::MailAddress => Allowance::new(5, Duration::from_secs(12 * 60)),
        }
    }
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
