//! Local accounts: admins, officers, auditors.

mod write;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};
use unicode_normalization::UnicodeNormalization as _;

use super::row::Fields;
use super::row_seal::{Column, SealedTable};
use super::seal::KeyRing;
use super::{Storage, StorageError};
use crate::domain::millis::Millis;
use crate::domain::secret::Secret;
use crate::domain::string_enum::string_enum;

pub(super) use write::reseal;
pub use write::{
    Standing, delete, insert, note_sign_in, set_password, set_recovery_codes, set_second_factor,
    set_standing, stands, use_totp_step, write_anew,
};

string_enum! {
    /// What an account may do. The text form is stored.
    pub enum Role as "role" {
        Admin = "admin",
        /// Sees all issuances of some connections.
        Officer = "officer",
        /// Sees what admins see, and changes nothing.
        Auditor = "auditor",
    }
}

const TABLE: &str = "admins";
const TOTP_SECRET: &str = "totp_secret";

#[derive(Clone, PartialEq, Eq)]
pub struct Admin {
    pub id: String,
    /// Trimmed, lower case.
    pub username: String,
    pub role: Role,
    /// Ids of an officer's connections.
    pub connections: Vec<String>,
    /// Argon2id, as PHC text.
    pub password_hash: String,
    /// The second factor.
    pub totp_secret: Option<Secret>,
    /// The newest time step whose code was used: none is accepted twice.
    pub totp_last_step: Option<i64>,
    /// Hashes of the codes that are left.
    pub recovery_codes: Vec<String>,
    pub enabled: bool,
    /// Grows with every change of what is sealed.
    pub version: i64,
    pub created_at: Millis,
    pub last_sign_in_at: Option<Millis>,
}

impl Admin {
    /// A new, enabled account without a second factor.
    pub fn new(id: String, username: String, role: Role, hash: String, now: Millis) -> Self {
        Self {
            id,
            username,
            role,
            connections: Vec::new(),
            password_hash: hash,
            totp_secret: None,
            totp_last_step: None,
            recovery_codes: Vec::new(),
            enabled: true,
            version: 1,
            created_at: now,
            last_sign_in_at: None,
        }
    }

    fn read(row: &AnyRow, keys: &KeyRing) -> Result<Self, StorageError> {
        let fields = Fields::new(row, TABLE, "id");
        if !SEALED.holds(keys, row) {
            return Err(fields.corrupt());
        }
        Ok(Self {
            id: fields.id().to_owned(),
            username: fields.text("username")?,
            role: fields.parsed("role")?,
            connections: fields.json_or_null("connections")?.unwrap_or_default(),
            password_hash: fields.text("password_hash")?,
            totp_secret: fields.secret_or_null(keys, TOTP_SECRET)?,
            totp_last_step: fields.integer_or_null("totp_last_step")?,
            recovery_codes: fields.json_or_null("recovery_codes")?.unwrap_or_default(),
            enabled: fields.flag("enabled")?,
            version: fields.integer("version")?,
            created_at: fields.millis("created_at")?,
            last_sign_in_at: fields.millis_or_null("last_sign_in_at")?,
        })
    }
}

impl std::fmt::Debug for Admin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Admin")
            .field("id", &self.id)
            .field("username", &self.username)
            .field("role", &self.role)
            .field("enabled", &self.enabled)
            .finish_non_exhaustive()
    }
}

/// What decides who gets in and what they may do is sealed. Two others change at every
/// sign-in, and do not need it: whoever lowers the step can only use a code again that they
/// have seen within the last two minutes, and still needs the password. The version only
/// tells whether somebody else was quicker.
pub(super) const SEALED: SealedTable = SealedTable {
    name: TABLE,
    noun: "admin",
    known_by: "username",
    columns: &[
        Column::Text("username"),
        Column::Text("role"),
        Column::Text("password_hash"),
        Column::Integer("enabled"),
        Column::Integer("created_at"),
    ],
    later: &[
        Column::Bytes(TOTP_SECRET),
        Column::Text("recovery_codes"),
        Column::Text("connections"),
    ],
    unsealed: &["version", "totp_last_step", "last_sign_in_at"],
};

/// The account with this user name; upper and lower case do not matter.
///
/// # Errors
/// [`StorageError::Corrupt`] if the row was changed past the portal.
pub async fn by_username(
    storage: &Storage,
    keys: &KeyRing,
    username: &str,
) -> Result<Option<Admin>, StorageError> {
    let sql = SEALED.select() + " WHERE username = $1";
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(normalised(username))
        .fetch_optional(storage.pool())
        .await?;
    row.map(|row| Admin::read(&row, keys)).transpose()
}

/// # Errors
/// [`StorageError::Corrupt`] if the row was changed past the portal.
pub async fn by_id(
    storage: &Storage,
    keys: &KeyRing,
    id: &str,
) -> Result<Option<Admin>, StorageError> {
    let row = sqlx::query(AssertSqlSafe(SEALED.select() + " WHERE id = $1"))
        .bind(id)
        .fetch_optional(storage.pool())
        .await?;
    row.map(|row| Admin::read(&row, keys)).transpose()
}

/// The version of the account `id`; `None` unless it is enabled.
pub async fn version_in_force(storage: &Storage, id: &str) -> Result<Option<i64>, StorageError> {
    let sql = "SELECT version FROM admins WHERE id = $1 AND enabled = 1";
    let version = sqlx::query_scalar(sql)
        .bind(id)
        .fetch_optional(storage.pool());
    Ok(version.await?)
}

/// Whether this row is of an officer who may sign in and sees this connection, and if
/// `with_factor` has a second factor. One whose row was changed past the portal is none.
pub(super) fn is_officer_of(
    row: &AnyRow,
    keys: &KeyRing,
    connection_id: &str,
    with_factor: bool,
) -> bool {
    Admin::read(row, keys).is_ok_and(|one| {
        one.role == Role::Officer
            && one.enabled
            && (one.totp_secret.is_some() || !with_factor)
            && one.connections.iter().any(|id| id == connection_id)
    })
}

/// An account in the list of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: String,
    pub username: String,
    /// `None` if its row was changed past the portal.
    pub account: Option<Admin>,
}

impl Listed {
    fn read(row: &AnyRow, keys: &KeyRing) -> Self {
        let fields = Fields::new(row, TABLE, "id");
        Self {
            id: fields.id().to_owned(),
            username: fields.text("username").unwrap_or_default(),
            account: Admin::read(row, keys).ok(),
        }
    }
}

/// All accounts, by name.
pub async fn all(storage: &Storage, keys: &KeyRing) -> Result<Vec<Listed>, StorageError> {
    let sql = SEALED.select() + " ORDER BY username";
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(storage.pool());
    Ok(rows
        .await?
        .iter()
        .map(|row| Listed::read(row, keys))
        .collect())
}

/// All accounts as this transaction sees them; other transactions that lock them wait
/// until it ends. Comes before any other lock of the transaction.
pub async fn lock_all(
    conn: &mut AnyConnection,
    keys: &KeyRing,
) -> Result<Vec<Listed>, StorageError> {
    // One row stands for all accounts, so that two transactions never wait for each
    // other's rows.
    sqlx::query("UPDATE meta SET name = name WHERE name = 'key_check'")
        .execute(&mut *conn)
        .await?;
    let rows = sqlx::query(AssertSqlSafe(SEALED.select())).fetch_all(conn);
    Ok(rows
        .await?
        .iter()
        .map(|row| Listed::read(row, keys))
        .collect())
}

pub async fn count(storage: &Storage) -> Result<i64, StorageError> {
    let count = sqlx::query_scalar("SELECT COUNT(*) FROM admins")
        .fetch_one(storage.pool())
        .await?;
    Ok(count)
}

/// The form of a name in which accounts are found: trimmed, lower case, NFC.
pub fn normalised(username: &str) -> String {
    // Lower case before NFC: lowering decomposes a few letters.
    username.trim().to_lowercase().nfc().collect()
}
