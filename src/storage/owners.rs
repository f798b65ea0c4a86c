//! Owners of issuances and certificates: one per connection and login name.

use sqlx::AnyConnection;

use super::StorageError;
use super::login_name::normalised;
use crate::domain::millis::Millis;

/// The id of the owner with this login name, created with `new_id` if there is
/// none. Names that differ only in case, surrounding blanks or Unicode
/// composition are the same owner.
///
/// # Errors
/// [`StorageError::Reference`] if the connection does not exist.
pub async fn find_or_create(
    conn: &mut AnyConnection,
    connection_id: &str,
    login: &str,
    new_id: &str,
    now: Millis,
) -> Result<String, StorageError> {
    let name = normalised(login);
    let known = find(conn, connection_id, &name).await?;
    if let Some(id) = known {
        return Ok(id);
    }
    let done = sqlx::query(
        "INSERT INTO owners (id, connection_id, login, shown, created_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (connection_id, login) DO NOTHING",
    )
    .bind(new_id)
    .bind(connection_id)
    .bind(&name)
    .bind(login.trim())
    .bind(now.0)
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 1 {
        return Ok(new_id.to_owned());
    }
    // Another node created it first and has committed: the insert waited for
    // that.
    let theirs = find(conn, connection_id, &name).await?;
    theirs.ok_or_else(|| StorageError::Corrupt {
        table: "owners",
        id: new_id.to_owned(),
    })
}

async fn find(
    conn: &mut AnyConnection,
    connection_id: &str,
    name: &str,
) -> Result<Option<String>, StorageError> {
    let id = sqlx::query_scalar("SELECT id FROM owners WHERE connection_id = $1 AND login = $2")
        .bind(connection_id)
        .bind(name)
        .fetch_optional(conn)
        .await?;
    Ok(id)
}

/// The login name of the owner with this id, as first written.
///
/// # Errors
/// [`StorageError::Corrupt`] if there is no such owner.
pub async fn login_of(conn: &mut AnyConnection, id: &str) -> Result<String, StorageError> {
    let login = sqlx::query_scalar("SELECT shown FROM owners WHERE id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await?;
    login.ok_or_else(|| StorageError::Corrupt {
        table: "owners",
        id: id.to_owned(),
    })
}
