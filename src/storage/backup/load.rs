//! Writes the rows of a backup into the empty tables of the version that it was made
//! with.

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _};

use super::super::{Engine, Storage, StorageError};
use super::BackupError;
use super::catalog::{self, TABLES};
use super::columns::Column;
use super::record::{End, Head, Record, Records, Rows};

/// One table as it is written.
struct Target {
    name: &'static str,
    columns: Vec<Column>,
    insert: String,
}

pub(super) async fn load(
    storage: &Storage,
    head: &Head,
    records: &mut Records<'_>,
) -> Result<End, BackupError> {
    storage.migrate_to(head.schema).await?;
    let mut conn = storage.own_connection().await?;
    let mut tx = conn.begin().await?;
    let (mut rows, mut target) = (Rows::new(), None);
    let end = loop {
        match records.next()? {
            Some(Record::Table { name, columns }) => {
                rows.insert(name.clone(), 0);
                target = Some(Target::of(&mut tx, storage.engine(), &name, &columns).await?);
            }
            Some(Record::Row(values)) => {
                let target = target.as_ref();
                let target = target.ok_or(BackupError::Damaged("a row has no table"))?;
                target.insert(&mut tx, values).await?;
                *rows.entry(target.name.to_owned()).or_default() += 1;
            }
            Some(Record::End(end)) => break records.ended(&rows, end)?,
            _ => return Err(BackupError::Damaged("it has no end")),
        }
    };
    compare_counts(&mut tx, &rows).await?;
    tx.commit().await?;
    conn.close().await?;
    Ok(end)
}

/// Counts what is in the tables now.
async fn compare_counts(conn: &mut AnyConnection, rows: &Rows) -> Result<(), BackupError> {
    for (table, expected) in rows {
        let sql = format!("SELECT COUNT(*) FROM {table}");
        let found: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(&mut *conn)
            .await?;
        if u64::try_from(found) != Ok(*expected) {
            let what = format!("{table} has {found} rows and not {expected}");
            return Err(BackupError::Different(what));
        }
    }
    Ok(())
}

impl Target {
    /// The names are those of this program: nothing of the file becomes SQL.
    async fn of(
        conn: &mut AnyConnection,
        engine: Engine,
        name: &str,
        in_file: &[String],
    ) -> Result<Self, BackupError> {
        let name = TABLES.iter().find(|table| **table == name);
        let name = name.ok_or(BackupError::Damaged("it has a table that is not known"))?;
        let columns = catalog::columns(conn, engine, name).await?;
        if !columns.iter().map(|column| &column.name).eq(in_file) {
            return Err(BackupError::Damaged("a table of it has other columns"));
        }
        let places: Vec<String> = (1..=columns.len()).map(|n| format!("${n}")).collect();
        let insert = format!(
            "INSERT INTO {name} ({}) VALUES ({})",
            in_file.join(", "),
            places.join(", ")
        );
        Ok(Self {
            name,
            columns,
            insert,
        })
    }

    async fn insert(
        &self,
        conn: &mut AnyConnection,
        values: Vec<serde_json::Value>,
    ) -> Result<(), BackupError> {
        let wrong = || BackupError::Damaged("a row does not fit its table");
        if values.len() != self.columns.len() {
            return Err(wrong());
        }
        let mut query = sqlx::query(AssertSqlSafe(self.insert.clone()));
        for (column, value) in self.columns.iter().zip(values) {
            query = column.bind(query, value).ok_or_else(wrong)?;
        }
        query.execute(conn).await.map_err(|error| {
            let (table, cause) = (self.name.to_owned(), StorageError::from(error));
            BackupError::Table { table, cause }
        })?;
        Ok(())
    }
}
