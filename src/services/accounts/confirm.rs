//! The admin's password and second factor again, before something is changed with which a
//! stolen session could do lasting harm.

use std::time::Duration;

use sqlx::AnyConnection;

use super::second_factor::{self, Looked};
use super::{Account, AccountError, Credentials, passwords};
use crate::domain::millis::Millis;
use crate::services::limiter::{self, Door, Stranger, Taken};
use crate::services::open_sessions::IdHash;
use crate::services::{Actor, Portal};
use crate::storage::{StorageError, admins, sessions};

/// Proof that the admin has just typed the own password, and a code if the account has a
/// second factor. Only [`confirm`] makes it. A password takes its time, and so does what is
/// done on the proof: each transaction asks whether it still holds.
#[derive(Debug)]
pub struct Confirmed {
    account: Account,
    session: IdHash,
}

impl Confirmed {
    /// The account, as it was then.
    pub(super) const fn account(&self) -> &Account {
        &self.account
    }

    /// The version of the account, with what was changed on this proof: a session goes on
    /// only if nobody else has changed it.
    pub const fn version(&self) -> i64 {
        self.account.version
    }

    /// The account was changed on this proof.
    pub(super) const fn changed(&mut self) {
        self.account.version += 1;
    }

    pub(in crate::services) fn proof(&self) -> Proof {
        Proof {
            account_id: self.account.id.clone(),
            version: self.account.version,
            session: self.session,
        }
    }
}

/// What a transaction looks at again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::services) struct Proof {
    pub(super) account_id: String,
    version: i64,
    /// The session in which the password was typed.
    pub(super) session: IdHash,
}

impl Proof {
    /// The account is enabled and nobody has changed it since, and its session has not
    /// ended. Nobody changes the account before this transaction ends.
    ///
    /// # Errors
    /// [`StorageError::Lapsed`] if that is not so.
    pub(in crate::services) async fn must_hold(
        &self,
        conn: &mut AnyConnection,
        now: Millis,
    ) -> Result<(), StorageError> {
        let holds = admins::stands(conn, &self.account_id, self.version).await?
            && sessions::is_live(conn, &self.session, now).await?;
        holds.then_some(()).ok_or(StorageError::Lapsed)
    }
}

/// Result of asking for the password again.
#[derive(Debug)]
pub enum Confirmation {
    Right(Box<Confirmed>),
    Wrong,
    /// The password was right, the code of the second factor was not.
    WrongCode,
    TooMany {
        /// How long to wait.
        wait: Duration,
    },
}

/// Checks what was typed in this session of the account `id`, whose name is the actor's.
/// Tries count as those at the sign-in.
pub async fn confirm(
    portal: &Portal,
    (id, session): (&str, IdHash),
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
        return Ok(Confirmation::Right(Box::new(Confirmed {
            account,
            session,
        })));
    }
    Ok(
        match second_factor::accept(portal, &account, &typed.code, who).await? {
            Looked::Right(_) => Confirmation::Right(Box::new(Confirmed { account, session })),
            Looked::Wrong => Confirmation::WrongCode,
            Looked::TooMany { wait } => Confirmation::TooMany { wait },
        },
    )
}
