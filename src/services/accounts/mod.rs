//! Local accounts: created, signed in to, given a new password.

mod confirm;
mod hashers;
pub mod invite;
pub mod own;
mod passwords;
pub mod people;
mod recovery_codes;
mod refused;
mod second_factor;
pub mod setup_link;
mod sign_in;

pub use crate::storage::admins::{Admin as Account, Listed, Role, Standing};
pub(super) use confirm::Proof;
pub use confirm::{Confirmation, Confirmed, confirm};
pub use hashers::{HashError, Hashers};
pub use passwords::check as check_password;
pub use sign_in::{
    AdminSignIn, CODE_WITHIN, NewSession, PasswordGiven, give_code, may_give_code, sign_in,
};

use serde_json::json;
use sqlx::AnyConnection;

use invite::Invitation;

use super::audit::{entry, write_audited, write_described};
use super::{Actor, Portal, ids};
use crate::domain::audit::Action;
use crate::domain::digest::sha256;
use crate::domain::look_alike::at_a_glance;
use crate::domain::millis::Millis;
pub use crate::domain::password::PasswordProblem;
use crate::domain::person_name::check_text;
use crate::domain::secret::Secret;
use crate::storage::admins;
use crate::storage::seal::KeyRing;
use crate::storage::sessions::{self, Kind};
use crate::storage::{StorageError, invitations, setup_links};

/// The longest user name, in characters.
const MOST_LETTERS: usize = 64;

/// Why an operation on accounts failed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The password could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
}

/// What somebody types to prove who they are.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub password: Secret,
    /// A code of the app, or a recovery code; may be empty.
    pub code: String,
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
    /// A user name has 1 to 64 letters of one alphabet, digits and `. _ - @ +`.
    Username,
    /// The user name is taken.
    UsernameTaken,
    /// Another account's name looks like this one: whoever decides about accounts or reads
    /// the audit would take one for the other.
    UsernameAlike,
    Password(PasswordProblem),
    /// The link was used, has expired or never existed; or there is already an
    /// account, which must create the others.
    Link,
    Missing,
}

/// Creates the account that a one-time link allows, and uses the link up: the first
/// admin, or somebody who was invited.
pub async fn create_by_link(
    portal: &Portal,
    link: &str,
    username: &str,
    password: Secret,
    actor: &Actor,
) -> Result<NewAccount, AccountError> {
    let by = match invite::of_link(portal, link).await? {
        Some(invitation) => By::Invitation(invitation),
        None if setup_link::is_good(portal, link).await? => By::SetupLink(sha256(link)),
        None => return Ok(NewAccount::Refused(AccountProblem::Link)),
    };
    create(portal, by, username, password, actor).await
}

/// Creates an admin; for the command line, whose caller holds the master key.
pub async fn create_admin(
    portal: &Portal,
    username: &str,
    password: Secret,
    actor: &Actor,
) -> Result<NewAccount, AccountError> {
    create(portal, By::CommandLine, username, password, actor).await
}

/// What allows to create an account.
enum By {
    CommandLine,
    /// The hash of the link.
    SetupLink([u8; 32]),
    Invitation(Invitation),
}

/// Creates the admin of a demo, which only this machine reaches, with any password that
/// is long enough.
pub async fn create_demo_admin(
    portal: &Portal,
    username: &str,
    password: Secret,
    actor: &Actor,
) -> Result<NewAccount, AccountError> {
    match passwords::check(portal, username, &password).await? {
        Err(problem) if problem.is_length() => {
            Ok(NewAccount::Refused(AccountProblem::Password(problem)))
        }
        Err(_) | Ok(()) => store(portal, By::CommandLine, username, password, actor).await,
    }
}

async fn create(
    portal: &Portal,
    by: By,
    username: &str,
    password: Secret,
    actor: &Actor,
) -> Result<NewAccount, AccountError> {
    if let Err(problem) = passwords::check(portal, username, &password).await? {
        return Ok(NewAccount::Refused(
            match is_new_username(username.trim()) {
                true => AccountProblem::Password(problem),
                false => AccountProblem::Username,
            },
        ));
    }
    store(portal, by, username, password, actor).await
}

async fn store(
    portal: &Portal,
    by: By,
    username: &str,
    password: Secret,
    actor: &Actor,
) -> Result<NewAccount, AccountError> {
    let username = username.trim();
    if !is_new_username(username) {
        return Ok(NewAccount::Refused(AccountProblem::Username));
    }
    let now = portal.clock.now();
    let hash = passwords::hash(&portal.hashers, &actor.source.from, password).await?;
    let username = username.to_lowercase();
    let mut admin = Account::new(ids::new_id(), username, Role::Admin, hash, now);
    if let By::Invitation(invitation) = &by {
        admin.role = invitation.role;
        admin.connections.clone_from(&invitation.connections);
    }
    let mut entry = entry(
        actor,
        Action::AdminCreate,
        format!("admin {}", admin.username),
    );
    entry.after = Some(json!({ "role": admin.role }).to_string());
    let (new, keys) = (admin.clone(), portal.keys.clone());
    let made = write_described(portal, move |conn| {
        Box::pin(async move {
            let refused = refusal(conn, &keys, &by, &new.username, now).await?;
            if refused.is_some() {
                return Ok((refused, None));
            }
            admins::insert(conn, &keys, &new).await?;
            // Whoever follows a link is signed in with the account at once.
            if !matches!(by, By::CommandLine) {
                admins::note_sign_in(conn, &new.id, 1, now).await?;
            }
            Ok((None, Some(entry)))
        })
    });
    match made.await {
        Ok(None) => Ok(NewAccount::Created(admin)),
        Ok(Some(problem)) => Ok(NewAccount::Refused(problem)),
        Err(StorageError::Conflict) => Ok(NewAccount::Refused(AccountProblem::UsernameTaken)),
        Err(error) => Err(error.into()),
    }
}

/// Why no account of this name is made, if so; else uses the link up. Other transactions
/// that make one wait until this one ends.
async fn refusal(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    by: &By,
    username: &str,
    now: Millis,
) -> Result<Option<AccountProblem>, StorageError> {
    let others = admins::lock_all(conn, keys).await?;
    // Another link may have made the first one meanwhile.
    if matches!(by, By::SetupLink(_)) && !others.is_empty() {
        return Ok(Some(AccountProblem::Link));
    }
    let (username, seen) = (admins::normalised(username), at_a_glance(username));
    let is_alike = |one: &Listed| one.username != username && at_a_glance(&one.username) == seen;
    if others.iter().any(is_alike) {
        return Ok(Some(AccountProblem::UsernameAlike));
    }
    let is_good = match by {
        By::CommandLine => true,
        By::SetupLink(link) => setup_links::take(conn, link, now).await?,
        By::Invitation(invitation) => invitations::take(conn, &invitation.id).await?,
    };
    Ok((!is_good).then_some(AccountProblem::Link))
}

/// What happens to the second factor when a password is reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfSecondFactor {
    Kept,
    Cleared,
}

/// Gives an account a new password and ends its sessions. Returns the reason if
/// it did not.
pub async fn reset_password(
    portal: &Portal,
    username: &str,
    password: Secret,
    second_factor: OfSecondFactor,
    actor: &Actor,
) -> Result<Option<AccountProblem>, AccountError> {
    if let Err(problem) = passwords::check(portal, username, &password).await? {
        return Ok(Some(AccountProblem::Password(problem)));
    }
    let Some(admin) = admins::by_username(&portal.storage, &portal.keys, username).await? else {
        return Ok(Some(AccountProblem::Missing));
    };
    let hash = passwords::hash(&portal.hashers, &actor.source.from, password).await?;
    let mut entry = entry(
        actor,
        Action::AdminResetPassword,
        format!("admin {}", admin.username),
    );
    let is_cleared = second_factor == OfSecondFactor::Cleared;
    entry.after = is_cleared.then(|| json!({ "second_factor": "none" }).to_string());
    let (keys, now) = (portal.keys.clone(), portal.clock.now());
    let known = write_audited(portal, entry, move |conn| {
        Box::pin(async move {
            let known = admins::set_password(conn, &keys, &admin.id, &hash, now).await?;
            if is_cleared {
                admins::set_second_factor(conn, &keys, &admin.id, None, now).await?;
            }
            sessions::delete_of_subject(conn, Kind::Admin, &admin.id).await?;
            Ok(known)
        })
    })
    .await?;
    Ok((!known).then_some(AccountProblem::Missing))
}

fn is_username(text: &str) -> bool {
    let known = |c: char| c.is_alphanumeric() || "._-@+".contains(c);
    (1..=MOST_LETTERS).contains(&text.chars().count()) && text.chars().all(known)
}

/// Whether an account may be called so from now on: as the name of a holder, it does not mix
/// letters of different alphabets, which look alike.
fn is_new_username(text: &str) -> bool {
    is_username(text) && check_text(text, MOST_LETTERS).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{is_new_username, is_username};

    #[test]
    fn a_user_name_is_one_visible_word() {
        for good in ["ana", "ana.nuñez@acme.example", "A-1_b+c", "марія"] {
            assert!(is_username(good) && is_new_username(good), "{good}");
        }
        let homoglyphs = "r\u{43E}\u{43E}t1";
        assert!(is_username(homoglyphs), "an old account signs in");
        assert!(!is_new_username(homoglyphs));
        for bad in ["", "a b", "a\u{200B}b", "a\nb", "<b>"] {
            assert!(!is_username(bad), "{bad:?}");
        }
        assert!(!is_username(&"a".repeat(65)));
    }
}
