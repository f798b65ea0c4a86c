//! Backups: one file for both engines, written from a consistent read of all tables
//! beside a running server, and restored into a new database that takes the place of the
//! old one in one step.
//!
//! The file is text, a record on each line (`record`), in frames that are authenticated
//! or sealed with the master key (`frames`). The master key itself is not in it; secrets
//! of the database are in it as they are there, sealed.

mod catalog;
mod columns;
mod frames;
mod load;
mod place;
mod record;
mod restore;
mod save;
mod wrong;

use std::io;
use std::path::{Path, PathBuf};

use super::StorageError;
use super::lock::LockError;
use super::new_file::NewFileError;

pub use restore::{Restored, restore};
pub use save::{Saved, Wanted, save};

/// Why there is no backup, or nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{}: {cause}", file.display())]
    Io { file: PathBuf, cause: io::Error },
    #[error(transparent)]
    File(#[from] NewFileError),
    #[error("this is no backup that rubrica has made")]
    NotABackup,
    /// Cut, changed, or unreadable.
    #[error("the backup is damaged or incomplete ({0}): nothing was restored from it")]
    Damaged(&'static str),
    #[error(
        "the backup was made with another master key (its id is {0}): give that one as RUBRICA_OLD_MASTER_KEY"
    )]
    WrongKey(String),
    #[error("the database is not empty: add --replace to lose what is in it")]
    NotEmpty,
    #[error("others are still connected to this database: stop every server on it first")]
    InUse,
    /// The same on PostgreSQL, with the number of their connections.
    #[error(
        "others are still connected to this database (connections: {0}): stop every server on it \
         first. PgBouncer's own connections count too: give the address of PostgreSQL itself, to \
         go past PgBouncer, and stop it or disconnect it from this database"
    )]
    Connected(i64),
    #[error(transparent)]
    Locked(#[from] LockError),
    /// What was written is not what the backup says.
    #[error("the restored database is not what the backup says: {0}")]
    Different(String),
    #[error("table {table}: {cause}")]
    Table { table: String, cause: StorageError },
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl BackupError {
    fn io(file: &Path) -> impl FnOnce(io::Error) -> Self {
        move |cause| Self::Io {
            file: file.to_path_buf(),
            cause,
        }
    }
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        Self::Storage(error.into())
    }
}
