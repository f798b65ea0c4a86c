//! The people and applications that may sign in.

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use sqlx::{FromRow as _, Row as _, SqliteConnection, SqliteExecutor};

use super::database::from_row;
use super::secrets;
use rubrica_domain::millis::Millis;

/// Checked in place of an unknown user's password, so that the answer takes the same
/// time.
const NOBODY: &str =
    "$argon2id$v=19$m=256,t=1,p=1$cnVicmljYS1zYW5kYm94$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A user that can sign in.
#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) id: i64,
    /// Login name, unique across all domains.
    pub(super) username: String,
    pub(super) domain: Option<String>,
    /// Whether the user may sign in directly without naming the domain.
    pub(super) domain_optional: bool,
    pub(super) may_issue: bool,
    /// JSON array of group numbers.
    pub(super) groups: String,
}

from_row!(User: id, username, domain, domain_optional, may_issue, groups);

#[derive(Debug)]
pub(super) struct NewUser<'a> {
    pub(super) username: &'a str,
    pub(super) password: &'a str,
    pub(super) domain: Option<&'a str>,
    /// Whether the user may sign in directly without naming the domain.
    pub(super) domain_optional: bool,
    /// Whether the user may create and finalize.
    pub(super) may_issue: bool,
    pub(super) groups: &'a [i64],
}

#[derive(Debug, thiserror::Error)]
pub(super) enum AddUserError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error("the password could not be hashed: {0}")]
    Hash(String),
}

/// Adds the built-in users; existing ones are left unchanged.
pub(super) async fn add_demo_users(
    conn: &mut SqliteConnection,
    now: Millis,
) -> Result<(), AddUserError> {
    let user = |username, domain, domain_optional, may_issue, groups| NewUser {
        username,
        password: username,
        domain,
        domain_optional,
        may_issue,
        groups,
    };
    for new in [
        user("demo", Some("demo"), false, true, &[1]),
        user("ra-app", None, false, true, &[][..]),
        // The documents do not name this user's domain, so both with and without are
        // accepted.
        user("noperm", Some("demo"), true, false, &[][..]),
    ] {
        add(conn, &new, now).await?;
    }
    Ok(())
}

/// Adds a user; returns whether the name was free.
pub(super) async fn add(
    conn: &mut SqliteConnection,
    new: &NewUser<'_>,
    now: Millis,
) -> Result<bool, AddUserError> {
    let hash = hash(new.password)?;
    let groups = serde_json::to_string(new.groups).unwrap_or_else(|_| "[]".to_owned());
    let done = sqlx::query(
        "INSERT INTO users (username, domain, domain_optional, password_hash, may_issue, groups, \
         created_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (username) DO NOTHING",
    )
    .bind(new.username)
    .bind(new.domain)
    .bind(new.domain_optional)
    .bind(hash)
    .bind(new.may_issue)
    .bind(groups)
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// All users, for the start page.
pub(super) async fn all(db: impl SqliteExecutor<'_>) -> Result<Vec<User>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, username, domain, domain_optional, may_issue, groups FROM users ORDER BY id",
    )
    .fetch_all(db)
    .await
}

pub(super) async fn by_id(
    db: impl SqliteExecutor<'_>,
    id: i64,
) -> Result<Option<User>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, username, domain, domain_optional, may_issue, groups FROM users WHERE id = ?",
    )
    .bind(id)
    .fetch_optional(db)
    .await
}

/// Where the user signs in; this decides how the domain is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// The RA API: the domain must be the user's own.
    Api,
    /// The sign-in page: a login request without `Domain` accepts users of any domain.
    Page,
}

/// The user with this name and password, if the domain is acceptable there.
pub(super) async fn check(
    db: impl SqliteExecutor<'_>,
    door: Door,
    (username, password): (&str, &str),
    domain: Option<&str>,
) -> Result<Option<User>, sqlx::Error> {
    let found = sqlx::query("SELECT * FROM users WHERE username = ?")
        .bind(username.trim())
        .fetch_optional(db)
        .await?;
    let Some(row) = found else {
        matches(password, NOBODY);
        return Ok(None);
    };
    let right = matches(password, row.try_get("password_hash")?);
    let user = User::from_row(&row)?;
    Ok((right && user.belongs_to(domain, door)).then_some(user))
}

impl User {
    fn belongs_to(&self, domain: Option<&str>, door: Door) -> bool {
        match (&self.domain, domain) {
            (Some(own), Some(named)) => own.eq_ignore_ascii_case(named),
            (Some(_), None) => door == Door::Page || self.domain_optional,
            (None, named) => named.is_none(),
        }
    }

    pub(super) fn groups(&self) -> Vec<i64> {
        serde_json::from_str(&self.groups).unwrap_or_default()
    }
}

/// Argon2 at its lowest cost: the demo passwords are public, and tests sign in
/// thousands of times. The stored hash still cannot be used as a password.
fn argon2() -> Argon2<'static> {
    let cheap = Params::new(256, 1, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, cheap)
}

fn hash(password: &str) -> Result<String, AddUserError> {
    let salt = secrets::random::<16>().map_err(|error| AddUserError::Hash(error.to_string()))?;
    let salt =
        SaltString::encode_b64(&salt).map_err(|error| AddUserError::Hash(error.to_string()))?;
    argon2()
        .hash_password(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| AddUserError::Hash(error.to_string()))
}

fn matches(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_for_unknown_users_matches_no_password() {
        assert!(PasswordHash::new(NOBODY).is_ok());
        assert!(!matches("", NOBODY));
    }

    #[test]
    fn a_password_matches_its_own_hash_only() {
        let stored = hash("correct").unwrap();
        assert!(matches("correct", &stored));
        assert!(!matches("wrong", &stored));
    }
}
