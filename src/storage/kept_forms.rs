//! Forms kept for their owner, sealed so that nobody else can read them.

use sqlx::AnyConnection;

use super::row::Fields;
use super::{Storage, StorageError};
use crate::domain::millis::Millis;

/// How many places are kept per owner; further ones are refused.
const AT_MOST: i64 = 16;

/// Keeps a sealed form, replacing an older one. Returns whether there was room.
pub async fn keep(
    conn: &mut AnyConnection,
    owner_id: &str,
    place: &str,
    form: &[u8],
    until: Millis,
) -> Result<bool, StorageError> {
    let others: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM kept_forms WHERE owner_id = $1 AND place <> $2")
            .bind(owner_id)
            .bind(place)
            .fetch_one(&mut *conn)
            .await?;
    if others >= AT_MOST {
        return Ok(false);
    }
    sqlx::query(
        "INSERT INTO kept_forms (owner_id, place, form, kept_until) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (owner_id, place) DO UPDATE \
         SET form = excluded.form, kept_until = excluded.kept_until",
    )
    .bind(owner_id)
    .bind(place)
    .bind(form.to_vec())
    .bind(until.0)
    .execute(conn)
    .await?;
    Ok(true)
}

/// The sealed form kept for an owner at a place, unless it has expired.
pub async fn find(
    storage: &Storage,
    owner_id: &str,
    place: &str,
    now: Millis,
) -> Result<Option<Vec<u8>>, StorageError> {
    let row = sqlx::query(
        "SELECT form FROM kept_forms WHERE owner_id = $1 AND place = $2 AND kept_until > $3",
    )
    .bind(owner_id)
    .bind(place)
    .bind(now.0)
    .fetch_optional(storage.pool())
    .await?;
    row.map(|row| Fields::with_id(&row, "kept_forms", owner_id).bytes("form"))
        .transpose()
}

/// The place of the form that was kept last for an owner, unless it has expired.
pub async fn latest_place(
    storage: &Storage,
    owner_id: &str,
    now: Millis,
) -> Result<Option<String>, StorageError> {
    let place = sqlx::query_scalar(
        "SELECT place FROM kept_forms WHERE owner_id = $1 AND kept_until > $2 \
         ORDER BY kept_until DESC, place LIMIT 1",
    )
    .bind(owner_id)
    .bind(now.0)
    .fetch_optional(storage.pool())
    .await?;
    Ok(place)
}

/// Deletes expired forms. Returns how many.
pub async fn purge(conn: &mut AnyConnection, now: Millis) -> Result<u64, StorageError> {
    let done = sqlx::query("DELETE FROM kept_forms WHERE kept_until <= $1")
        .bind(now.0)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}
