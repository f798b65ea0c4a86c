//! Where a backup is restored to: a new file beside the SQLite file, or a schema of its
//! own in the PostgreSQL database; and how it takes the place of what is there.

mod postgres;
mod sqlite;

use std::path::PathBuf;

use super::super::StorageError;
use super::super::fitness::refuse_foreign;
use super::super::lock::{real_path, sqlite_file};
use super::BackupError;

pub(super) enum Place {
    /// The database file.
    Sqlite(PathBuf),
    /// The address of the database, and the schema of its tables.
    Postgres { url: String, schema: String },
}

impl Place {
    pub(super) async fn of(url: &str) -> Result<Self, BackupError> {
        if let Some(file) = sqlite_file(url) {
            // What another program keeps there is not for --replace to lose.
            refuse_foreign(&file).await?;
            return Ok(Self::Sqlite(real_path(&file)));
        }
        let schema = postgres::current_schema(url).await?;
        let url = url.to_owned();
        Ok(Self::Postgres { url, schema })
    }

    /// Whether nothing would be lost. What cannot be read is not empty.
    pub(super) async fn is_empty(&self) -> Result<bool, StorageError> {
        match self {
            Self::Sqlite(file) => Ok(sqlite::is_empty(file).await),
            Self::Postgres { url, .. } => postgres::is_empty(url).await,
        }
    }

    /// Removes what an interrupted attempt has left; returns the address of the new,
    /// empty database.
    pub(super) async fn prepare(&self) -> Result<String, BackupError> {
        match self {
            Self::Sqlite(file) => sqlite::prepare(file),
            Self::Postgres { url, .. } => postgres::prepare(url).await,
        }
    }

    /// Puts the new database, which nobody has open, in the place of the old one.
    pub(super) async fn swap(&self) -> Result<(), BackupError> {
        match self {
            Self::Sqlite(file) => sqlite::swap(file).await,
            Self::Postgres { url, schema } => postgres::swap(url, schema).await,
        }
    }

    /// Removes the new database after a failure, as far as that is possible; the next
    /// attempt removes the rest.
    pub(super) async fn clean(&self) {
        match self {
            Self::Sqlite(file) => sqlite::clean(file),
            Self::Postgres { url, .. } => postgres::clean(url).await,
        }
    }
}
