//! What a worker of a run writes. Each statement asks for its lease: whoever lost it changes
//! nothing any more.

use sqlx::AnyConnection;

use crate::domain::millis::Millis;
use crate::domain::run::{Hold, RunState, Skip};
use crate::storage::issuances::Lease;
use crate::storage::one_row::OneRow as _;
use crate::storage::{Storage, StorageError};

/// Runs that nobody works on although somebody should, at most 20.
pub async fn claimable(storage: &Storage, now: Millis) -> Result<Vec<String>, StorageError> {
    let sql = "SELECT id FROM runs WHERE state = 'working' AND lease_until <= $1 \
        ORDER BY lease_until LIMIT 20";
    let ids = sqlx::query_scalar(sql).bind(now.0);
    Ok(ids.fetch_all(storage.pool()).await?)
}

/// Takes a run to work on it. Returns whether this caller got it.
pub async fn claim(
    conn: &mut AnyConnection,
    id: &str,
    lease: &Lease,
    now: Millis,
) -> Result<bool, StorageError> {
    sqlx::query(
        "UPDATE runs SET lease_holder = $1, lease_until = $2, version = version + 1 \
         WHERE id = $3 AND state = 'working' AND lease_until <= $4",
    )
    .bind(&lease.holder)
    .bind(lease.until.0)
    .bind(id)
    .bind(now.0)
    .changes_one(conn)
    .await
}

/// Extends the lease. Returns whether it is still this holder's.
pub async fn extend(
    conn: &mut AnyConnection,
    id: &str,
    lease: &Lease,
) -> Result<bool, StorageError> {
    sqlx::query("UPDATE runs SET lease_until = $1 WHERE id = $2 AND lease_holder = $3")
        .bind(lease.until.0)
        .bind(id)
        .bind(&lease.holder)
        .changes_one(conn)
        .await
}

/// Gives a run back.
pub async fn release(conn: &mut AnyConnection, id: &str, holder: &str) -> Result<(), StorageError> {
    sqlx::query(
        "UPDATE runs SET lease_holder = NULL, lease_until = 0 WHERE id = $1 AND lease_holder = $2",
    )
    .bind(id)
    .bind(holder)
    .execute(conn)
    .await?;
    Ok(())
}

/// Remembers that a line was ordered, and as which issuance. From then on the issuance has
/// what is personal.
pub async fn took(
    conn: &mut AnyConnection,
    (run_id, holder): (&str, &str),
    position: i64,
    issuance_id: &str,
) -> Result<bool, StorageError> {
    sqlx::query(
        "UPDATE run_lines SET state = 'begun', issuance_id = $1, answers = NULL, holder = '' \
         WHERE run_id = $2 AND position = $3 AND state = 'waiting' \
         AND EXISTS (SELECT 1 FROM runs WHERE id = $2 AND lease_holder = $4)",
    )
    .bind(issuance_id)
    .bind(run_id)
    .bind(position)
    .bind(holder)
    .changes_one(conn)
    .await
}

/// Leaves a line out.
pub async fn leave_out(
    conn: &mut AnyConnection,
    (run_id, holder): (&str, &str),
    position: i64,
    why: Skip,
) -> Result<bool, StorageError> {
    sqlx::query(
        "UPDATE run_lines SET state = 'skipped', skip = $1, answers = NULL \
         WHERE run_id = $2 AND position = $3 AND state = 'waiting' \
         AND EXISTS (SELECT 1 FROM runs WHERE id = $2 AND lease_holder = $4)",
    )
    .bind(why.as_str())
    .bind(run_id)
    .bind(position)
    .bind(holder)
    .changes_one(conn)
    .await
}

/// Pauses a run that its worker cannot go on with.
pub async fn hold(
    conn: &mut AnyConnection,
    (run_id, holder): (&str, &str),
    why: Hold,
    now: Millis,
) -> Result<(), StorageError> {
    sqlx::query(
        "UPDATE runs SET state = 'paused', hold = $1, updated_at = $2 \
         WHERE id = $3 AND lease_holder = $4 AND state = 'working'",
    )
    .bind(why.as_str())
    .bind(now.0)
    .bind(run_id)
    .bind(holder)
    .execute(conn)
    .await?;
    Ok(())
}

/// Says what a run that goes on waits for, or that it waits no more.
pub async fn note_hold(
    conn: &mut AnyConnection,
    (run_id, holder): (&str, &str),
    why: Option<Hold>,
    now: Millis,
) -> Result<(), StorageError> {
    sqlx::query(
        "UPDATE runs SET hold = $1, updated_at = $2 \
         WHERE id = $3 AND lease_holder = $4 AND state = 'working'",
    )
    .bind(why.map(Hold::as_str))
    .bind(now.0)
    .bind(run_id)
    .bind(holder)
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends a run of which no line waits.
pub async fn finish(
    conn: &mut AnyConnection,
    (run_id, holder): (&str, &str),
    now: Millis,
) -> Result<bool, StorageError> {
    sqlx::query(
        "UPDATE runs SET state = $1, hold = NULL, updated_at = $2, ended_at = $2, \
         lease_holder = NULL, lease_until = 0 \
         WHERE id = $3 AND lease_holder = $4 AND state = 'working' AND NOT EXISTS \
         (SELECT 1 FROM run_lines WHERE run_id = $3 AND state = 'waiting')",
    )
    .bind(RunState::Done.as_str())
    .bind(now.0)
    .bind(run_id)
    .bind(holder)
    .changes_one(conn)
    .await
}
