//! How much of each allowance of tries is spent, for all nodes together. A row says
//! when its allowance will be whole again; then it is as good as none.

use std::collections::HashMap;

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};

use super::one_row::OneRow as _;
use super::{Storage, StorageError};
use crate::domain::allowance::Allowance;
use crate::domain::millis::Millis;

/// Whose allowance it is: a keyed hash of an address, a name, a browser.
pub type TryId = [u8; 16];

/// How many rows there are at most.
const AT_MOST: i64 = 50_000;

/// How many of them make room for others, those of which least was spent.
const MAKE_ROOM: i64 = 5_000;

/// When the allowances with these ids will be whole again; those that are whole may be
/// missing.
pub async fn whole_at(
    storage: &Storage,
    ids: &[TryId],
) -> Result<HashMap<TryId, Millis>, StorageError> {
    let gaps: Vec<String> = (1..=ids.len()).map(|at| format!("${at}")).collect();
    let sql = format!(
        "SELECT id, whole_at FROM tries WHERE id IN ({})",
        gaps.join(", ")
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for id in ids {
        query = query.bind(id.to_vec());
    }
    let mut found = HashMap::new();
    for row in query.fetch_all(storage.pool()).await? {
        let id: Vec<u8> = row.try_get("id")?;
        if let Ok(id) = TryId::try_from(id) {
            found.insert(id, Millis(row.try_get("whole_at")?));
        }
    }
    Ok(found)
}

/// Spends one try. Returns whether there was one left.
pub async fn spend(
    conn: &mut AnyConnection,
    id: &TryId,
    allowance: Allowance,
    now: Millis,
) -> Result<bool, StorageError> {
    if spend_again(conn, id, allowance, now).await? {
        return Ok(true);
    }
    let known = sqlx::query("SELECT 1 FROM tries WHERE id = $1")
        .bind(id.to_vec())
        .fetch_optional(&mut *conn)
        .await?;
    if known.is_some() {
        // Perhaps another made the row between the two.
        return spend_again(conn, id, allowance, now).await;
    }
    make_room(conn).await?;
    let done =
        sqlx::query("INSERT INTO tries (id, whole_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING")
            .bind(id.to_vec())
            .bind((now + allowance.cost()).0)
            .changes_one(&mut *conn)
            .await?;
    if done {
        return Ok(true);
    }
    // Another node made the row a moment ago.
    spend_again(conn, id, allowance, now).await
}

/// Spends one try of an allowance that has a row. It is one statement, so that no try
/// of another node is lost.
async fn spend_again(
    conn: &mut AnyConnection,
    id: &TryId,
    allowance: Allowance,
    now: Millis,
) -> Result<bool, StorageError> {
    let cost = cost(allowance);
    sqlx::query(
        "UPDATE tries SET whole_at = CASE WHEN whole_at > $1 THEN whole_at + $2 ELSE $3 END \
         WHERE id = $4 AND whole_at <= $5",
    )
    .bind(now.0)
    .bind(cost)
    .bind((now + allowance.cost()).0)
    .bind(id.to_vec())
    .bind(allowance.latest(now).0)
    .changes_one(conn)
    .await
}

async fn make_room(conn: &mut AnyConnection) -> Result<(), StorageError> {
    let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM tries")
        .fetch_one(&mut *conn)
        .await?;
    if rows >= AT_MOST {
        sqlx::query(
            "DELETE FROM tries WHERE id IN (SELECT id FROM tries ORDER BY whole_at LIMIT $1)",
        )
        .bind(MAKE_ROOM)
        .execute(conn)
        .await?;
    }
    Ok(())
}

/// Gives one try back.
pub async fn give_back(
    conn: &mut AnyConnection,
    id: &TryId,
    allowance: Allowance,
) -> Result<(), StorageError> {
    sqlx::query("UPDATE tries SET whole_at = whole_at - $1 WHERE id = $2")
        .bind(cost(allowance))
        .bind(id.to_vec())
        .execute(conn)
        .await?;
    Ok(())
}

/// Deletes the rows of allowances that are whole again. Returns how many.
pub async fn purge(conn: &mut AnyConnection, now: Millis) -> Result<u64, StorageError> {
    let done = sqlx::query("DELETE FROM tries WHERE whole_at <= $1")
        .bind(now.0)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

fn cost(allowance: Allowance) -> i64 {
    i64::try_from(allowance.cost().as_millis()).unwrap_or(i64::MAX)
}
