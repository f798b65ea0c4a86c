//! Checks that the master key is the one this database's secrets were sealed
//! with, by opening a known value that was sealed when the database was
//! created.

use super::fitness::Whose;
use super::one_row::OneRow as _;
use super::seal::KeyRing;
use super::{Engine, Storage, StorageError, audit, fitness, meta, sealed_rows};

const NAME: &str = "key_check";
/// The id of the key with which the node seals that has started last: PostgreSQL only, where
/// there may be others.
const SEALS_WITH: &str = "seals_with";
const KNOWN: &[u8] = b"rubrica, rows sealed";
/// The value of versions that sealed no rows.
const BEFORE_ROW_SEALS: &[u8] = b"rubrica";

async fn whose(storage: &Storage) -> Result<Whose, StorageError> {
    let there = fitness::tables(storage.pool(), storage.engine()).await?;
    Ok(Whose::of(&there))
}

/// Whether it is a portal's; others may have a table of the same name too.
pub(super) async fn is_a_portals(storage: &Storage) -> Result<bool, StorageError> {
    Ok(whose(storage).await? == Whose::Portals)
}

/// Refuses a wrong key, and the database of another program. Writes nothing; a new database
/// passes.
pub(super) async fn check(storage: &Storage, keys: &KeyRing) -> Result<(), StorageError> {
    match whose(storage).await? {
        Whose::Nobodys => return Ok(()),
        Whose::Others(table) => return Err(StorageError::of_another_program(table, "database")),
        Whose::Portals => {}
    }
    let Some(sealed) = stored(storage).await? else {
        return Ok(());
    };
    opens(keys, &sealed)?;
    // It is sealed anew last of all: until then a node with another key only shows in what
    // it writes.
    match audit::is_of_another_key(storage, keys).await? {
        true => Err(StorageError::NewerKey),
        false => Ok(()),
    }
}

/// Refuses a ring without the key that another node seals with, which may not have written to
/// the audit yet.
pub(super) async fn check_others(storage: &Storage, keys: &KeyRing) -> Result<(), StorageError> {
    match sealing_key(storage).await? {
        Some(id) if !keys.knows(&id)? => Err(StorageError::NewerKey),
        _ => Ok(()),
    }
}

/// Tells the others with which key this node seals from now on; one that lacks theirs keeps
/// silent.
pub(super) async fn tell_others(storage: &Storage, keys: &KeyRing) -> Result<(), StorageError> {
    match sealing_key(storage).await? {
        Some(id) if id == keys.id()? || !keys.knows(&id)? => Ok(()),
        _ => note_sealing_key(storage, keys).await,
    }
}

async fn sealing_key(storage: &Storage) -> Result<Option<String>, StorageError> {
    let noted = meta::value(storage.pool(), SEALS_WITH).await?;
    Ok(noted.map(|noted| String::from_utf8_lossy(&noted).into_owned()))
}

async fn note_sealing_key(storage: &Storage, keys: &KeyRing) -> Result<(), StorageError> {
    meta::put(storage, SEALS_WITH, keys.id()?.into_bytes()).await
}

/// Whether the current key has sealed the known value: otherwise a rotation has to follow.
pub(super) async fn is_current(storage: &Storage, keys: &KeyRing) -> Result<bool, StorageError> {
    let sealed = stored(storage).await?;
    Ok(sealed.is_some_and(|sealed| keys.is_current(&sealed)))
}

/// The known value as it is sealed; none in a new database.
async fn stored(storage: &Storage) -> Result<Option<Vec<u8>>, StorageError> {
    meta::value(storage.pool(), NAME).await
}

/// Seals the known value in a new database, and starts its audit. Seals the rows of one
/// that an earlier version left behind.
pub(super) async fn establish(storage: &Storage, keys: &KeyRing) -> Result<(), StorageError> {
    if let Some(stored) = stored(storage).await? {
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
/// it. Nothing is sealed with another any more by now.
pub(super) async fn reseal(storage: &Storage, keys: &KeyRing) -> Result<bool, StorageError> {
    let stored = stored(storage).await?.ok_or(StorageError::WrongKey)?;
    opens(keys, &stored)?;
    if storage.engine() == Engine::Postgres {
        note_sealing_key(storage, keys).await?;
    }
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
