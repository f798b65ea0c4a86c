//! What a run's worker writes. Every statement checks the lease: a worker that lost it
//! changes nothing.

use sqlx::AnyConnection;

use crate::domain::millis::Millis;
use crate::domain::run::{Hold, RunState, Skip};
use crate::storage::issuances::Lease;
use crate::storage::one_row::OneRow as _;
use crate::storage::{Storage, StorageError};

/// A run, and the name of the lease under which it is worked on.
#[derive(Debug, Clone)]
pub struct Held {
    pub run_id: String,
    pub holder: String,
}

/// One line of such a run.
#[derive(Debug, Clone)]
pub struct HeldLine {
    pub run: Held,
    pub position: i64,
}

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
    run: &Held,
    until: Millis,
) -> Result<bool, StorageError> {
    sqlx::query("UPDATE runs SET lease_until = $1 WHERE id = $2 AND lease_holder = $3")
        .bind(until.0)
        .bind(&run.run_id)
        .bind(&run.holder)
        .changes_one(conn)
        .await
}

/// Gives a run back.
pub async fn release(conn: &mut AnyConnection, run: &Held) -> Result<bool, StorageError> {
    sqlx::query(
        "UPDATE runs SET lease_holder = NULL, lease_until = 0 WHERE id = $1 AND lease_holder = $2",
    )
    .bind(&run.run_id)
    .bind(&run.holder)
    .changes_one(conn)
    .await
}

/// Notes that a waiting line was ordered as this issuance, which has the holder's data from
/// now on: the line forgets them. Returns whether it did.
pub async fn took(
    conn: &mut AnyConnection,
    line: &HeldLine,
    issuance_id: &str,
) -> Result<bool, StorageError> {
    sqlx::query(
        "UPDATE run_lines SET state = 'begun', issuance_id = $1, answers = NULL, holder = '' \
         WHERE run_id = $2 AND position = $3 AND state = 'waiting' \
         AND EXISTS (SELECT 1 FROM runs WHERE id = $2 AND lease_holder = $4)",
    )
    .bind(issuance_id)
    .bind(&line.run.run_id)
    .bind(line.position)
    .bind(&line.run.holder)
    .changes_one(conn)
    .await
}

/// Leaves a waiting line out. Returns whether it did.
pub async fn leave_out(
    conn: &mut AnyConnection,
    line: &HeldLine,
    why: Skip,
) -> Result<bool, StorageError> {
    sqlx::query(
        "UPDATE run_lines SET state = 'skipped', skip = $1, answers = NULL \
         WHERE run_id = $2 AND position = $3 AND state = 'waiting' \
         AND EXISTS (SELECT 1 FROM runs WHERE id = $2 AND lease_holder = $4)",
    )
    .bind(why.as_str())
    .bind(&line.run.run_id)
    .bind(line.position)
    .bind(&line.run.holder)
    .changes_one(conn)
    .await
}

/// Says what keeps a run that was working: it is paused for that, or, still `working`, goes
/// on by itself. Returns whether it was working.
pub async fn hold(
    conn: &mut AnyConnection,
    run: &Held,
    (state, why): (RunState, Option<Hold>),
    now: Millis,
) -> Result<bool, StorageError> {
    sqlx::query(
        "UPDATE runs SET state = $1, hold = $2, updated_at = $3 \
         WHERE id = $4 AND lease_holder = $5 AND state = 'working'",
    )
    .bind(state.as_str())
    .bind(why.map(Hold::as_str))
    .bind(now.0)
    .bind(&run.run_id)
    .bind(&run.holder)
    .changes_one(conn)
    .await
}

/// Ends a run of which no line waits. Returns whether it did.
pub async fn finish(
    conn: &mut AnyConnection,
    run: &Held,
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
    .bind(&run.run_id)
    .bind(&run.holder)
    .changes_one(conn)
    .await
}
