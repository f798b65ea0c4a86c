//! The previous shared keys of connections, whose time is over.

use sqlx::{AnyConnection, AssertSqlSafe};

use super::StorageError;
use super::connections::SEALED;
use super::one_row::OneRow as _;
use super::row::Fields;
use super::seal::KeyRing;
use crate::domain::millis::Millis;

/// Drops the previous keys that are no longer accepted. Returns the slugs of their
/// connections. A row that was changed past the portal is left as it is.
pub async fn drop_all(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    now: Millis,
) -> Result<Vec<String>, StorageError> {
    let lapsed = SEALED.select() + " WHERE second_key_until <= $1";
    let rows = sqlx::query(AssertSqlSafe(lapsed))
        .bind(now.0)
        .fetch_all(&mut *conn)
        .await?;
    let mut slugs = Vec::new();
    for row in rows.iter().filter(|row| SEALED.holds(keys, row)) {
        let fields = Fields::new(row, SEALED.name, "id");
        let done = sqlx::query(
            "UPDATE connections SET second_key = NULL, second_key_set_at = NULL, \
             second_key_until = NULL WHERE id = $1 AND second_key_until <= $2",
        )
        .bind(fields.id())
        .bind(now.0)
        .changes_one(&mut *conn)
        .await?;
        if done {
            SEALED.seal(conn, keys, fields.id()).await?;
            slugs.push(fields.text("slug")?);
        }
    }
    Ok(slugs)
}
