//! What people change about their own account: password, second factor, recovery codes.
//! Each needs a [`Confirmed`], which must still hold when it is done, and ends the account's
//! other sessions; the one that asked gets a new id.

use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use sqlx::AnyConnection;

use super::{Account, AccountError, Confirmed, PasswordProblem, Proof, passwords, recovery_codes};
use crate::domain::audit::Action;
use crate::domain::millis::Millis;
use crate::domain::secret::Secret;
use crate::domain::totp::{KEY_LENGTH, TotpKey};
use crate::services::audit::{entry, write_audited};
use crate::services::{Actor, Portal};
use crate::storage::seal::KeyRing;
use crate::storage::sessions::{self, Kind};
use crate::storage::{StorageError, Work, admins};

/// What a key is sealed for until its first code confirms it.
const PURPOSE: &str = "second factor to be";

/// The account `id`; `None` if it is gone.
pub async fn account(portal: &Portal, id: &str) -> Result<Option<Account>, AccountError> {
    Ok(admins::by_id(&portal.storage, &portal.keys, id).await?)
}

/// Whether the account `id` has a second factor.
pub async fn has_second_factor(portal: &Portal, id: &str) -> Result<bool, AccountError> {
    let account = account(portal, id).await?;
    Ok(account.is_some_and(|account| account.totp_secret.is_some()))
}

/// Whether this can be the new password of the account that was confirmed by `current`.
pub async fn check_new_password(
    portal: &Portal,
    username: &str,
    current: &Secret,
    new: &Secret,
) -> Result<Result<(), NewPasswordProblem>, AccountError> {
    if current == new {
        return Ok(Err(NewPasswordProblem::Same));
    }
    let checked = passwords::check(portal, username, new).await?;
    Ok(checked.map_err(NewPasswordProblem::Refused))
}

/// Why a new password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewPasswordProblem {
    Refused(PasswordProblem),
    /// It is the current one.
    Same,
}

/// Gives the account a new password, which was checked.
pub async fn change_password(
    portal: &Portal,
    confirmed: &mut Confirmed,
    actor: &Actor,
    new: Secret,
) -> Result<(), AccountError> {
    let hash = passwords::hash(&portal.hashers, &actor.source.from, new).await?;
    let action = Action::AdminChangePassword;
    let done = on_own(portal, confirmed, actor, action, move |conn, own| {
        Box::pin(async move {
            own.end_others(conn).await?;
            admins::set_password(conn, &own.keys, own.id(), &hash, own.now).await
        })
    });
    known(done.await?, confirmed)
}

/// A key for an app, before it counts.
#[derive(Debug)]
pub struct OfferedKey {
    key: TotpKey,
    /// The key for the form that confirms it.
    pub sealed: String,
}

impl OfferedKey {
    /// The key, to be typed into an app.
    pub fn text(&self) -> Secret {
        self.key.to_text()
    }

    /// What apps read from a QR code.
    pub fn address(&self, portal: &Portal, username: &str) -> Secret {
        self.key.to_address(&portal.partner_name, username)
    }
}

/// The key that a form brings back; another one if it brings none.
pub fn offered_key(portal: &Portal, id: &str, sealed: &str) -> Result<OfferedKey, AccountError> {
    if let Some(key) = open(portal, id, sealed) {
        let sealed = sealed.to_owned();
        return Ok(OfferedKey { key, sealed });
    }
    let key = TotpKey::new(rand::random::<[u8; KEY_LENGTH]>());
    let text = key.to_text();
    let keys = &portal.keys;
    let sealed = keys.seal(PURPOSE, "form", id, "key", text.expose().as_bytes());
    let sealed = BASE64URL_NOPAD.encode(&sealed.map_err(StorageError::from)?);
    Ok(OfferedKey { key, sealed })
}

fn open(portal: &Portal, id: &str, sealed: &str) -> Option<TotpKey> {
    let sealed = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
    let plain = portal.keys.open(PURPOSE, "form", id, "key", &sealed).ok()?;
    TotpKey::from_text(std::str::from_utf8(&plain).ok()?)
}

/// Result of switching the second factor on.
#[derive(Debug)]
pub enum SwitchedOn {
    /// The recovery codes, to be shown once.
    Done(Vec<Secret>),
    /// The code is not one of this key.
    WrongCode,
    /// The account has got a second factor meanwhile.
    Already,
}

/// Switches the second factor on, once a code shows that the app has the key.
pub async fn switch_on(
    portal: &Portal,
    confirmed: &mut Confirmed,
    actor: &Actor,
    offered: &OfferedKey,
    code: &str,
) -> Result<SwitchedOn, AccountError> {
    let now = portal.clock.now();
    let Some(step) = offered.key.step_of(&recovery_codes::plain(code), now) else {
        return Ok(SwitchedOn::WrongCode);
    };
    let (codes, hashes) = recovery_codes::make(&portal.hashers, &actor.source.from).await?;
    let (action, secret) = (Action::AdminSecondFactorOn, offered.text());
    let done = on_own(portal, confirmed, actor, action, move |conn, own| {
        Box::pin(async move {
            if own.account.totp_secret.is_some() {
                return Ok(false);
            }
            let (id, factor) = (own.id(), Some((&secret, hashes.as_slice())));
            admins::set_second_factor(conn, &own.keys, id, factor, own.now).await?;
            own.end_others(conn).await?;
            admins::use_totp_step(conn, id, step).await
        })
    });
    if !done.await? {
        return Ok(SwitchedOn::Already);
    }
    confirmed.changed();
    Ok(SwitchedOn::Done(codes))
}

/// Switches the second factor off.
pub async fn switch_off(
    portal: &Portal,
    confirmed: &mut Confirmed,
    actor: &Actor,
) -> Result<(), AccountError> {
    let action = Action::AdminSecondFactorOff;
    let done = on_own(portal, confirmed, actor, action, |conn, own| {
        Box::pin(async move {
            own.end_others(conn).await?;
            admins::set_second_factor(conn, &own.keys, own.id(), None, own.now).await
        })
    });
    known(done.await?, confirmed)
}

/// Replaces the recovery codes, used or not. `None` if the account has no second factor.
pub async fn new_recovery_codes(
    portal: &Portal,
    confirmed: &Confirmed,
    actor: &Actor,
) -> Result<Option<Vec<Secret>>, AccountError> {
    if confirmed.account().totp_secret.is_none() {
        return Ok(None);
    }
    let (codes, after) = recovery_codes::make(&portal.hashers, &actor.source.from).await?;
    let action = Action::AdminRecoveryCodesNew;
    let done = on_own(portal, confirmed, actor, action, move |conn, own| {
        Box::pin(async move {
            // One may just have been used up to confirm.
            let hashes = [&*own.account.recovery_codes, &*after];
            admins::set_recovery_codes(conn, &own.keys, own.id(), hashes, own.now).await
        })
    });
    match done.await? {
        true => Ok(Some(codes)),
        false => Err(StorageError::Conflict.into()),
    }
}

/// One's own account in a transaction.
struct Own {
    account: Account,
    proof: Proof,
    keys: Arc<KeyRing>,
    now: Millis,
}

impl Own {
    fn id(&self) -> &str {
        &self.account.id
    }

    /// Ends all sessions of the account but the one that asks.
    async fn end_others(&self, conn: &mut AnyConnection) -> Result<u64, StorageError> {
        sessions::delete_others(conn, Kind::Admin, self.id(), &self.proof.session).await
    }
}

/// Does `work` on the account in one transaction with its audit entry, if what was confirmed
/// still holds. Returns what `work` returned: whether something changed.
async fn on_own<F>(
    portal: &Portal,
    confirmed: &Confirmed,
    actor: &Actor,
    action: Action,
    work: F,
) -> Result<bool, AccountError>
where
    F: for<'c> FnOnce(&'c mut AnyConnection, Own) -> Work<'c, bool> + Send + 'static,
{
    let (proof, keys, now) = (confirmed.proof(), portal.keys.clone(), portal.clock.now());
    let object = format!("admin {}", confirmed.account().username);
    let done = write_audited(portal, entry(actor, action, object), move |conn| {
        Box::pin(async move {
            let all = admins::lock_all(conn, &keys).await?;
            proof.must_hold(conn, now).await?;
            let own = all.into_iter().find(|one| one.id == proof.account_id);
            let account = own.and_then(|one| one.account);
            let own = Own {
                account: account.ok_or(StorageError::Lapsed)?,
                proof,
                keys,
                now,
            };
            work(conn, own).await
        })
    });
    Ok(done.await?)
}

/// It was done, or somebody else has changed the account meanwhile.
fn known(done: bool, confirmed: &mut Confirmed) -> Result<(), AccountError> {
    match done {
        true => {
            confirmed.changed();
            Ok(())
        }
        false => Err(StorageError::Conflict.into()),
    }
}
