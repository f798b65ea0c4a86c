//! Whether a PostgreSQL database is one that the portal can work with. Asked before
//! anything else, in the simple protocol, because a pooler may break the other.

use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, Connection as _, Row as _};
use tokio::time::timeout;

use super::StorageError;
use super::reads::{ANSWER, acquire, no_answer};

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
