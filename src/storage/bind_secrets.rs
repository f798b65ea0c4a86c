//! Ties the secrets of databases older than migration 0012 to the servers of their
//! connections, once.

use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use super::row::Fields;
use super::seal::{KeyRing, bound};
use super::{Storage, StorageError};
use crate::domain::connection::{ConnectionSettings, Texts};

/// A value under its new seal, in place of the old one.
struct Resealed {
    sql: String,
    id: String,
    old: Vec<u8>,
    new: Vec<u8>,
}

/// Does it for every connection that is listed. One whose settings cannot be read
/// stays listed.
pub(super) async fn bind_all(storage: &Storage, keys: &KeyRing) -> Result<(), StorageError> {
    let listed: Vec<String> = sqlx::query_scalar("SELECT connection_id FROM unbound_secrets")
        .fetch_all(storage.pool())
        .await?;
    for id in listed {
        if let Some(resealed) = reseal(storage, keys, &id).await? {
            store(storage, id, resealed).await?;
        }
    }
    Ok(())
}

async fn reseal(
    storage: &Storage,
    keys: &KeyRing,
    connection_id: &str,
) -> Result<Option<Vec<Resealed>>, StorageError> {
    let connection =
        sqlx::query("SELECT id, settings, shared_key, second_key FROM connections WHERE id = $1")
            .bind(connection_id)
            .fetch_one(storage.pool())
            .await?;
    let texts: Texts = Fields::new(&connection, "connections", "id").json("settings")?;
    let Ok(settings) = ConnectionSettings::blank().with(&texts) else {
        return Ok(None);
    };
    let server = settings.server();
    let sign_ins = sqlx::query(
        "SELECT id, access_token, refresh_token FROM sign_ins \
         WHERE connection_id = $1 AND access_token IS NOT NULL",
    )
    .bind(connection_id)
    .fetch_all(storage.pool())
    .await?;
    let mut all = Vec::new();
    let mut add = |row: &AnyRow, table: &'static str, columns: [&str; 2]| {
        let fields = Fields::new(row, table, "id");
        for column in columns {
            let old = fields.bytes_or_null(column)?;
            all.extend(
                old.and_then(|old| resealed(keys, &server, table, column, fields.id(), old)),
            );
        }
        Ok::<_, StorageError>(())
    };
    add(&connection, "connections", ["shared_key", "second_key"])?;
    for sign_in in &sign_ins {
        add(sign_in, "sign_ins", ["access_token", "refresh_token"])?;
    }
    Ok(Some(all))
}

/// `None` for what does not open as it was sealed before: another node has done it, or it
/// is broken and stays so.
fn resealed(
    keys: &KeyRing,
    server: &str,
    table: &'static str,
    column: &str,
    id: &str,
    old: Vec<u8>,
) -> Option<Resealed> {
    let plain = keys.open(table, table, id, column, &old).ok()?;
    let sealed = keys.seal(table, table, id, &bound(column, server), &plain);
    Some(Resealed {
        sql: format!("UPDATE {table} SET {column} = $1 WHERE id = $2 AND {column} = $3"),
        id: id.to_owned(),
        old,
        new: sealed.ok()?,
    })
}

async fn store(
    storage: &Storage,
    connection_id: String,
    resealed: Vec<Resealed>,
) -> Result<(), StorageError> {
    storage
        .write(move |conn| {
            Box::pin(async move {
                for one in resealed {
                    sqlx::query(AssertSqlSafe(one.sql))
                        .bind(one.new)
                        .bind(one.id)
                        .bind(one.old)
                        .execute(&mut *conn)
                        .await?;
                }
                sqlx::query("DELETE FROM unbound_secrets WHERE connection_id = $1")
                    .bind(connection_id)
                    .execute(conn)
                    .await?;
                Ok(())
            })
        })
        .await
}
