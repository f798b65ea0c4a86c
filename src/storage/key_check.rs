//! Checks that the master key is the one this database's secrets were sealed
//! with, by opening a known value that was sealed when the database was
//! created.

use super::one_row::OneRow as _;
use super::seal::KeyRing;
use super::{Engine, Storage, StorageError, audit, sealed_rows};

const NAME: &str = "key_check";
const KNOWN: &[u8] = b"rubrica, rows sealed";
/// The value of versions that sealed no rows.
const BEFORE_ROW_SEALS: &[u8] = b"rubrica";

/// Whether this database is not new.
pub(super) async fn has_tables(storage: &Storage) -> Result<bool, StorageError> {
    has(storage, "meta").await
}

/// Whether it is a portal's; others may have a table of that name too.
pub(super) async fn is_a_portals(storage: &Storage) -> Result<bool, StorageError> {
    Ok(has_tables(storage).await? && has(storage, "_sqlx_migrations").await?)
}

async fn has(storage: &Storage, table: &str) -> Result<bool, StorageError> {
    let exists = match storage.engine() {
        Engine::Sqlite => "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = $1",
        Engine::Postgres => {
            "SELECT COUNT(*) FROM pg_tables \
             WHERE schemaname = current_schema() AND CAST(tablename AS TEXT) = $1"
        }
    };
    let tables = sqlx::query_scalar(exists).bind(table.to_owned());
    let tables: i64 = tables.fetch_one(storage.pool()).await?;
    Ok(tables > 0)
}

/// Refuses a wrong key. Writes nothing; a new database passes.
pub(super) async fn check(storage: &Storage, keys: &KeyRing) -> Result<(), StorageError> {
    if !has_tables(storage).await? {
        return Ok(());
    }
    let sealed = sqlx::query_scalar("SELECT value FROM meta WHERE name = $1")
        .bind(NAME)
        .fetch_optional(storage.pool())
        .await?;
    sealed.map_or(Ok(()), |sealed: Vec<u8>| opens(keys, &sealed).map(drop))
}

/// Seals the known value in a new database, and starts its audit. Seals the rows of one
/// that an earlier version left behind.
pub(super) async fn establish(storage: &Storage, keys: &KeyRing) -> Result<(), StorageError> {
    let stored: Option<Vec<u8>> = sqlx::query_scalar("SELECT value FROM meta WHERE name = $1")
        .bind(NAME)
        .fetch_optional(storage.pool())
        .await?;
    if let Some(stored) = stored {
        return match opens(keys, &stored)? {
            Known::Now => Ok(()),
            Known::BeforeRowSeals => seal_rows(storage, keys, stored).await,
        };
    }
    let sealed = keys.seal(NAME, "meta", NAME, "value", KNOWN)?;
    let head = audit::first_head(keys)?;
    storage
        .write(move |conn| {
            Box::pin(async move {
                let made = sqlx::query(
                    "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                )
                .bind(NAME)
                .bind(sealed)
                .changes_one(&mut *conn)
                .await?;
                if made {
                    audit::begin(conn, head).await?;
                }
                Ok(())
            })
        })
        .await?;
    // Another process may have done this first, with another key.
    check(storage, keys).await
}

/// Seals the rows of an earlier version's database. Which version it was stands in the
/// known value, which nobody else can seal: otherwise whoever changes a row could have
/// it sealed anew.
async fn seal_rows(storage: &Storage, keys: &KeyRing, before: Vec<u8>) -> Result<(), StorageError> {
    let sealed = keys.seal(NAME, "meta", NAME, "value", KNOWN)?;
    let keys = keys.clone();
    let work = storage.write(move |conn| {
        Box::pin(async move {
            let sql = "UPDATE meta SET value = $1 WHERE name = $2 AND value = $3";
            let done = sqlx::query(sql)
                .bind(sealed)
                .bind(NAME)
                .bind(before)
                .changes_one(&mut *conn)
                .await?;
            // Another node may have done it first.
            if done {
                sealed_rows::seal_first_time(conn, &keys).await?;
            }
            Ok(())
        })
    });
    work.await
}

/// Seals the known value anew with the current key. Returns whether another had sealed
/// it.
pub(super) async fn reseal(storage: &Storage, keys: &KeyRing) -> Result<bool, StorageError> {
    let stored: Vec<u8> = sqlx::query_scalar("SELECT value FROM meta WHERE name = $1")
        .bind(NAME)
        .fetch_one(storage.pool())
        .await?;
    opens(keys, &stored)?;
    if keys.is_current(&stored) {
        return Ok(false);
    }
    let sealed = keys.seal(NAME, "meta", NAME, "value", KNOWN)?;
    let work = storage.write(move |conn| {
        Box::pin(async move {
            sqlx::query("UPDATE meta SET value = $1 WHERE name = $2")
                .bind(sealed)
                .bind(NAME)
                .execute(conn)
                .await?;
            Ok(true)
        })
    });
    work.await
}

enum Known {
    Now,
    BeforeRowSeals,
}

fn opens(keys: &KeyRing, sealed: &[u8]) -> Result<Known, StorageError> {
    match keys.open(NAME, "meta", NAME, "value", sealed) {
        Ok(plain) if plain.as_slice() == KNOWN => Ok(Known::Now),
        Ok(plain) if plain.as_slice() == BEFORE_ROW_SEALS => Ok(Known::BeforeRowSeals),
        _ => Err(StorageError::WrongKey),
    }
}
