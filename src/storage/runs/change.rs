//! What the owner of a run does with it, and how old runs go.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::lines::{AT_ONCE, rows};
use super::story::{REFUSAL, refusal};
use crate::domain::issuance::{Refusal, State};
use crate::domain::millis::Millis;
use crate::domain::run::{Faults, RunState, Skip};
use crate::storage::one_row::OneRow as _;
use crate::storage::row::{Fields, FromRow, readable};
use crate::storage::{Storage, StorageError};

/// On whose behalf, and from where, a run goes on.
#[derive(Debug, Clone)]
pub struct Restart {
    /// The sign-in whose tokens its calls use.
    pub sign_in_id: String,
    /// An address.
    pub source: String,
    /// The request that says so.
    pub request_id: String,
}

/// Moves a run from one of these states to `working`. Returns whether this caller did.
async fn to_working(
    conn: &mut AnyConnection,
    id: &str,
    from: [RunState; 2],
    by: &Restart,
    now: Millis,
) -> Result<bool, StorageError> {
    let [one, other] = from;
    sqlx::query(
        "UPDATE runs SET state = 'working', hold = NULL, ended_at = NULL, sign_in_id = $1, \
         source = $2, request_id = $3, updated_at = $4 WHERE id = $5 AND state IN ($6, $7)",
    )
    .bind(&by.sign_in_id)
    .bind(&by.source)
    .bind(&by.request_id)
    .bind(now.0)
    .bind(id)
    .bind(one.as_str())
    .bind(other.as_str())
    .changes_one(conn)
    .await
}

/// Starts a run once, without the lines at these positions: of those stays why.
pub async fn confirm(
    conn: &mut AnyConnection,
    id: &str,
    without: &[(i64, Skip, Faults)],
    by: &Restart,
    now: Millis,
) -> Result<bool, StorageError> {
    if !to_working(conn, id, [RunState::Check; 2], by, now).await? {
        return Ok(false);
    }
    for some in without.chunks(AT_ONCE) {
        let sql = format!(
            "WITH left_out (at, why, wrong) AS (VALUES {}) \
             UPDATE run_lines SET state = 'skipped', skip = left_out.why, \
             faults = left_out.wrong, answers = NULL \
             FROM left_out WHERE run_id = $1 AND position = left_out.at",
            rows("", some.len(), 3)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(id);
        for (position, why, faults) in some {
            query = query
                .bind(*position)
                .bind(why.as_str())
                .bind(faults.to_json());
        }
        query.execute(&mut *conn).await?;
    }
    Ok(true)
}

/// Pauses a run that is being worked on.
pub async fn pause(conn: &mut AnyConnection, id: &str, now: Millis) -> Result<bool, StorageError> {
    sqlx::query(
        "UPDATE runs SET state = 'paused', hold = 'owner', updated_at = $1 \
         WHERE id = $2 AND state = 'working'",
    )
    .bind(now.0)
    .bind(id)
    .changes_one(conn)
    .await
}

/// A line that may be tried again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeat {
    pub position: i64,
    /// The issuance ended without a certificate: another one has to be made.
    pub anew: bool,
    /// Whether that may help before somebody has mended something.
    pub helps: bool,
    issuance_id: String,
}

impl FromRow for Repeat {
    fn from_row(row: &AnyRow) -> Result<Self, StorageError> {
        let fields = Fields::new(row, "run_lines", "id");
        Ok(Self {
            position: fields.integer("position")?,
            anew: fields.parsed::<State>("state")? == State::Refused,
            helps: refusal(&fields)?.is_none_or(Refusal::may_be_repeated),
            issuance_id: fields.into_id(),
        })
    }
}

/// The lines that may be tried again: what Redtrust put off or turned back, and what it
/// refused. What is not known, or is being worked on, is never among them.
pub async fn to_repeat(
    storage: &Storage,
    id: &str,
    now: Millis,
) -> Result<Vec<Repeat>, StorageError> {
    let sql = format!(
        "SELECT l.position, i.state, i.id, {REFUSAL} FROM run_lines l \
         JOIN issuances i ON i.id = l.issuance_id WHERE l.run_id = $1 AND l.state = 'begun' \
         AND i.state IN ('draft', 'key_created', 'refused') AND i.erased_at IS NULL \
         AND i.lease_until <= $2 \
         ORDER BY l.position"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(id)
        .bind(now.0)
        .fetch_all(storage.pool())
        .await?;
    Ok(readable(&rows))
}

/// Goes on with a run, and tries these lines again: each with the id of the issuance to
/// make where another one is needed. Returns whether this caller did.
pub async fn restart(
    conn: &mut AnyConnection,
    id: &str,
    again: &[(Repeat, Option<String>)],
    by: &Restart,
    now: Millis,
) -> Result<bool, StorageError> {
    if !to_working(conn, id, [RunState::Paused, RunState::Done], by, now).await? {
        return Ok(false);
    }
    for some in again.chunks(AT_ONCE) {
        // A new certificate is asked for with the answers of the refused one.
        let sql = format!(
            "WITH again (at, refused, other) AS (VALUES {}) \
             UPDATE run_lines SET state = 'waiting', issuance_id = again.other, \
             answers = CASE WHEN thumbprint IS NULL AND again.other <> again.refused \
             THEN (SELECT i.answers FROM issuances i WHERE i.id = again.refused) \
             ELSE answers END FROM again WHERE run_id = $1 AND position = again.at \
             AND state = 'begun' AND issuance_id = again.refused",
            rows("", some.len(), 3)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(id);
        for (line, new) in some {
            query = query
                .bind(line.position)
                .bind(&line.issuance_id)
                .bind(new.as_deref().unwrap_or(&line.issuance_id));
        }
        query.execute(&mut *conn).await?;
    }
    Ok(true)
}

/// Ends a paused run; the lines that wait are left out.
pub async fn stop(conn: &mut AnyConnection, id: &str, now: Millis) -> Result<bool, StorageError> {
    let done = sqlx::query(
        "UPDATE runs SET state = 'done', hold = NULL, updated_at = $1, ended_at = $1 \
         WHERE id = $2 AND state = 'paused'",
    )
    .bind(now.0)
    .bind(id)
    .changes_one(&mut *conn)
    .await?;
    if done {
        sqlx::query(
            "UPDATE run_lines SET state = 'skipped', skip = 'stopped', answers = NULL \
             WHERE run_id = $1 AND state = 'waiting'",
        )
        .bind(id)
        .execute(conn)
        .await?;
    }
    Ok(done)
}

/// Deletes a run unless its state is another one meanwhile. The issuances made from it stay.
pub(super) async fn delete(
    conn: &mut AnyConnection,
    id: &str,
    state: &str,
) -> Result<(), StorageError> {
    // From here on nobody else changes it.
    let still = sqlx::query("UPDATE runs SET state = state WHERE id = $1 AND state = $2");
    if !still.bind(id).bind(state).changes_one(&mut *conn).await? {
        return Ok(());
    }
    for sql in [
        "DELETE FROM run_lines WHERE run_id = $1",
        "DELETE FROM runs WHERE id = $1",
    ] {
        sqlx::query(sql).bind(id).execute(&mut *conn).await?;
    }
    Ok(())
}

/// Deletes some runs that nobody confirmed since `unconfirmed_before`, and some that
/// nothing happened to since `quiet_before`.
pub async fn purge(
    conn: &mut AnyConnection,
    unconfirmed_before: Millis,
    quiet_before: Millis,
) -> Result<(), StorageError> {
    let old: Vec<(String, String)> = sqlx::query_as(
        "SELECT id, state FROM runs WHERE (state = 'check' AND updated_at < $1) \
         OR (state IN ('paused', 'done') AND updated_at < $2) ORDER BY updated_at LIMIT 20",
    )
    .bind(unconfirmed_before.0)
    .bind(quiet_before.0)
    .fetch_all(&mut *conn)
    .await?;
    for (id, state) in &old {
        delete(conn, id, state).await?;
    }
    Ok(())
}
