//! Checks that the master key is the one this database's secrets were sealed
//! with, by opening a known value that was sealed when the database was
//! created.

use super::seal::KeyRing;
use super::{Engine, Storage, StorageError, audit};

const NAME: &str = "key_check";
const KNOWN: &[u8] = b"rubrica";

/// Refuses a wrong key. Writes nothing; a new database passes.
pub(super) async fn check(storage: &Storage, keys: &KeyRing) -> Result<(), StorageError> {
    let exists = match storage.engine() {
        Engine::Sqlite => {
            "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'meta'"
        }
        Engine::Postgres => {
            "SELECT COUNT(*) FROM pg_tables \
             WHERE schemaname = current_schema() AND tablename = 'meta'"
        }
    };
    let tables: i64 = sqlx::query_scalar(exists).fetch_one(storage.pool()).await?;
    if tables == 0 {
        return Ok(());
    }
    let sealed = sqlx::query_scalar("SELECT value FROM meta WHERE name = $1")
        .bind(NAME)
        .fetch_optional(storage.pool())
        .await?;
    sealed.map_or(Ok(()), |sealed: Vec<u8>| opens(keys, &sealed))
}

/// Seals the known value in a new database, and starts its audit.
pub(super) async fn establish(storage: &Storage, keys: &KeyRing) -> Result<(), StorageError> {
    let stored: Option<Vec<u8>> = sqlx::query_scalar("SELECT value FROM meta WHERE name = $1")
        .bind(NAME)
        .fetch_optional(storage.pool())
        .await?;
    if stored.is_some() {
        return Ok(());
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
                .execute(&mut *conn)
                .await?;
                if made.rows_affected() == 1 {
                    audit::begin(conn, head).await?;
                }
                Ok(())
            })
        })
        .await?;
    // Another process may have done this first, with another key.
    check(storage, keys).await
}

fn opens(keys: &KeyRing, sealed: &[u8]) -> Result<(), StorageError> {
    match keys.open(NAME, "meta", NAME, "value", sealed) {
        Ok(plain) if plain.as_slice() == KNOWN => Ok(()),
        _ => Err(StorageError::WrongKey),
    }
}
