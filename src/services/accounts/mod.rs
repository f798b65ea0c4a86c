//! Local accounts: created, signed in to, given a new password.

mod confirm;
mod hashers;
mod passwords;
mod refused;
pub mod setup_link;

pub use crate::storage::admins::Admin as Account;
pub use confirm::{Confirmation, Confirmed, confirm};
pub use hashers::{HashError, Hashers};
pub use passwords::PasswordProblem;

use std::time::Duration;

use super::audit::{entry, write_audited};
use super::limiter::{self, Door, Stranger, Taken};
use super::{Actor, Portal, ids};
use crate::domain::audit::Action;
use crate::domain::digest::sha256;
use crate::domain::secret::Secret;
use crate::storage::admins::{self, Role};
use crate::storage::sessions::{self, Kind};
use crate::storage::{StorageError, setup_links};

/// Why an operation on accounts failed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The password could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
}

/// Result of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdminSignIn {
    SignedIn(Account),
    /// User name or password is wrong; we never say which.
    Refused,
    /// The password was not looked at.
    TooMany {
        /// How long to wait.
        wait: Duration,
    },
}

/// Result of creating an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewAccount {
    /// The account.
    Created(Account),
    Refused(AccountProblem),
}

/// Why an account was not created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountProblem {
    /// A user name has 1 to 64 letters, digits and `. _ - @ +`.
    Username,
    /// The user name is taken.
    UsernameTaken,
    Password(PasswordProblem),
    /// The link was used, has expired or never existed; or there is already an
    /// account, which must create the others.
    Link,
    Missing,
}

/// Signs an admin in. Unknown names take as long as known ones.
pub async fn sign_in(
    portal: &Portal,
    username: &str,
    password: Secret,
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
    let right = passwords::verify(&portal.hashers, &who.lane(), password, hash).await?;
    // Officers and auditors have no pages yet, and the admin pages are not for
    // them.
    let may = |admin: &Account| right && admin.enabled && admin.role == Role::Admin;
    let known = found.as_ref().map(|admin| admin.username.clone());
    let Some(admin) = found.filter(may) else {
        refused::note(portal, known, &who.source).await?;
        return Ok(AdminSignIn::Refused);
    };
    limiter::give_back(portal, spent).await;
    let entry = entry(
        &Actor {
            name: admin.username.clone(),
            source: who.source.clone(),
        },
        Action::AdminSignIn,
        format!("admin {}", admin.username),
    );
    let (id, now) = (admin.id.clone(), portal.clock.now());
    let noted = write_audited(portal, entry, move |conn| {
        Box::pin(async move {
            admins::note_sign_in(conn, &id, now).await?;
            Ok(true)
        })
    });
    noted.await?;
    let owner = limiter::log_id(&portal.keys, &admin.id);
    tracing::info!(event = "signed_in", door = "admin", owner);
    Ok(AdminSignIn::SignedIn(admin))
}

/// Creates the first admin and uses up the link.
pub async fn create_first_admin(
    portal: &Portal,
    link: &str,
    username: &str,
    password: Secret,
    actor: &Actor,
) -> Result<NewAccount, AccountError> {
    if !setup_link::is_good(portal, link).await? {
        return Ok(NewAccount::Refused(AccountProblem::Link));
    }
    create(portal, Some(link), username, password, actor).await
}

/// Creates an admin; for the command line, whose caller holds the master key.
pub async fn create_admin(
    portal: &Portal,
    username: &str,
    password: Secret,
    actor: &Actor,
) -> Result<NewAccount, AccountError> {
    create(portal, None, username, password, actor).await
}

async fn create(
    portal: &Portal,
    link: Option<&str>,
    username: &str,
    password: Secret,
    actor: &Actor,
) -> Result<NewAccount, AccountError> {
    let username = username.trim();
    if !is_username(username) {
        return Ok(NewAccount::Refused(AccountProblem::Username));
    }
    if let Err(problem) = passwords::check(&password) {
        return Ok(NewAccount::Refused(AccountProblem::Password(problem)));
    }
    let now = portal.clock.now();
    let hash = passwords::hash(&portal.hashers, &actor.source.from, password).await?;
    let username = username.to_lowercase();
    let admin = Account::new(ids::new_id(), username, Role::Admin, hash, now);
    let mut entry = entry(
        actor,
        Action::AdminCreate,
        format!("admin {}", admin.username),
    );
    entry.after = Some(admin.role.as_str().to_owned());
    let (link, new, keys) = (link.map(sha256), admin.clone(), portal.keys.clone());
    let made = write_audited(portal, entry, move |conn| {
        Box::pin(async move {
            if let Some(link) = link
                && !setup_links::take(conn, &link, now).await?
            {
                return Ok(false);
            }
            admins::insert(conn, &keys, &new).await?;
            Ok(true)
        })
    });
    match made.await {
        Ok(true) => Ok(NewAccount::Created(admin)),
        Ok(false) => Ok(NewAccount::Refused(AccountProblem::Link)),
        Err(StorageError::Conflict) => Ok(NewAccount::Refused(AccountProblem::UsernameTaken)),
        Err(error) => Err(error.into()),
    }
}

/// Gives an account a new password and ends its sessions. Returns the reason if
/// it did not.
pub async fn reset_password(
    portal: &Portal,
    username: &str,
    password: Secret,
    actor: &Actor,
) -> Result<Option<AccountProblem>, AccountError> {
    if let Err(problem) = passwords::check(&password) {
        return Ok(Some(AccountProblem::Password(problem)));
    }
    let Some(admin) = admins::by_username(&portal.storage, &portal.keys, username).await? else {
        return Ok(Some(AccountProblem::Missing));
    };
    let hash = passwords::hash(&portal.hashers, &actor.source.from, password).await?;
    let entry = entry(
        actor,
        Action::AdminResetPassword,
        format!("admin {}", admin.username),
    );
    let (keys, now) = (portal.keys.clone(), portal.clock.now());
    let known = write_audited(portal, entry, move |conn| {
        Box::pin(async move {
            let known = admins::set_password(conn, &keys, &admin.id, &hash, now).await?;
            sessions::delete_of_subject(conn, Kind::Admin, &admin.id).await?;
            Ok(known)
        })
    })
    .await?;
    Ok((!known).then_some(AccountProblem::Missing))
}

fn is_username(text: &str) -> bool {
    let known = |c: char| c.is_alphanumeric() || "._-@+".contains(c);
    (1..=64).contains(&text.chars().count()) && text.chars().all(known)
}

#[cfg(test)]
mod tests {
    use super::is_username;

    #[test]
    fn a_user_name_is_one_visible_word() {
        for good in ["ana", "ana.nuñez@acme.example", "A-1_b+c"] {
            assert!(is_username(good), "{good}");
        }
        for bad in ["", "a b", "a\u{200B}b", "a\nb", "<b>"] {
            assert!(!is_username(bad), "{bad:?}");
        }
        assert!(!is_username(&"a".repeat(65)));
    }
}
