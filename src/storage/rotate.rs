//! Rotation of the master key: everything sealed is sealed anew with the current key, and
//! numbers to be found are hashed anew.
//! Each row is one transaction, so a run that was killed leaves rows of both kinds,
//! which open as long as the old key is on the ring; the next run does the rest. The
//! known value comes last: until then a portal without the old key does not start.

use std::sync::Arc;

use sqlx::{AnyConnection, AssertSqlSafe};

use super::one_row::OneRow as _;
use super::row::Fields;
use super::seal::{KeyRing, bound};
use super::{
    Engine, Storage, StorageError, admins, audit, connections, invitations, key_check, reindex,
};
use crate::domain::connection::Connection;

/// A sealed column whose place is its table, the text that names its row, and its name.
struct Sealed {
    table: &'static str,
    /// SQL for the text that names the row.
    row: &'static str,
    column: &'static str,
    /// SQL for the connection whose server the value is bound to: `''` if to none.
    connection: &'static str,
}

const COLUMNS: [Sealed; 4] = [
    Sealed {
        table: "sign_ins",
        row: "id",
        column: "access_token",
        connection: "connection_id",
    },
    Sealed {
        table: "sign_ins",
        row: "id",
        column: "refresh_token",
        connection: "connection_id",
    },
    Sealed {
        table: "attempts",
        row: "attempt_id",
        column: "outcome",
        connection: "''",
    },
    Sealed {
        table: "kept_forms",
        row: "owner_id || ' ' || place",
        column: "form",
        connection: "''",
    },
];

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rotated {
    /// How many values are sealed with the current key now and were not before.
    pub values: u64,
    /// Rows that cannot be opened with any key of the ring, or were changed past the
    /// portal. They stay as they are.
    pub broken: Vec<String>,
}

impl Rotated {
    fn note(
        &mut self,
        what: impl FnOnce() -> String,
        done: Result<bool, StorageError>,
    ) -> Result<(), StorageError> {
        match done {
            Ok(is_new) => self.values += u64::from(is_new),
            Err(StorageError::Corrupt { .. }) => self.broken.push(what()),
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

/// Held by the one command that rotates the keys of a PostgreSQL database: two that have
/// different new keys would each leave rows that the other cannot open. Beside a SQLite file
/// there is [`OrderLock`](super::lock::OrderLock).
#[derive(Debug)]
pub struct Alone {
    _session: Option<AnyConnection>,
}

impl Alone {
    /// `None` if another command holds it. The server lets go of it with the connection,
    /// however this process ends.
    pub async fn take(storage: &Storage) -> Result<Option<Self>, StorageError> {
        if storage.engine() == Engine::Sqlite {
            return Ok(Some(Self { _session: None }));
        }
        let mut session = storage.own_connection().await?;
        let sql = "SELECT pg_try_advisory_lock(hashtext('rubrica keys rotate ' \
            || CAST(current_schema() AS TEXT)))";
        let is_free: bool = sqlx::query_scalar(sql).fetch_one(&mut session).await?;
        let session = Some(session);
        Ok(is_free.then_some(Self { _session: session }))
    }
}

/// Seals everything anew that an older key of the ring has sealed.
pub async fn rotate(storage: &Storage, keys: &Arc<KeyRing>) -> Result<Rotated, StorageError> {
    let mut rotated = Rotated::default();
    for table in [&connections::SEALED, &admins::SEALED, &invitations::SEALED] {
        for id in ids_of(storage, table.name).await? {
            let (ring, row) = (Arc::clone(keys), id.clone());
            let done = storage.write(move |conn| {
                Box::pin(async move {
                    // On PostgreSQL, a node that changes the row between its reading and its
                    // sealing would find it sealed as it was before. Or it is gone by now.
                    if !table.lock(conn, &row).await? {
                        return Ok(false);
                    }
                    match table.name {
                        "connections" => connections::reseal(conn, &ring, &row).await,
                        "admins" => admins::reseal(conn, &ring, &row).await,
                        _ => table.reseal(conn, &ring, &row).await,
                    }
                })
            });
            rotated.note(|| format!("{} {id}", table.name), done.await)?;
        }
    }
    let (connections, _) = connections::readable(storage, keys).await?;
    for column in &COLUMNS {
        column
            .rotate(storage, keys, &connections, &mut rotated)
            .await?;
    }
    reindex::with_older_key(storage, keys).await?;
    let ring = Arc::clone(keys);
    let done = storage.write(move |conn| Box::pin(async move { audit::reseal(conn, &ring).await }));
    rotated.note(|| "audit_head".to_owned(), done.await)?;
    if rotated.broken.is_empty() {
        rotated.note(String::new, key_check::reseal(storage, keys).await)?;
    }
    Ok(rotated)
}

async fn ids_of(storage: &Storage, table: &str) -> Result<Vec<String>, StorageError> {
    let sql = format!("SELECT id FROM {table} ORDER BY id");
    let ids = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(storage.pool());
    Ok(ids.await?)
}

impl Sealed {
    async fn rotate(
        &self,
        storage: &Storage,
        keys: &Arc<KeyRing>,
        connections: &[Connection],
        rotated: &mut Rotated,
    ) -> Result<(), StorageError> {
        let Self {
            table,
            row,
            column,
            connection,
        } = self;
        let sql = format!(
            "SELECT {row} AS named, {column} AS sealed, {connection} AS at FROM {table} \
             WHERE {column} IS NOT NULL"
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(storage.pool());
        for found in &rows.await? {
            let fields = Fields::new(found, self.table, "named");
            let (named, sealed) = (fields.id().to_owned(), fields.bytes("sealed")?);
            if keys.is_current(&sealed) {
                continue;
            }
            let at = fields.text("at")?;
            let server = connections.iter().find(|one| one.id == at);
            let place = server.map_or_else(
                || (*column).to_owned(),
                |connection| bound(column, &connection.server()),
            );
            let Ok(plain) = keys.open(table, table, &named, &place, &sealed) else {
                rotated.broken.push(format!("{table} {named}"));
                continue;
            };
            let new = keys.seal(table, table, &named, &place, &plain)?;
            // Whoever wrote meanwhile has used the current key.
            let sql =
                format!("UPDATE {table} SET {column} = $1 WHERE {row} = $2 AND {column} = $3");
            let done = storage.write(move |conn| {
                Box::pin(async move {
                    sqlx::query(AssertSqlSafe(sql))
                        .bind(new)
                        .bind(named)
                        .bind(sealed)
                        .changes_one(conn)
                        .await
                })
            });
            rotated.note(String::new, done.await)?;
        }
        Ok(())
    }
}
