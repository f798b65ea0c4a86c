//! Local accounts: admins, officers, auditors.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};
use unicode_normalization::UnicodeNormalization as _;

use super::row::Fields;
use super::row_seal::{Column, SealedTable};
use super::seal::KeyRing;
use super::{Storage, StorageError};
use crate::domain::millis::Millis;
use crate::domain::string_enum::string_enum;

string_enum! {
    /// What an account may do. The text form is stored.
    pub enum Role as "role" {
        Admin = "admin",
        /// Sees all issuances of a connection.
        Officer = "officer",
        Auditor = "auditor",
    }
}

#[derive(Clone, PartialEq, Eq)]
pub struct Admin {
    pub id: String,
    /// Trimmed, lower case.
    pub username: String,
    pub role: Role,
    /// Argon2id, as PHC text.
    pub password_hash: String,
    pub enabled: bool,
    pub created_at: Millis,
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

/// Every column that is read is sealed.
pub(super) const SEALED: SealedTable = SealedTable {
    name: "admins",
    noun: "admin",
    known_by: "username",
    columns: &[
        Column::Text("username"),
        Column::Text("role"),
        Column::Text("password_hash"),
        Column::Integer("enabled"),
        Column::Integer("created_at"),
    ],
};

impl Admin {
    fn read(row: &AnyRow, keys: &KeyRing) -> Result<Self, StorageError> {
        let fields = Fields::new(row, "admins", "id");
        if !SEALED.holds(keys, row) {
            return Err(fields.corrupt());
        }
        Ok(Self {
            id: fields.id().to_owned(),
            username: fields.text("username")?,
            role: fields.parsed("role")?,
            password_hash: fields.text("password_hash")?,
            enabled: fields.flag("enabled")?,
            created_at: fields.millis("created_at")?,
        })
    }
}

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

/// Stores a new account; its version starts at 1.
///
/// # Errors
/// [`StorageError::Conflict`] if the user name is taken.
pub async fn insert(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    admin: &Admin,
) -> Result<(), StorageError> {
    sqlx::query(
        "INSERT INTO admins (id, username, role, password_hash, enabled, version, created_at, \
         updated_at) VALUES ($1, $2, $3, $4, $5, 1, $6, $6)",
    )
    .bind(&admin.id)
    .bind(normalised(&admin.username))
    .bind(admin.role.as_str())
    .bind(&admin.password_hash)
    .bind(i64::from(admin.enabled))
    .bind(admin.created_at.0)
    .execute(&mut *conn)
    .await?;
    SEALED.seal(conn, keys, &admin.id).await
}

/// Gives an account a new password. Returns whether the account exists.
pub async fn set_password(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    id: &str,
    password_hash: &str,
    now: Millis,
) -> Result<bool, StorageError> {
    let done = sqlx::query(
        "UPDATE admins SET password_hash = $1, version = version + 1, updated_at = $2 \
         WHERE id = $3",
    )
    .bind(password_hash)
    .bind(now.0)
    .bind(id)
    .execute(&mut *conn)
    .await?;
    let is_known = done.rows_affected() == 1;
    if is_known {
        SEALED.seal(conn, keys, id).await?;
    }
    Ok(is_known)
}

pub async fn count(storage: &Storage) -> Result<i64, StorageError> {
    let count = sqlx::query_scalar("SELECT COUNT(*) FROM admins")
        .fetch_one(storage.pool())
        .await?;
    Ok(count)
}

/// The form of a name in which accounts are found: trimmed, lower case, NFC.
fn normalised(username: &str) -> String {
    // Lower case before NFC: lowering decomposes a few letters.
    username.trim().to_lowercase().nfc().collect()
}
