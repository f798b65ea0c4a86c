//! The admin's password again, before something is changed with which a stolen session
//! could do lasting harm.

use std::time::Duration;

use super::{AccountError, passwords};
use crate::domain::secret::Secret;
use crate::services::limiter::{self, Door, Stranger, Taken};
use crate::services::{Actor, Portal};
use crate::storage::admins;

/// Proof that the admin has just typed the own password. Only [`confirm`] makes it.
#[derive(Debug)]
pub struct Confirmed(());

/// Result of asking for the password again.
#[derive(Debug)]
pub enum Confirmation {
    Right(Confirmed),
    Wrong,
    TooMany {
        /// How long to wait.
        wait: Duration,
    },
}

/// Checks the password of the account `id`, whose name is the actor's. Tries count as
/// those at the sign-in.
pub async fn confirm(
    portal: &Portal,
    id: &str,
    actor: &Actor,
    password: Secret,
    who: &Stranger,
) -> Result<Confirmation, AccountError> {
    let door = Door::Admin { name: &actor.name };
    let spent = match limiter::take(portal, door, who).await? {
        Taken::Allowed(spent) => spent,
        Taken::TooMany { wait } => return Ok(Confirmation::TooMany { wait }),
    };
    let account = admins::by_username(&portal.storage, &portal.keys, &actor.name).await?;
    let account = account.filter(|account| account.id == id && account.enabled);
    let hash = account.map(|account| account.password_hash);
    if !passwords::verify(&portal.hashers, &who.lane(), password, hash).await? {
        tracing::warn!(event = "admin_not_confirmed");
        return Ok(Confirmation::Wrong);
    }
    limiter::give_back(portal, spent).await;
    Ok(Confirmation::Right(Confirmed(())))
}
