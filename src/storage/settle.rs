//! The settings of every new connection: durability, limits, write access.

use std::time::Duration;

use sqlx::{AnyConnection, AssertSqlSafe};

/// Makes commits durable even if the server's default is not. No statement
/// waits longer than five seconds for locks (`lock_timeout` would apply to each
/// lock of a queue separately) or for a node that stopped in the middle of a
/// transaction.
pub(super) async fn settle_postgres(conn: &mut AnyConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(
        "SET statement_timeout = '5s'; SET idle_in_transaction_session_timeout = '10s'; \
         SELECT set_config('synchronous_commit', 'on', false) \
         WHERE current_setting('synchronous_commit') = 'off'",
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn settle_reader(conn: &mut AnyConnection) -> Result<(), sqlx::Error> {
    settle_sqlite(conn, Duration::from_secs(5)).await?;
    // Writes go through `Storage::write` only.
    sqlx::raw_sql("PRAGMA query_only = ON")
        .execute(conn)
        .await?;
    Ok(())
}

/// Sets what durability depends on, and checks that SQLite accepted it.
pub(super) async fn settle_sqlite(
    conn: &mut AnyConnection,
    busy: Duration,
) -> Result<(), sqlx::Error> {
    let sql = format!(
        "PRAGMA busy_timeout = {}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         PRAGMA foreign_keys = ON",
        busy.as_millis()
    );
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut *conn)
        .await?;
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(&mut *conn)
        .await?;
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous")
        .fetch_one(&mut *conn)
        .await?;
    let foreign_keys: i64 = sqlx::query_scalar("PRAGMA foreign_keys")
        .fetch_one(&mut *conn)
        .await?;
    let patience: i64 = sqlx::query_scalar("PRAGMA busy_timeout")
        .fetch_one(conn)
        .await?;
    let taken = (journal.as_str(), synchronous, foreign_keys) == ("wal", 2, 1);
    if taken && u128::try_from(patience) == Ok(busy.as_millis()) {
        return Ok(());
    }
    Err(sqlx::Error::Configuration(
        format!(
            "SQLite did not take its settings: journal_mode {journal}, \
             synchronous {synchronous}, foreign_keys {foreign_keys}, busy_timeout {patience}"
        )
        .into(),
    ))
}
