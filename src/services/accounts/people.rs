//! What an admin decides about the accounts of others: role, connections, enabled or
//! not, and that a second factor is lost. Each needs a [`Confirmed`], which must still hold
//! when it is done.

use serde_json::json;
use sqlx::AnyConnection;

use super::{Account, AccountError, Confirmed, Role, passwords};
use crate::domain::audit::Action;
use crate::domain::secret::Secret;
use crate::services::audit::{entry, write_audited, write_described};
use crate::services::{Actor, Portal};
use crate::storage::admins::{self, Listed, Standing};
use crate::storage::sessions::{self, Kind};
use crate::storage::{StorageError, Work, invitations};

/// What came of a change of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    Done,
    /// It is so already.
    Same,
    /// Nobody else could administer the portal any more.
    LastAdmin,
    /// Somebody else changed it first.
    Stale,
    /// Its row was changed past the portal.
    Broken,
    Missing,
}

/// All accounts, by name.
pub async fn all(portal: &Portal) -> Result<Vec<Listed>, StorageError> {
    admins::all(&portal.storage, &portal.keys).await
}

/// What was decided about an account so far.
pub fn standing_of(account: &Account) -> Standing {
    // In whatever order they were chosen, they are the same.
    let mut connections = account.connections.clone();
    connections.sort_unstable();
    Standing {
        role: account.role,
        connections,
        enabled: account.enabled,
    }
}

/// Changes role, connections and whether the account is enabled, ends its sessions, and
/// takes the open invitations back of one that may no longer invite, unless it is not as it was
/// `seen` any more. The last enabled admin stays one, also if two nodes are asked at once.
pub async fn change(
    portal: &Portal,
    actor: &Actor,
    id: &str,
    (seen, wanted): (Standing, Standing),
    confirmed: &Confirmed,
) -> Result<Changed, StorageError> {
    let actor = actor.clone();
    let (keys, now) = (portal.keys.clone(), portal.clock.now());
    on_account(portal, id, confirmed, move |conn, account, others| {
        Box::pin(async move {
            let before = standing_of(&account);
            if before == wanted {
                return Ok((Changed::Same, None));
            }
            if before != seen {
                return Ok((Changed::Stale, None));
            }
            let stays_admin = wanted.role == Role::Admin && wanted.enabled;
            if is_enabled_admin(&account) && !stays_admin && !others.iter().any(is_enabled_admin) {
                return Ok((Changed::LastAdmin, None));
            }
            admins::set_standing(conn, &keys, &account.id, &wanted, now).await?;
            sessions::delete_of_subject(conn, Kind::Admin, &account.id).await?;
            let mut after = described(&wanted);
            if !stays_admin {
                let taken_back = invitations::take_of(conn, &account.username).await?;
                if let Some(after) = after.as_object_mut() {
                    after.insert("invitations_taken_back".into(), taken_back.into());
                }
            }
            let mut entry = entry(&actor, Action::AdminChange, object(&account.username));
            entry.before = Some(described(&before).to_string());
            entry.after = Some(after.to_string());
            Ok((Changed::Done, Some(entry)))
        })
    })
    .await
}

/// Takes an account's second factor away, and ends its sessions.
pub async fn reset_second_factor(
    portal: &Portal,
    actor: &Actor,
    id: &str,
    confirmed: &Confirmed,
) -> Result<Changed, StorageError> {
    let actor = actor.clone();
    let (keys, now) = (portal.keys.clone(), portal.clock.now());
    on_account(portal, id, confirmed, move |conn, account, _| {
        Box::pin(async move {
            if account.totp_secret.is_none() {
                return Ok((Changed::Same, None));
            }
            admins::set_second_factor(conn, &keys, &account.id, None, now).await?;
            sessions::delete_of_subject(conn, Kind::Admin, &account.id).await?;
            let object = object(&account.username);
            let mut entry = entry(&actor, Action::AdminSecondFactorReset, object);
            entry.before = Some(json!({"second_factor": true}).to_string());
            entry.after = Some(json!({"second_factor": false}).to_string());
            Ok((Changed::Done, Some(entry)))
        })
    })
    .await
}

/// Deletes an account whose row was changed past the portal; its person can be invited
/// again under the same name.
pub async fn delete_broken(
    portal: &Portal,
    actor: &Actor,
    id: &str,
    confirmed: &Confirmed,
) -> Result<Changed, StorageError> {
    let (id, actor, keys) = (id.to_owned(), actor.clone(), portal.keys.clone());
    let (proof, now) = (confirmed.proof(), portal.clock.now());
    write_described(portal, move |conn| {
        Box::pin(async move {
            let all = admins::lock_all(conn, &keys).await?;
            proof.must_hold(conn, now).await?;
            let Some(found) = all.into_iter().find(|one| one.id == id) else {
                return Ok((Changed::Missing, None));
            };
            if found.account.is_some() {
                return Ok((Changed::Same, None));
            }
            admins::delete(conn, &id).await?;
            sessions::delete_of_subject(conn, Kind::Admin, &id).await?;
            invitations::take_of(conn, &found.username).await?;
            let entry = entry(&actor, Action::AdminDelete, object(&found.username));
            Ok((Changed::Done, Some(entry)))
        })
    })
    .await
}

/// Writes an account whose row was changed past the portal anew: an enabled admin with
/// this password and without a second factor. For the command line, whose caller holds
/// the master key. Returns whether there was such a row.
pub async fn write_anew(
    portal: &Portal,
    username: &str,
    password: Secret,
    actor: &Actor,
) -> Result<bool, AccountError> {
    let wanted = admins::normalised(username);
    let mut listed = all(portal).await?.into_iter();
    let is_broken = |one: &Listed| one.username == wanted && one.account.is_none();
    let Some(found) = listed.find(is_broken) else {
        return Ok(false);
    };
    let hash = passwords::hash(&portal.hashers, &actor.source.from, password).await?;
    let (keys, now) = (portal.keys.clone(), portal.clock.now());
    let mut entry = entry(actor, Action::AdminResetPassword, object(&wanted));
    let standing = json!({ "role": Role::Admin, "enabled": true, "second_factor": false });
    entry.after = Some(standing.to_string());
    let admin = Account::new(found.id, wanted, Role::Admin, hash, now);
    let written = write_audited(portal, entry, move |conn| {
        Box::pin(async move {
            let is_written = admins::write_anew(conn, &keys, &admin).await?;
            sessions::delete_of_subject(conn, Kind::Admin, &admin.id).await?;
            Ok(is_written)
        })
    });
    Ok(written.await?)
}

/// Does `work` with an account and all others, which nobody else changes meanwhile.
async fn on_account<F>(
    portal: &Portal,
    id: &str,
    confirmed: &Confirmed,
    work: F,
) -> Result<Changed, StorageError>
where
    F: for<'c> FnOnce(
            &'c mut AnyConnection,
            Account,
            Vec<Account>,
        ) -> Work<'c, (Changed, Option<crate::storage::audit::NewEntry>)>
        + Send
        + 'static,
{
    let (id, keys) = (id.to_owned(), portal.keys.clone());
    let (proof, now) = (confirmed.proof(), portal.clock.now());
    write_described(portal, move |conn| {
        Box::pin(async move {
            let all = admins::lock_all(conn, &keys).await?;
            proof.must_hold(conn, now).await?;
            let (of_it, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.id == id);
            let Some(found) = of_it.into_iter().next() else {
                return Ok((Changed::Missing, None));
            };
            let Some(account) = found.account else {
                return Ok((Changed::Broken, None));
            };
            let others = others.into_iter().filter_map(|one| one.account).collect();
            work(conn, account, others).await
        })
    })
    .await
}

fn is_enabled_admin(account: &Account) -> bool {
    account.role == Role::Admin && account.enabled
}

fn object(username: &str) -> String {
    format!("admin {username}")
}

/// A standing in the audit.
fn described(standing: &Standing) -> serde_json::Value {
    json!({
        "role": standing.role,
        "connections": standing.connections,
        "enabled": standing.enabled,
    })
}
