//! How far the webhook's receiver has been told: the number of an audit entry. The audit
//! is written with every step, in one order for all nodes, so nothing else has to be.

use sqlx::AnyConnection;

use super::StorageError;
use crate::domain::millis::Millis;

/// Reserves the deliveries for this node until `until`, unless another node has reserved
/// them. Returns the last entry that was delivered; at the first call that is the newest
/// one, because what happened before is not delivered.
pub async fn hold(
    conn: &mut AnyConnection,
    until: Millis,
    now: Millis,
) -> Result<Option<i64>, StorageError> {
    sqlx::query(
        "INSERT INTO webhook (id, told, held_until) SELECT 1, seq, 0 FROM audit_head \
         WHERE TRUE ON CONFLICT (id) DO NOTHING",
    )
    .execute(&mut *conn)
    .await?;
    let sql = "UPDATE webhook SET held_until = $1 WHERE held_until <= $2 RETURNING told";
    let told = sqlx::query_scalar(sql)
        .bind(until.0)
        .bind(now.0)
        .fetch_optional(conn)
        .await?;
    Ok(told)
}

/// Records that all entries up to `told` were delivered, and extends the reservation to
/// `until`.
pub async fn note(conn: &mut AnyConnection, told: i64, until: Millis) -> Result<(), StorageError> {
    sqlx::query("UPDATE webhook SET told = $1, held_until = $2 WHERE told <= $1")
        .bind(told)
        .bind(until.0)
        .execute(conn)
        .await?;
    Ok(())
}
