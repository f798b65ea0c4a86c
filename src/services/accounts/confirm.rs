//! The admin's password and second factor again, before something is changed with which a
//! stolen session could do lasting harm.

use std::time::Duration;

use super::second_factor::{self, Looked};
use super::{Account, AccountError, Credentials, passwords};
use crate::services::limiter::{self, Door, Stranger, Taken};
use crate::services::{Actor, Portal};
use crate::storage::admins;

/// Proof that the admin has just typed the own password, and a code if the account has a
/// second factor. Only [`confirm`] makes it.
#[derive(Debug)]
pub struct Confirmed(Account);

impl Confirmed {
    /// The account, as it was then.
    pub(super) fn account(&self) -> &Account {
        &self.0
    }
}

/// Result of asking for the password again.
#[derive(Debug)]
pub enum Confirmation {
    Right(Confirmed),
    Wrong,
    /// The password was right, the code of the second factor was not.
    WrongCode,
    TooMany {
        /// How long to wait.
        wait: Duration,
    },
}

/// Checks what was typed by the account `id`, whose name is the actor's. Tries count as
/// those at the sign-in.
pub async fn confirm(
    portal: &Portal,
    id: &str,
    actor: &Actor,
    typed: Credentials,
    who: &Stranger,
) -> Result<Confirmation, AccountError> {
    let door = Door::Admin { name: &actor.name };
    let spent = match limiter::take(portal, door, who).await? {
        Taken::Allowed(spent) => spent,
        Taken::TooMany { wait } => return Ok(Confirmation::TooMany { wait }),
    };
    let account = admins::by_id(&portal.storage, &portal.keys, id).await?;
    let account = account.filter(|account| account.username == actor.name && account.enabled);
    let hash = account
        .as_ref()
        .map(|account| account.password_hash.clone());
    let right = passwords::verify(&portal.hashers, &who.lane(), typed.password, hash).await?;
    let Some(account) = account.filter(|_| right) else {
        tracing::warn!(event = "admin_not_confirmed");
        return Ok(Confirmation::Wrong);
    };
    limiter::give_back(portal, spent).await;
    if account.totp_secret.is_none() {
        return Ok(Confirmation::Right(Confirmed(account)));
    }
    Ok(
        match second_factor::accept(portal, &account, &typed.code, who).await? {
            Looked::Right(_) => Confirmation::Right(Confirmed(account)),
            Looked::Wrong => Confirmation::WrongCode,
            Looked::TooMany { wait } => Confirmation::TooMany { wait },
        },
    )
}
