//! Changes of accounts. Each seals its row anew, so the caller makes sure that the row
//! was as the portal had written it.

use sqlx::{AnyConnection, AssertSqlSafe};

use super::{Admin, Role, SEALED, TABLE, TOTP_SECRET, normalised};
use crate::domain::millis::Millis;
use crate::domain::secret::Secret;
use crate::storage::StorageError;
use crate::storage::one_row::OneRow as _;
use crate::storage::seal::KeyRing;

/// What an admin decides about an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub role: Role,
    /// Ids of an officer's connections.
    pub connections: Vec<String>,
    pub enabled: bool,
}

type Query = sqlx::query::Query<'static, sqlx::Any, sqlx::any::AnyArguments>;

/// Runs an update of one account and seals the row. Returns whether it exists.
async fn update(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    id: &str,
    query: Query,
) -> Result<bool, StorageError> {
    let is_known = query.changes_one(&mut *conn).await?;
    if is_known {
        SEALED.seal(conn, keys, id).await?;
    }
    Ok(is_known)
}

/// A list as it is stored: NULL if it is empty.
fn stored(list: &[String]) -> Option<String> {
    (!list.is_empty()).then(|| serde_json::json!(list).to_string())
}

fn sealed(keys: &KeyRing, id: &str, secret: &Secret) -> Result<Vec<u8>, StorageError> {
    let plain = secret.expose().as_bytes();
    Ok(keys.seal(TABLE, TABLE, id, TOTP_SECRET, plain)?)
}

/// Stores a new account; its version starts at 1. A second factor comes later.
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
         updated_at, connections) VALUES ($1, $2, $3, $4, $5, 1, $6, $6, $7)",
    )
    .bind(&admin.id)
    .bind(normalised(&admin.username))
    .bind(admin.role.as_str())
    .bind(&admin.password_hash)
    .bind(i64::from(admin.enabled))
    .bind(admin.created_at.0)
    .bind(stored(&admin.connections))
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
    let query = sqlx::query(
        "UPDATE admins SET password_hash = $1, version = version + 1, updated_at = $2 \
         WHERE id = $3",
    )
    .bind(password_hash.to_owned())
    .bind(now.0)
    .bind(id.to_owned());
    update(conn, keys, id, query).await
}

/// Gives an account another second factor with its recovery codes, or takes it away.
/// Returns whether the account exists.
pub async fn set_second_factor(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    id: &str,
    factor: Option<(&Secret, &[String])>,
    now: Millis,
) -> Result<bool, StorageError> {
    let secret = factor.map(|(secret, _)| sealed(keys, id, secret));
    let query = sqlx::query(
        "UPDATE admins SET totp_secret = $1, totp_last_step = NULL, recovery_codes = $2, \
         version = version + 1, updated_at = $3 WHERE id = $4",
    )
    .bind(secret.transpose()?)
    .bind(factor.and_then(|(_, codes)| stored(codes)))
    .bind(now.0)
    .bind(id.to_owned());
    update(conn, keys, id, query).await
}

/// Replaces the hashes of the recovery codes, if they are still `before`: of two
/// transactions that use up one code only one succeeds. The account is of the same version
/// then: its sessions go on.
pub async fn set_recovery_codes(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    id: &str,
    [before, after]: [&[String]; 2],
    now: Millis,
) -> Result<bool, StorageError> {
    let query = sqlx::query(
        "UPDATE admins SET recovery_codes = $1, updated_at = $2 \
         WHERE id = $3 AND COALESCE(recovery_codes, '') = $4",
    )
    .bind(stored(after))
    .bind(now.0)
    .bind(id.to_owned())
    .bind(stored(before).unwrap_or_default());
    update(conn, keys, id, query).await
}

/// Uses up the code of a time step. Returns `false` if that one or a later one was used
/// before.
pub async fn use_totp_step(
    conn: &mut AnyConnection,
    id: &str,
    step: i64,
) -> Result<bool, StorageError> {
    sqlx::query(
        "UPDATE admins SET totp_last_step = $1 \
         WHERE id = $2 AND (totp_last_step IS NULL OR totp_last_step < $1)",
    )
    .bind(step)
    .bind(id.to_owned())
    .changes_one(conn)
    .await
}

/// Notes a sign-in, if the account is enabled and still at the version that was looked at.
/// Returns whether it is.
pub async fn note_sign_in(
    conn: &mut AnyConnection,
    id: &str,
    version: i64,
    now: Millis,
) -> Result<bool, StorageError> {
    sqlx::query(
        "UPDATE admins SET last_sign_in_at = $1 WHERE id = $2 AND version = $3 AND enabled = 1",
    )
    .bind(now.0)
    .bind(id.to_owned())
    .bind(version)
    .changes_one(conn)
    .await
}

/// Whether the account is enabled and still at this version; nobody changes it before this
/// transaction ends.
pub async fn stands(
    conn: &mut AnyConnection,
    id: &str,
    version: i64,
) -> Result<bool, StorageError> {
    sqlx::query(
        "UPDATE admins SET version = version WHERE id = $1 AND version = $2 AND enabled = 1",
    )
    .bind(id.to_owned())
    .bind(version)
    .changes_one(conn)
    .await
}

/// Changes role, connections and whether the account is enabled. Returns whether the
/// account exists.
pub async fn set_standing(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    id: &str,
    standing: &Standing,
    now: Millis,
) -> Result<bool, StorageError> {
    let query = sqlx::query(
        "UPDATE admins SET role = $1, connections = $2, enabled = $3, version = version + 1, \
         updated_at = $4 WHERE id = $5",
    )
    .bind(standing.role.as_str())
    .bind(stored(&standing.connections))
    .bind(i64::from(standing.enabled))
    .bind(now.0)
    .bind(id.to_owned());
    update(conn, keys, id, query).await
}

/// Writes the whole row anew, whatever it says now: for one that was changed past the
/// portal. The second factor is gone then. Returns whether the account exists.
pub async fn write_anew(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    admin: &Admin,
) -> Result<bool, StorageError> {
    let query = sqlx::query(
        "UPDATE admins SET role = $1, password_hash = $2, enabled = $3, connections = $4, \
         totp_secret = NULL, totp_last_step = NULL, recovery_codes = NULL, \
         audit_seq = NULL, audit_hash = NULL, version = version + 1, created_at = $5, \
         updated_at = $5 WHERE id = $6",
    )
    .bind(admin.role.as_str())
    .bind(admin.password_hash.clone())
    .bind(i64::from(admin.enabled))
    .bind(stored(&admin.connections))
    .bind(admin.created_at.0)
    .bind(admin.id.clone());
    update(conn, keys, &admin.id, query).await
}

/// Returns whether the account existed.
pub async fn delete(conn: &mut AnyConnection, id: &str) -> Result<bool, StorageError> {
    sqlx::query("DELETE FROM admins WHERE id = $1")
        .bind(id.to_owned())
        .changes_one(conn)
        .await
}

/// Seals the secret of the second factor and the row anew with the current key. Returns
/// whether another had sealed the row.
///
/// # Errors
/// [`StorageError::Corrupt`] if the row was changed past the portal.
pub(in crate::storage) async fn reseal(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    id: &str,
) -> Result<bool, StorageError> {
    let row = sqlx::query(AssertSqlSafe(SEALED.select() + " WHERE id = $1"))
        .bind(id.to_owned())
        .fetch_one(&mut *conn)
        .await?;
    if let Some(secret) = Admin::read(&row, keys)?.totp_secret {
        let query = sqlx::query("UPDATE admins SET totp_secret = $1 WHERE id = $2")
            .bind(sealed(keys, id, &secret)?)
            .bind(id.to_owned());
        return update(conn, keys, id, query).await;
    }
    SEALED.reseal(conn, keys, id).await
}
