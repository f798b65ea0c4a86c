//! The schema in which a backup is built in a PostgreSQL database; its tables move into
//! the schema of the old ones in one transaction.

use std::time::{Duration, Instant};

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _};

use super::super::super::fitness::{self, MIGRATIONS, Whose};
use super::super::super::{Engine, Storage, StorageError, migrations};
use super::super::BackupError;
use super::super::catalog::{LEFT_OUT, TABLES};

/// The schema of the new tables until they take the place of the old ones.
const ASIDE: &str = "rubrica_restoring";

/// What a trigger calls; its body names the tables of whatever schema is in use.
const COUNTING: &str = "count_certificate_days()";

/// How long those who have just hung up are still counted by the server.
const LEAVING: Duration = Duration::from_secs(3);

/// A connection whose statements may take long.
async fn connect(url: &str) -> Result<AnyConnection, StorageError> {
    let storage = Storage::connect(url, None).await?;
    let conn = storage.own_connection().await;
    storage.close().await;
    conn
}

pub(super) async fn current_schema(url: &str) -> Result<String, BackupError> {
    let mut conn = connect(url).await?;
    let schema: Option<String> = sqlx::query_scalar("SELECT CAST(current_schema() AS TEXT)")
        .fetch_one(&mut conn)
        .await?;
    conn.close().await?;
    let none = || StorageError::BadAddress("the database has no schema to write to".to_owned());
    Ok(schema.ok_or_else(none)?)
}

pub(super) async fn is_empty(url: &str) -> Result<bool, StorageError> {
    let storage = Storage::connect(url, None).await?;
    let empty = storage.holds_nothing().await;
    storage.close().await;
    empty
}

/// Refuses while anybody else is connected to the database: a server would go on with
/// what it remembers of the old one.
async fn refuse_in_use(conn: &mut AnyConnection) -> Result<(), BackupError> {
    let sql = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() \
        AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
    let until = Instant::now() + LEAVING;
    loop {
        let others: i64 = sqlx::query_scalar(sql).fetch_one(&mut *conn).await?;
        match others {
            0 => return Ok(()),
            others if Instant::now() > until => return Err(BackupError::Connected(others)),
            _ => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// Refuses tables of another program that are called as the portal's: they would be lost.
fn refuse_foreign(there: &[String]) -> Result<(), StorageError> {
    let has = |name: &str| there.iter().any(|one| one == name);
    if Whose::of(there) == Whose::Portals {
        return Ok(());
    }
    let known = TABLES.iter().chain(LEFT_OUT).find(|name| has(name));
    // Alone it is what a portal has whose first start was killed.
    let migrations = (has(MIGRATIONS) && there.len() > 1).then_some(&MIGRATIONS);
    match known.or(migrations) {
        Some(table) => Err(StorageError::of_another_program(table, "database")),
        None => Ok(()),
    }
}

pub(super) async fn prepare(url: &str) -> Result<String, BackupError> {
    let mut conn = connect(url).await?;
    refuse_in_use(&mut conn).await?;
    let there = fitness::tables(&mut conn, Engine::Postgres).await?;
    refuse_foreign(&there)?;
    if there.iter().any(|one| one == MIGRATIONS) {
        // A newer program's tables are its own to replace.
        let newest: Option<i64> = sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations")
            .fetch_one(&mut conn)
            .await?;
        migrations::knows(newest.unwrap_or(0))?;
    }
    let sql = format!("DROP SCHEMA IF EXISTS {ASIDE} CASCADE; CREATE SCHEMA {ASIDE}");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut conn).await?;
    conn.close().await?;
    let mark = if url.contains('?') { '&' } else { '?' };
    Ok(format!("{url}{mark}options[search_path]={ASIDE}"))
}

pub(super) async fn clean(url: &str) {
    let removed = async {
        let mut conn = connect(url).await?;
        let sql = format!("DROP SCHEMA IF EXISTS {ASIDE} CASCADE");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut conn).await?;
        conn.close().await?;
        Ok::<_, StorageError>(())
    };
    // What stays is removed by the next attempt.
    let _stays = removed.await;
}

pub(super) async fn swap(url: &str, schema: &str) -> Result<(), BackupError> {
    let schema = format!("\"{}\"", schema.replace('"', "\"\""));
    let mut conn = connect(url).await?;
    refuse_in_use(&mut conn).await?;
    let old = [TABLES, LEFT_OUT, &[MIGRATIONS]].concat();
    let old: Vec<String> = old.iter().map(|name| format!("{schema}.{name}")).collect();
    let mut sql = format!(
        "DROP TABLE IF EXISTS {}; DROP FUNCTION IF EXISTS {schema}.{COUNTING}; \
         ALTER FUNCTION {ASIDE}.{COUNTING} SET SCHEMA {schema};",
        old.join(", ")
    );
    for table in [TABLES, LEFT_OUT, &[MIGRATIONS]].concat() {
        sql.push_str(&format!("ALTER TABLE {ASIDE}.{table} SET SCHEMA {schema};"));
    }
    sql.push_str(&format!("DROP SCHEMA {ASIDE}"));
    let mut tx = conn.begin().await?;
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *tx).await?;
    tx.commit().await?;
    conn.close().await?;
    Ok(())
}
