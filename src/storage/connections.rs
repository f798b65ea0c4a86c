//! Connections: the Redtrust servers, with their shared keys sealed.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::one_row::OneRow as _;
use super::row::Fields;
use super::row_seal::{Column, SealedTable};
use super::seal::{KeyRing, bound};
use super::{Storage, StorageError};
use crate::domain::connection::{Connection, ConnectionSettings, KeyRole, SecondKey, Slug, Texts};
use crate::domain::millis::Millis;
use crate::domain::secret::Secret;

const TABLE: &str = "connections";
const SHARED_KEY: &str = "shared_key";
const SECOND_KEY: &str = "second_key";

/// Every column that [`read`] uses is sealed.
pub(super) const SEALED: SealedTable = SealedTable {
    name: TABLE,
    noun: "connection",
    known_by: "slug",
    columns: &[
        Column::Text("slug"),
        Column::Text("settings"),
        Column::Bytes(SHARED_KEY),
        Column::Integer("key_set_at"),
        Column::Bytes(SECOND_KEY),
        Column::Integer("second_key_set_at"),
        Column::Integer("second_key_until"),
        Column::Integer("sandbox"),
        Column::Integer("enabled"),
        Column::Integer("from_file"),
        Column::Integer("left_file_at"),
        Column::Integer("version"),
    ],
    later: &[],
    unsealed: &[],
};

fn read(row: &AnyRow, keys: &KeyRing) -> Result<Connection, StorageError> {
    let fields = Fields::new(row, TABLE, "id");
    if !SEALED.holds(keys, row) {
        return Err(fields.corrupt());
    }
    let texts: Texts = fields.json("settings")?;
    let settings = ConnectionSettings::blank().with(&texts);
    let settings = settings.map_err(|_| fields.corrupt())?;
    let server = settings.server();
    Ok(Connection {
        id: fields.id().to_owned(),
        slug: fields.parsed("slug")?,
        settings,
        shared_key: fields.bound(keys, SHARED_KEY, &server)?,
        key_set_at: fields.millis("key_set_at")?,
        second_key: second_key(&fields, keys, &server)?,
        sandbox: fields.flag("sandbox")?,
        enabled: fields.flag("enabled")?,
        from_file: fields.flag("from_file")?,
        left_file_at: fields.millis_or_null("left_file_at")?,
        version: fields.integer("version")?,
    })
}

/// NULL in `second_key_until` means the next key.
fn second_key(
    fields: &Fields<'_>,
    keys: &KeyRing,
    server: &str,
) -> Result<Option<SecondKey>, StorageError> {
    let Some(key) = fields.bound_or_null(keys, SECOND_KEY, server)? else {
        return Ok(None);
    };
    let role = match fields.millis_or_null("second_key_until")? {
        None => KeyRole::Next,
        Some(until) => KeyRole::Previous { until },
    };
    let set_at = fields.millis("second_key_set_at")?;
    Ok(Some(SecondKey { key, role, set_at }))
}

/// All connections, by name.
///
/// # Errors
/// [`StorageError::Corrupt`] if a shared key cannot be opened.
pub async fn list(storage: &Storage, keys: &KeyRing) -> Result<Vec<Connection>, StorageError> {
    let rows = rows(storage).await?;
    let mut all = rows
        .iter()
        .map(|row| read(row, keys))
        .collect::<Result<Vec<_>, _>>()?;
    sort(&mut all);
    Ok(all)
}

async fn rows(storage: &Storage) -> Result<Vec<AnyRow>, StorageError> {
    let sql = SEALED.select();
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(storage.pool());
    Ok(rows.await?)
}

/// Sorted here, because the two engines sort text differently.
fn sort(all: &mut [Connection]) {
    all.sort_by_cached_key(|connection| {
        (
            connection.settings.name.to_lowercase(),
            connection.id.clone(),
        )
    });
}

/// A connection that cannot be read, for example because its key cannot be
/// opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub id: String,
    /// Empty if it cannot be read either.
    pub slug: String,
}

impl Broken {
    /// The error of reading it.
    pub fn error(&self) -> StorageError {
        StorageError::Corrupt {
            table: TABLE,
            id: self.id.clone(),
        }
    }
}

/// All readable connections, by name, and the unreadable ones.
pub async fn readable(
    storage: &Storage,
    keys: &KeyRing,
) -> Result<(Vec<Connection>, Vec<Broken>), StorageError> {
    let (mut good, mut broken) = (Vec::new(), Vec::new());
    for row in rows(storage).await? {
        match read(&row, keys) {
            Ok(connection) => good.push(connection),
            Err(_) => {
                let fields = Fields::new(&row, TABLE, "id");
                broken.push(Broken {
                    id: fields.id().to_owned(),
                    slug: fields.text("slug").unwrap_or_default(),
                });
            }
        }
    }
    sort(&mut good);
    Ok((good, broken))
}

pub async fn by_id(
    storage: &Storage,
    keys: &KeyRing,
    id: &str,
) -> Result<Option<Connection>, StorageError> {
    let sql = SEALED.select() + " WHERE id = $1";
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(id)
        .fetch_optional(storage.pool())
        .await?;
    row.map(|row| read(&row, keys)).transpose()
}

/// The connection with this id, which nobody changes before this transaction ends. Comes
/// before any other lock of the transaction.
///
/// # Errors
/// [`StorageError::Corrupt`] if the row was changed past the portal.
pub async fn lock(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    id: &str,
) -> Result<Option<Connection>, StorageError> {
    sqlx::query("UPDATE connections SET version = version WHERE id = $1")
        .bind(id)
        .execute(&mut *conn)
        .await?;
    let row = sqlx::query(AssertSqlSafe(SEALED.select() + " WHERE id = $1"))
        .bind(id)
        .fetch_optional(conn)
        .await?;
    row.map(|row| read(&row, keys)).transpose()
}

/// Id and settings of the connection with this slug, without its keys; `None` too if the
/// settings cannot be read.
pub async fn settings_of(
    storage: &Storage,
    slug: &Slug,
) -> Result<Option<(String, ConnectionSettings)>, StorageError> {
    let row = sqlx::query("SELECT id, settings FROM connections WHERE slug = $1")
        .bind(slug.as_str())
        .fetch_optional(storage.pool())
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let fields = Fields::new(&row, TABLE, "id");
    let settings = fields.json::<Texts>("settings");
    let settings = settings
        .ok()
        .and_then(|texts| ConnectionSettings::blank().with(&texts).ok());
    Ok(settings.map(|settings| (fields.id().to_owned(), settings)))
}

/// Stores a new connection; its version starts at 1.
///
/// # Errors
/// [`StorageError::Conflict`] if the slug is taken.
pub async fn insert(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    connection: &Connection,
    now: Millis,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO connections (settings, shared_key, second_key, second_key_set_at, \
        second_key_until, sandbox, enabled, from_file, left_file_at, key_set_at, updated_at, id, \
        slug, created_at, version) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $11, 1)";
    settings(sql, keys, connection, now, now)?
        .bind(connection.slug.as_str().to_owned())
        .execute(&mut *conn)
        .await?;
    SEALED.seal(conn, keys, &connection.id).await
}

/// Replaces a connection's settings, if it is still at its version. The slug
/// never changes. Returns whether it was.
pub async fn update(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    connection: &Connection,
    now: Millis,
) -> Result<bool, StorageError> {
    let sql = SEALED.select() + " WHERE id = $1";
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(&connection.id)
        .fetch_optional(&mut *conn)
        .await?;
    let Some(row) = row else {
        return Ok(false);
    };
    let fields = Fields::new(&row, TABLE, "id");
    // A key that can no longer be opened may still be replaced.
    let key_is_kept = read(&row, keys).is_ok_and(|stored| {
        stored.shared_key == connection.shared_key && stored.server() == connection.server()
    });
    let key_set_at = if key_is_kept {
        fields.millis("key_set_at")?
    } else {
        now
    };
    let sql = "UPDATE connections SET settings = $1, shared_key = $2, second_key = $3, \
        second_key_set_at = $4, second_key_until = $5, sandbox = $6, enabled = $7, \
        from_file = $8, left_file_at = $9, key_set_at = $10, updated_at = $11, \
        version = version + 1 WHERE id = $12 AND version = $13 AND slug = $14";
    let is_done = settings(sql, keys, connection, key_set_at, now)?
        .bind(connection.version)
        .bind(connection.slug.as_str().to_owned())
        .changes_one(&mut *conn)
        .await?;
    if is_done {
        SEALED.seal(conn, keys, &connection.id).await?;
    }
    Ok(is_done)
}

/// Stores a connection from the configuration file, found by its slug. Its
/// version grows only if something changed. Returns its id, which is the stored
/// one if the slug already exists.
pub async fn upsert_from_file(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    connection: &Connection,
    now: Millis,
) -> Result<String, StorageError> {
    let mut wanted = connection.clone();
    wanted.from_file = true;
    let sql = SEALED.select() + " WHERE slug = $1";
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(wanted.slug.as_str())
        .fetch_optional(&mut *conn)
        .await?;
    let Some(row) = row else {
        insert(conn, keys, &wanted, now).await?;
        return Ok(wanted.id);
    };
    let fields = Fields::new(&row, TABLE, "id");
    fields.id().clone_into(&mut wanted.id);
    wanted.version = fields.integer("version")?;
    // A stored connection that cannot be read is replaced from the file.
    let stored = read(&row, keys).ok();
    if let Some(stored) = &stored {
        wanted = wanted.from_file_over(stored, now);
    }
    let is_so = stored.is_some_and(|stored| stored == wanted);
    if !is_so && !update(conn, keys, &wanted, now).await? {
        // Another node changed it first; the next start tries again.
        return Err(StorageError::Busy);
    }
    Ok(wanted.id)
}

/// Seals the keys of a connection and its row anew with the current key, without
/// changing it. Returns whether another key had sealed it.
///
/// # Errors
/// [`StorageError::Corrupt`] if the row was changed past the portal.
pub(super) async fn reseal(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    id: &str,
) -> Result<bool, StorageError> {
    let row = sqlx::query(AssertSqlSafe(SEALED.select() + " WHERE id = $1"))
        .bind(id)
        .fetch_one(&mut *conn)
        .await?;
    let connection = read(&row, keys)?;
    let fields = Fields::new(&row, TABLE, "id");
    if keys.is_current(&fields.bytes(SHARED_KEY)?) {
        return SEALED.reseal(conn, keys, id).await;
    }
    let sql = "UPDATE connections SET settings = $1, shared_key = $2, second_key = $3, \
        second_key_set_at = $4, second_key_until = $5, sandbox = $6, enabled = $7, \
        from_file = $8, left_file_at = $9, key_set_at = $10, updated_at = $11 \
        WHERE id = $12 AND version = $13";
    let saved_at: i64 = sqlx::query_scalar("SELECT updated_at FROM connections WHERE id = $1")
        .bind(id)
        .fetch_one(&mut *conn)
        .await?;
    settings(
        sql,
        keys,
        &connection,
        connection.key_set_at,
        Millis(saved_at),
    )?
    .bind(connection.version)
    .execute(&mut *conn)
    .await?;
    SEALED.seal(conn, keys, id).await?;
    Ok(true)
}

type Query = sqlx::query::Query<'static, sqlx::Any, sqlx::any::AnyArguments>;

/// Binds the settings as `$1` to `$11` and the id as `$12`.
fn settings(
    sql: &'static str,
    keys: &KeyRing,
    connection: &Connection,
    key_set_at: Millis,
    now: Millis,
) -> Result<Query, StorageError> {
    let server = connection.server();
    let seal = |column, key: &Secret| {
        let (id, column) = (&connection.id, bound(column, &server));
        keys.seal(TABLE, TABLE, id, &column, key.expose().as_bytes())
    };
    let second = connection.second_key.as_ref();
    let until = second.and_then(|second| match second.role {
        KeyRole::Next => None,
        KeyRole::Previous { until } => Some(until.0),
    });
    let sealed = seal(SHARED_KEY, &connection.shared_key)?;
    let second_sealed = second
        .map(|second| seal(SECOND_KEY, &second.key))
        .transpose()?;
    let texts = serde_json::to_string(&connection.settings.texts());
    let texts = texts.map_err(|_| StorageError::Corrupt {
        table: TABLE,
        id: connection.id.clone(),
    })?;
    Ok(sqlx::query(sql)
        .bind(texts)
        .bind(sealed)
        .bind(second_sealed)
        .bind(second.map(|second| second.set_at.0))
        .bind(until)
        .bind(i64::from(connection.sandbox))
        .bind(i64::from(connection.enabled))
        .bind(i64::from(connection.from_file))
        .bind(connection.left_file_at.map(|at| at.0))
        .bind(key_set_at.0)
        .bind(now.0)
        .bind(connection.id.clone()))
}
