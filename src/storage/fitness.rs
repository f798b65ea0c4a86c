//! Whether a database is one that the portal can work with, asked before anything else:
//! PostgreSQL in the simple protocol, because a pooler may break the other; of SQLite the
//! file, before it is switched to WAL.

use std::path::Path;

use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, Connection as _, Row as _};
use tokio::time::timeout;

use super::StorageError;
use super::files::{beside, is_filled};
use super::reads::{ANSWER, acquire, no_answer};
use super::running::{with_wal, without_wal};

/// Refuses a SQLite file in which another program keeps its tables: on SQLite each program
/// has a file of its own. What cannot be read is told by whatever opens the file to work.
pub(super) async fn refuse_foreign(file: &Path) -> Result<(), StorageError> {
    match foreign_table(file).await {
        Ok(Some(table)) => Err(StorageError::of_another_program(&table, "file").in_file(file)),
        Ok(None) | Err(_) => Ok(()),
    }
}

/// A table or view in a file that never was a portal's, which has `_sqlx_migrations` and
/// `meta`, as those of other programs may, and `audit_head`; only the first if its first start
/// was killed. Tables of tools that copy databases begin with an underscore.
async fn foreign_table(file: &Path) -> Result<Option<String>, StorageError> {
    // While a program runs, or after a kill, some of its tables may be in the `-wal` only.
    let mut conn = match is_filled(&beside(file, "-wal")) {
        true => with_wal(file).await?,
        false => without_wal(file).await?,
    };
    let table = sqlx::query_scalar(
        "SELECT MIN(name) FROM sqlite_master WHERE type IN ('table', 'view') \
         AND substr(name, 1, 1) <> '_' AND substr(name, 1, 7) <> 'sqlite_' \
         AND (SELECT COUNT(*) FROM sqlite_master \
         WHERE type = 'table' AND name IN ('meta', 'audit_head', '_sqlx_migrations')) < 3",
    );
    let table = table.fetch_one(&mut conn).await;
    conn.close().await?;
    Ok(table?)
}

/// Refuses a database in which some names could not be stored, one whose tables are out of
/// sight, and a pooler that lends its connections for one transaction only.
pub(super) async fn check(pool: &AnyPool) -> Result<(), StorageError> {
    let (mut one, mut other) = (acquire(pool).await?, acquire(pool).await?);
    let asked = async {
        holds_all(&mut one).await?;
        keeps_its_connections(&mut one, &mut other).await
    };
    timeout(ANSWER, asked)
        .await
        .unwrap_or_else(|_| Err(no_answer().into()))
}

async fn holds_all(conn: &mut AnyConnection) -> Result<(), StorageError> {
    let row = sqlx::raw_sql(
        "SELECT current_setting('server_encoding') AS encoding, \
         CAST(current_schema() AS TEXT) AS here, \
         (SELECT MIN(CAST(schemaname AS TEXT)) FROM pg_tables there \
          WHERE tablename = 'meta' AND schemaname IS DISTINCT FROM current_schema() \
          AND 'rubrica_restoring' NOT IN (schemaname, COALESCE(current_schema(), '')) \
          AND EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = there.schemaname \
          AND tablename = '_sqlx_migrations') \
          AND NOT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = current_schema() \
          AND tablename = 'meta')) AS elsewhere",
    )
    .fetch_one(conn)
    .await?;
    let encoding: String = row.try_get("encoding")?;
    if encoding != "UTF8" {
        return Err(StorageError::Unfit(format!(
            "its encoding is {encoding}, which cannot hold every name; create it with \
             ENCODING 'UTF8' TEMPLATE template0"
        )));
    }
    let here: Option<String> = row.try_get("here")?;
    let Some(here) = here else {
        return Err(StorageError::Unfit(
            "the search_path of its account names no schema that exists".to_owned(),
        ));
    };
    match row.try_get::<Option<String>, _>("elsewhere")? {
        None => Ok(()),
        Some(elsewhere) => Err(StorageError::Unfit(format!(
            "the portal's tables are in schema {elsewhere}, but the search_path of its account \
             leads to {here} first"
        ))),
    }
}

/// Two sessions never have the same process of the server, and a session always has the
/// same one; unless a pooler stands between.
async fn keeps_its_connections(
    one: &mut PoolConnection<Any>,
    other: &mut PoolConnection<Any>,
) -> Result<(), StorageError> {
    let first = process_of(one).await?;
    let mut busy = other.begin().await?;
    let is_lent = process_of(&mut busy).await? == first || process_of(one).await? != first;
    busy.rollback().await?;
    if is_lent {
        return Err(StorageError::Unfit(
            "a pooler stands before it that lends connections for one transaction (PgBouncer's \
             pool_mode = transaction); use pool_mode = session, or go past it"
                .to_owned(),
        ));
    }
    Ok(())
}

async fn process_of(conn: &mut AnyConnection) -> Result<i32, StorageError> {
    let row = sqlx::raw_sql("SELECT pg_backend_pid() AS process")
        .fetch_one(conn)
        .await?;
    Ok(row.try_get("process")?)
}
