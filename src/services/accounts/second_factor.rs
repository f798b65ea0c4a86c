//! The second factor of an account: codes of an authenticator app, each accepted once,
//! and recovery codes for when the app is lost.

use serde_json::json;

use super::recovery_codes;
use super::{Account, AccountError};
use crate::domain::audit::Action;
use crate::domain::totp::TotpKey;
use crate::services::audit::{entry, write_audited};
use crate::services::limiter::{self, Door, Stranger, Taken};
use crate::services::{Actor, Portal};
use crate::storage::admins;

/// What was given besides the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactor {
    App,
    RecoveryCode,
}

impl SecondFactor {
    /// Its name in the audit.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::RecoveryCode => "recovery code",
        }
    }
}

/// Result of looking at a code.
#[derive(Debug)]
pub(super) enum Looked {
    Right(SecondFactor),
    Wrong,
    TooMany { wait: std::time::Duration },
}

/// Uses up a code of the account, if it is right. Every wrong one counts as a try, for
/// the address and for the account.
pub(super) async fn accept(
    portal: &Portal,
    account: &Account,
    code: &str,
    who: &Stranger,
) -> Result<Looked, AccountError> {
    let name = &account.username;
    let spent = match limiter::take(portal, Door::Code { name }, who).await? {
        Taken::Allowed(spent) => spent,
        Taken::TooMany { wait } => return Ok(Looked::TooMany { wait }),
    };
    let Some(factor) = use_up(portal, account, code, who).await? else {
        tracing::warn!(event = "second_factor_refused");
        return Ok(Looked::Wrong);
    };
    limiter::give_back(portal, spent).await;
    Ok(Looked::Right(factor))
}

async fn use_up(
    portal: &Portal,
    account: &Account,
    code: &str,
    who: &Stranger,
) -> Result<Option<SecondFactor>, AccountError> {
    let code = recovery_codes::plain(code);
    if recovery_codes::is_one(&code) {
        let used = use_recovery_code(portal, account, code, who).await?;
        return Ok(used.then_some(SecondFactor::RecoveryCode));
    }
    let key = account.totp_secret.as_ref();
    let key = key.and_then(|text| TotpKey::from_text(text.expose()));
    let now = portal.clock.now();
    let Some(step) = key.and_then(|key| key.step_of(&code, now)) else {
        return Ok(None);
    };
    let id = account.id.clone();
    let used = portal
        .storage
        .write(move |conn| Box::pin(async move { admins::use_totp_step(conn, &id, step).await }))
        .await?;
    Ok(used.then_some(SecondFactor::App))
}

async fn use_recovery_code(
    portal: &Portal,
    account: &Account,
    code: String,
    who: &Stranger,
) -> Result<bool, AccountError> {
    let before = account.recovery_codes.clone();
    let lane = who.lane();
    let Some(at) = recovery_codes::find(&portal.hashers, &lane, code, &before).await? else {
        return Ok(false);
    };
    let mut after = before.clone();
    after.remove(at);
    let actor = Actor {
        name: account.username.clone(),
        source: who.source.clone(),
    };
    let object = format!("admin {}", account.username);
    let mut entry = entry(&actor, Action::AdminRecoveryCodeUse, object);
    entry.after = Some(json!({ "recovery_codes_left": after.len() }).to_string());
    let (id, keys, now) = (account.id.clone(), portal.keys.clone(), portal.clock.now());
    let used = write_audited(portal, entry, move |conn| {
        Box::pin(async move {
            admins::set_recovery_codes(conn, &keys, &id, [&before, &after], now).await
        })
    });
    Ok(used.await?)
}
