//! What has happened since a time, counted for administrators.

use sqlx::AssertSqlSafe;

use super::{Storage, StorageError};
use crate::domain::issuance::State;
use crate::domain::millis::Millis;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Day {
    /// Sign-ins of users.
    pub sign_ins: i64,
    pub issued: i64,
    pub refused: i64,
    /// Requests whose outcome is not known now, whenever they were sent.
    pub unknown: i64,
}

pub async fn day(storage: &Storage, since: Millis) -> Result<Day, StorageError> {
    let settled = |state: State| {
        format!(
            "SELECT COUNT(*) FROM issuances WHERE updated_at >= $1 AND erased_at IS NULL \
             AND state = '{state}'"
        )
    };
    Ok(Day {
        sign_ins: count(
            storage,
            "SELECT COUNT(*) FROM sign_ins WHERE created_at >= $1",
            since,
        )
        .await?,
        issued: count(storage, &settled(State::Issued), since).await?,
        refused: count(storage, &settled(State::Refused), since).await?,
        unknown: count(
            storage,
            // As the index has them; what is not known is never erased.
            "SELECT COUNT(*) FROM issuances WHERE state = 'unknown' AND erased_at IS NULL \
             AND updated_at > $1",
            Millis(i64::MIN),
        )
        .await?,
    })
}

async fn count(storage: &Storage, sql: &str, since: Millis) -> Result<i64, StorageError> {
    let counted = sqlx::query_scalar(AssertSqlSafe(sql.to_owned()))
        .bind(since.0)
        .fetch_one(storage.pool());
    Ok(counted.await?)
}
