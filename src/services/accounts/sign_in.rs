//! Signing in: the password, and then the second factor of an account that has one.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::second_factor::{self, Looked, SecondFactor};
use super::{Account, AccountError, Credentials, is_username, passwords, refused};
use crate::domain::audit::Action;
use crate::domain::digest::sha256;
use crate::domain::millis::Millis;
use crate::services::audit::{entry, write_described};
use crate::services::limiter::{self, Deed, Door, Stranger, Taken};
use crate::services::{Actor, Portal};
use crate::storage::admins;

/// How long the second factor is waited for.
pub const CODE_WITHIN: Duration = Duration::from_secs(5 * 60);

/// Result of a step of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdminSignIn {
    SignedIn(NewSession),
    /// The password was right; now the second factor is asked for.
    CodeNeeded(PasswordGiven),
    /// The password was right, the second factor was not.
    WrongCode(PasswordGiven),
    /// User name or password is wrong; we never say which.
    Refused,
    /// The password was given too long ago, or the account has changed since.
    TooLate,
    /// Nothing was looked at.
    TooMany {
        /// How long to wait.
        wait: Duration,
    },
}

/// Somebody who has just signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// As it was then: the session is stored only if it still is.
    pub account: Account,
    /// Whether the password would not be accepted as a new one.
    pub has_weak_password: bool,
}

/// A sign-in between its two steps, to be kept by the browser, sealed. It is good until
/// the account changes, and each code that is used up changes it: so it leads to one
/// session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordGiven {
    account_id: String,
    username: String,
    has_weak_password: bool,
    /// SHA-256 of all that is asked for at a sign-in.
    seen: [u8; 32],
    at: Millis,
}

impl PasswordGiven {
    /// The account's user name.
    pub fn username(&self) -> &str {
        &self.username
    }

    fn is_still_of(&self, account: &Account, now: Millis) -> bool {
        account.enabled && self.seen == seen(account) && now.since(self.at) < CODE_WITHIN
    }
}

fn seen(account: &Account) -> [u8; 32] {
    let secret = account.totp_secret.as_ref().map(|secret| secret.expose());
    let all = json!([
        account.password_hash,
        secret,
        account.totp_last_step,
        account.recovery_codes,
    ]);
    sha256(all.to_string())
}

/// Signs an admin in, if the account has no second factor or it was typed at once.
/// Unknown names take as long as known ones.
pub async fn sign_in(
    portal: &Portal,
    username: &str,
    typed: Credentials,
    who: &Stranger,
) -> Result<AdminSignIn, AccountError> {
    let spent = match limiter::take(portal, Door::Admin { name: username }, who).await? {
        Taken::Allowed(spent) => spent,
        Taken::TooMany { wait } => return Ok(AdminSignIn::TooMany { wait }),
    };
    let found = match is_username(username.trim()) {
        true => admins::by_username(&portal.storage, &portal.keys, username).await?,
        false => None,
    };
    let hash = found.as_ref().map(|admin| admin.password_hash.clone());
    let password = typed.password.clone();
    let right = passwords::verify(&portal.hashers, &who.lane(), password, hash).await?;
    let may = |admin: &Account| right && admin.enabled;
    let known = found.as_ref().map(|admin| admin.username.clone());
    let Some(account) = found.filter(may) else {
        refused::note(portal, known, &who.source).await?;
        return Ok(AdminSignIn::Refused);
    };
    limiter::give_back(portal, spent).await;
    let weak = passwords::check(portal, &account.username, &typed.password).await?;
    let given = PasswordGiven {
        account_id: account.id.clone(),
        username: account.username.clone(),
        has_weak_password: weak.is_err(),
        seen: seen(&account),
        at: portal.clock.now(),
    };
    match (&account.totp_secret, typed.code.trim()) {
        (None, _) => admit(portal, account, given, None, who).await,
        (Some(_), "") => Ok(AdminSignIn::CodeNeeded(given)),
        (Some(_), code) => look_at(portal, account, given, code, who).await,
    }
}

/// The second step: a code of the app, or a recovery code.
pub async fn give_code(
    portal: &Portal,
    given: PasswordGiven,
    code: &str,
    who: &Stranger,
) -> Result<AdminSignIn, AccountError> {
    let account = admins::by_id(&portal.storage, &portal.keys, &given.account_id).await?;
    let now = portal.clock.now();
    match account.filter(|account| given.is_still_of(account, now)) {
        Some(account) => look_at(portal, account, given, code, who).await,
        None => Ok(AdminSignIn::TooLate),
    }
}

/// Whether the second step may still be taken.
pub async fn may_give_code(portal: &Portal, given: &PasswordGiven) -> Result<bool, AccountError> {
    let account = admins::by_id(&portal.storage, &portal.keys, &given.account_id).await?;
    let now = portal.clock.now();
    Ok(account.is_some_and(|account| given.is_still_of(&account, now)))
}

async fn look_at(
    portal: &Portal,
    account: Account,
    given: PasswordGiven,
    code: &str,
    who: &Stranger,
) -> Result<AdminSignIn, AccountError> {
    match second_factor::accept(portal, &account, code, who).await? {
        Looked::Right(factor) => admit(portal, account, given, Some(factor), who).await,
        Looked::Wrong => {
            refused::note(portal, Some(account.username), &who.source).await?;
            Ok(AdminSignIn::WrongCode(given))
        }
        Looked::TooMany { wait } => Ok(AdminSignIn::TooMany { wait }),
    }
}

/// Notes the sign-in, unless the account has changed since it was looked at: a password
/// takes its time.
async fn admit(
    portal: &Portal,
    account: Account,
    given: PasswordGiven,
    factor: Option<SecondFactor>,
    who: &Stranger,
) -> Result<AdminSignIn, AccountError> {
    let actor = Actor {
        name: account.username.clone(),
        source: who.source.clone(),
    };
    let object = format!("admin {}", account.username);
    let mut entry = entry(&actor, Action::AdminSignIn, object);
    entry.after = factor.map(|factor| json!({ "second_factor": factor.as_str() }).to_string());
    let (id, version, now) = (account.id.clone(), account.version, portal.clock.now());
    let keys = portal.keys.clone();
    let noted = write_described(portal, move |conn| {
        Box::pin(async move {
            // Each leaves an entry in the audit.
            let wait = limiter::count(&mut *conn, &keys, Deed::SignIn, &id, now).await?;
            if let Some(wait) = wait {
                return Ok((Err(wait), None));
            }
            let noted = admins::note_sign_in(conn, &id, version, now).await?;
            Ok((Ok(noted), noted.then_some(entry)))
        })
    });
    match noted.await? {
        Ok(true) => {}
        Ok(false) => return Ok(AdminSignIn::TooLate),
        Err(wait) => return Ok(AdminSignIn::TooMany { wait }),
    }
    let owner = limiter::log_id(&portal.keys, &account.id);
    tracing::info!(event = "signed_in", door = "admin", owner);
    Ok(AdminSignIn::SignedIn(NewSession {
        account,
        has_weak_password: given.has_weak_password,
    }))
}
