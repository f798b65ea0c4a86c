//! Whether a database is one that the portal can work with, asked before anything else:
//! PostgreSQL in the simple protocol, because a pooler may break the other; of SQLite the
//! file, before it is switched to WAL.

use std::path::Path;

use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, AssertSqlSafe, Connection as _, Executor, Row as _};
use tokio::time::timeout;

use super::files::{beside, is_filled};
use super::reads::{ANSWER, acquire, no_answer};
use super::running::{with_wal, without_wal};
use super::{Engine, StorageError};

/// The table of the migrations that were run.
pub(super) const MIGRATIONS: &str = "_sqlx_migrations";

/// The tables by which a portal's database is known: other programs may have some of them,
/// none has all.
const TELLING: [&str; 3] = ["meta", "audit_head", MIGRATIONS];

/// Litestream keeps its tables in the file that it copies, maybe before there are others.
const OF_LITESTREAM: &str = "_litestream_";

/// Whose database it is, as its tables say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// New, or begun: the first migration makes all tables at once, after the one that lists
    /// the migrations.
    Nobodys,
    Portals,
    /// Of a program that has a table of the same name: this one.
    Others(&'static str),
}

impl Whose {
    pub(super) fn of(tables: &[String]) -> Self {
        let has = |name: &&str| tables.iter().any(|table| table == name);
        let found = TELLING.iter().filter(|name| has(name)).count();
        let unlike_others = TELLING
            .into_iter()
            .find(|name| *name != MIGRATIONS && has(name));
        match unlike_others {
            None => Self::Nobodys,
            Some(_) if found == TELLING.len() => Self::Portals,
            Some(table) => Self::Others(table),
        }
    }
}

/// The names of all tables of the database, in the connection's schema.
pub(super) async fn tables<'c, E>(executor: E, engine: Engine) -> Result<Vec<String>, StorageError>
where
    E: Executor<'c, Database = Any>,
{
    let sql = match engine {
        Engine::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        }
        Engine::Postgres => {
            "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema()"
        }
    };
    Ok(sqlx::query_scalar(sql).fetch_all(executor).await?)
}

/// Refuses a SQLite file in which another program keeps its tables: on SQLite each program
/// has a file of its own. What cannot be read is told by whatever opens the file to work.
pub(super) async fn refuse_foreign(file: &Path) -> Result<(), StorageError> {
    match foreign_table(file).await {
        Ok(Some(table)) => Err(StorageError::of_another_program(&table, "file").in_file(file)),
        Ok(None) | Err(_) => Ok(()),
    }
}

/// A table or view in a file that never was a portal's. One whose first start was killed has
/// the table of migrations only.
async fn foreign_table(file: &Path) -> Result<Option<String>, StorageError> {
    // While a program runs, or after a kill, some of its tables may be in the `-wal` only.
    let mut conn = match is_filled(&beside(file, "-wal")) {
        true => with_wal(file).await?,
        false => without_wal(file).await?,
    };
    let names = sqlx::query_scalar(
        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') \
         AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name",
    );
    let names = names.fetch_all(&mut conn).await;
    conn.close().await?;
    let names: Vec<String> = names?;
    if Whose::of(&names) == Whose::Portals {
        return Ok(None);
    }
    let is_foreign = |name: &String| name != MIGRATIONS && !name.starts_with(OF_LITESTREAM);
    Ok(names.into_iter().find(is_foreign))
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
    let sql = format!(
        "WITH portals AS (SELECT schemaname FROM pg_tables WHERE tablename IN ('{}') \
         GROUP BY schemaname HAVING COUNT(*) = {}) \
         SELECT current_setting('server_encoding') AS encoding, \
         CAST(current_schema() AS TEXT) AS here, \
         (SELECT MIN(CAST(schemaname AS TEXT)) FROM portals \
          WHERE current_schema() NOT IN (SELECT schemaname FROM portals) \
          AND 'rubrica_restoring' NOT IN (schemaname, current_schema())) AS elsewhere",
        TELLING.join("', '"),
        TELLING.len()
    );
    let row = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_one(conn).await?;
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
