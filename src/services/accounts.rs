//! Local accounts: signing in, and how the first one comes to be.

use data_encoding::BASE64URL_NOPAD;

use super::audit::done;
use super::passwords::{self, HashError, PasswordProblem};
use super::{Actor, Portal, Source, ids};
use crate::domain::digest::sha256;
use crate::domain::secret::Secret;
use crate::storage::admins::{self, Admin, Role};
use crate::storage::sessions::{self, Kind};
use crate::storage::{StorageError, audit, setup_links};

/// Why an act on accounts could not be done at all.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The password could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
}

/// What became of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdminSignIn {
    SignedIn(Admin),
    /// User name or password: never which.
    Refused,
}

/// Why an account was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountProblem {
    /// A user name has 1 to 64 letters, digits and `. _ - @ +`.
    Username,
    /// The user name is another's.
    UsernameTaken,
    Password(PasswordProblem),
    /// The link was used, has expired, or never was; or there is an account
    /// already: the first one makes the others.
    Link,
    /// There is no such account.
    Missing,
}

/// Signs an admin in. Takes as long for names that nobody has.
pub async fn sign_in(
    portal: &Portal,
    username: &str,
    password: Secret,
    source: Source,
) -> Result<AdminSignIn, AccountError> {
    let found = admins::by_username(&portal.storage, username).await?;
    let hash = found.as_ref().map(|admin| admin.password_hash.clone());
    let right = passwords::verify(password, hash).await?;
    // Officers and auditors have no pages yet, and these are not for them.
    let may = |admin: &Admin| right && admin.enabled && admin.role == Role::Admin;
    let Some(admin) = found.filter(may) else {
        tracing::info!(event = "admin_sign_in_refused", from = %source.from);
        return Ok(AdminSignIn::Refused);
    };
    let entry = done(
        &Actor {
            name: admin.username.clone(),
            source,
        },
        "admin.sign_in",
        format!("admin {}", admin.username),
    );
    append(portal, entry).await?;
    Ok(AdminSignIn::SignedIn(admin))
}

/// Makes the secret of a one-time link to the first run's page; none where
/// there is an account already.
pub async fn make_setup_link(portal: &Portal) -> Result<Option<Secret>, StorageError> {
    if admins::count(&portal.storage).await? > 0 {
        return Ok(None);
    }
    let random: [u8; 32] = rand::random();
    let secret = Secret::new(BASE64URL_NOPAD.encode(&random));
    let (hash, now) = (link_sha256(secret.expose()), portal.clock.now());
    portal
        .storage
        .write(move |conn| Box::pin(async move { setup_links::put(conn, &hash, now).await }))
        .await?;
    Ok(Some(secret))
}

/// Whether the first run's page may be shown for this link.
pub async fn setup_link_is_good(portal: &Portal, link: &str) -> Result<bool, StorageError> {
    let now = portal.clock.now();
    Ok(admins::count(&portal.storage).await? == 0
        && setup_links::is_good(&portal.storage, &link_sha256(link), now).await?)
}

/// Makes the first admin, using the link up.
pub async fn create_first_admin(
    portal: &Portal,
    link: &str,
    username: &str,
    password: Secret,
    actor: &Actor,
) -> Result<Result<Admin, AccountProblem>, AccountError> {
    if !setup_link_is_good(portal, link).await? {
        return Ok(Err(AccountProblem::Link));
    }
    create(portal, Some(link), username, password, actor).await
}

/// Makes an admin; for the command line, whose caller holds the master key.
pub async fn create_admin(
    portal: &Portal,
    username: &str,
    password: Secret,
    actor: &Actor,
) -> Result<Result<Admin, AccountProblem>, AccountError> {
    create(portal, None, username, password, actor).await
}

async fn create(
    portal: &Portal,
    link: Option<&str>,
    username: &str,
    password: Secret,
    actor: &Actor,
) -> Result<Result<Admin, AccountProblem>, AccountError> {
    let username = username.trim();
    if !is_username(username) {
        return Ok(Err(AccountProblem::Username));
    }
    if let Err(problem) = passwords::check(&password) {
        return Ok(Err(AccountProblem::Password(problem)));
    }
    let now = portal.clock.now();
    let admin = Admin {
        id: ids::new_id(),
        username: username.to_lowercase(),
        role: Role::Admin,
        password_hash: passwords::hash(password).await?,
        enabled: true,
        version: 1,
        created_at: now,
    };
    let mut entry = done(actor, "admin.create", format!("admin {}", admin.username));
    entry.after = Some(admin.role.as_str().to_owned());
    let (keys, link, new) = (portal.keys.clone(), link.map(link_sha256), admin.clone());
    let made = portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                if let Some(link) = link
                    && !setup_links::take(conn, &link, now).await?
                {
                    return Ok(false);
                }
                admins::insert(conn, &new).await?;
                audit::append(conn, &keys, &entry, now).await?;
                Ok(true)
            })
        })
        .await;
    match made {
        Ok(true) => Ok(Ok(admin)),
        Ok(false) => Ok(Err(AccountProblem::Link)),
        Err(StorageError::Conflict) => Ok(Err(AccountProblem::UsernameTaken)),
        Err(error) => Err(error.into()),
    }
}

/// Gives an account a new password and ends its sessions.
pub async fn reset_password(
    portal: &Portal,
    username: &str,
    password: Secret,
    actor: &Actor,
) -> Result<Result<(), AccountProblem>, AccountError> {
    if let Err(problem) = passwords::check(&password) {
        return Ok(Err(AccountProblem::Password(problem)));
    }
    let Some(admin) = admins::by_username(&portal.storage, username).await? else {
        return Ok(Err(AccountProblem::Missing));
    };
    let hash = passwords::hash(password).await?;
    let entry = done(
        actor,
        "admin.reset_password",
        format!("admin {}", admin.username),
    );
    let (keys, now) = (portal.keys.clone(), portal.clock.now());
    let known = portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                if !admins::set_password(conn, &admin.id, &hash, now).await? {
                    return Ok(false);
                }
                sessions::delete_of_subject(conn, Kind::Admin, &admin.id).await?;
                audit::append(conn, &keys, &entry, now).await?;
                Ok(true)
            })
        })
        .await?;
    Ok(if known {
        Ok(())
    } else {
        Err(AccountProblem::Missing)
    })
}

async fn append(portal: &Portal, entry: audit::NewEntry) -> Result<(), StorageError> {
    let (keys, now) = (portal.keys.clone(), portal.clock.now());
    portal
        .storage
        .write(move |conn| Box::pin(async move { audit::append(conn, &keys, &entry, now).await }))
        .await
}

fn link_sha256(link: &str) -> [u8; 32] {
    sha256(link)
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
