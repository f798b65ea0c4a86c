//! Since when each master key has been in use, as far as the database knows.

use super::seal::KeyRing;
use super::{Storage, StorageError, meta};
use crate::domain::millis::Millis;

const NAMES: &str = "master_key_since ";

/// Notes that the key that seals is in use, unless that is known already. Of the first one
/// it is only known that it is as old as the oldest entry of the audit.
pub async fn note(storage: &Storage, keys: &KeyRing, now: Millis) -> Result<(), StorageError> {
    if since(storage, keys).await?.is_some() {
        return Ok(());
    }
    let others = "SELECT COUNT(*) FROM meta WHERE name LIKE $1";
    let others: i64 = sqlx::query_scalar(others)
        .bind(format!("{NAMES}%"))
        .fetch_one(storage.pool())
        .await?;
    let since = match others {
        0 => oldest_entry(storage).await?.unwrap_or(now),
        _ => now,
    };
    let name = name(keys)?;
    let work = storage.write(move |conn| {
        Box::pin(async move {
            let sql = "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING";
            sqlx::query(sql)
                .bind(name)
                .bind(since.0.to_be_bytes().to_vec())
                .execute(conn)
                .await?;
            Ok(())
        })
    });
    work.await
}

/// Since when the key that seals has been in use; `None` if that was never noted.
pub async fn since(storage: &Storage, keys: &KeyRing) -> Result<Option<Millis>, StorageError> {
    let noted = meta::value(storage.pool(), &name(keys)?).await?;
    let noted = noted.and_then(|noted| noted.try_into().ok());
    Ok(noted.map(|noted| Millis(i64::from_be_bytes(noted))))
}

async fn oldest_entry(storage: &Storage) -> Result<Option<Millis>, StorageError> {
    let oldest = sqlx::query_scalar("SELECT MIN(at) FROM audit").fetch_one(storage.pool());
    let oldest: Option<i64> = oldest.await?;
    Ok(oldest.map(Millis))
}

fn name(keys: &KeyRing) -> Result<String, StorageError> {
    Ok(format!("{NAMES}{}", keys.id()?))
}
