//! Writes a backup: beside a running server, under a temporary name until the file was
//! read back whole.

use std::fs::File;
use std::path::Path;

use futures_util::TryStreamExt as _;
use serde_json::Value;
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _};

use super::super::new_file::{NewFile, Target};
use super::super::seal::KeyRing;
use super::super::{Engine, Storage, fitness, key_check, migrations};
use super::BackupError;
use super::catalog::{self, TABLES};
use super::frames::{FrameWriter, WriteError};
use super::record::{End, Head, Record, Records, Rows};
use super::wrong::what_is_wrong;
use crate::domain::millis::Millis;

/// What the operator asks for.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub target: Target,
    /// Whether the content is encrypted with the master key.
    pub sealed: bool,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    pub tables: usize,
    pub rows: u64,
    /// What is wrong in the database, and so in its backup.
    pub wrong: Vec<String>,
}

/// Saves the database at `url` as it is at this moment. It is not migrated: a backup
/// before an upgrade may be made with the new program.
pub async fn save(
    url: &str,
    keys: &KeyRing,
    wanted: &Wanted,
    now: Millis,
) -> Result<Saved, BackupError> {
    let target = wanted.target.clone().sparing(url);
    target.check()?;
    let storage = Storage::connect_to_portal(url).await?;
    key_check::check(&storage, keys).await?;
    let head = Head {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        schema: storage.schema_version().await?,
        made_at: now,
    };
    // A newer version has tables that would be left out.
    migrations::knows(head.schema)?;
    // The tables of an older version lack what is looked at.
    let wrong = match head.schema == migrations::newest() {
        true => Some(what_is_wrong(&storage, keys).await?),
        false => None,
    };
    let (new, out) = target.begin()?;
    let out = (new.part(), out);
    let written = write(&storage, keys, wanted.sealed, out, head, wrong).await;
    storage.close().await;
    finish(new, keys, &written?)
}

async fn write(
    storage: &Storage,
    keys: &KeyRing,
    sealed: bool,
    (part, out): (&Path, File),
    head: Head,
    wrong: Option<Vec<String>>,
) -> Result<End, BackupError> {
    let failed = |error: WriteError| match error {
        WriteError::Io(cause) => BackupError::io(part)(cause),
        WriteError::Seal(cause) => BackupError::Storage(cause.into()),
    };
    let mut out = FrameWriter::begin(out, keys, sealed).map_err(failed)?;
    let mut line = |record: &Record| {
        let line = serde_json::to_vec(record).map_err(std::io::Error::from);
        let line = line.map_err(WriteError::from);
        line.and_then(|line| out.line(&line)).map_err(failed)
    };
    line(&Record::Head(head))?;
    let rows = read(storage, &mut line).await?;
    let end = End { rows, wrong };
    line(&Record::End(end.clone()))?;
    out.end().map_err(failed)?;
    Ok(end)
}

type Line<'l> = &'l mut (dyn FnMut(&Record) -> Result<(), BackupError> + Send);

/// Reads all tables in one transaction: all as they are at one moment, whoever writes
/// meanwhile.
async fn read(storage: &Storage, line: Line<'_>) -> Result<Rows, BackupError> {
    let mut conn = storage.own_connection().await?;
    let begin = match storage.engine() {
        Engine::Sqlite => "BEGIN",
        Engine::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    };
    let mut tx = conn.begin_with(begin).await?;
    let there = fitness::tables(&mut *tx, storage.engine()).await?;
    let mut rows = Rows::new();
    for table in TABLES {
        if there.iter().any(|name| name == table) {
            let number = read_table(&mut tx, storage.engine(), table, line).await?;
            rows.insert((*table).to_owned(), number);
        }
    }
    tx.rollback().await?;
    conn.close().await?;
    Ok(rows)
}

async fn read_table(
    conn: &mut AnyConnection,
    engine: Engine,
    table: &str,
    line: Line<'_>,
) -> Result<u64, BackupError> {
    let columns = catalog::columns(conn, engine, table).await?;
    let names: Vec<String> = columns.iter().map(|one| one.name.clone()).collect();
    let sql = format!("SELECT {} FROM {table}", names.join(", "));
    line(&Record::Table {
        name: table.to_owned(),
        columns: names,
    })?;
    let mut found = sqlx::query(AssertSqlSafe(sql)).fetch(conn);
    let mut number = 0;
    while let Some(row) = found.try_next().await? {
        let value = |column: &super::columns::Column| match catalog::is_emptied(table, &column.name)
        {
            true => Ok(Value::Null),
            false => column.read(&row),
        };
        let values = columns.iter().map(value).collect::<Result<_, _>>()?;
        line(&Record::Row(values))?;
        number += 1;
    }
    Ok(number)
}

/// Reads the file back, and gives it its name once it is known to be whole.
fn finish(new: NewFile, keys: &KeyRing, end: &End) -> Result<Saved, BackupError> {
    let mut records = Records::open(new.part(), keys)?;
    records.head()?;
    if records.count()? != *end {
        return Err(BackupError::Damaged("it was not written as it was read"));
    }
    new.finish()?;
    Ok(Saved {
        tables: end.rows.len(),
        rows: end.rows.values().sum(),
        wrong: end.wrong.clone().unwrap_or_default(),
    })
}
