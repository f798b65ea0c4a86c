//! Database errors, grouped by what a caller can do about them.

use std::path::{Path, PathBuf};

use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::sqlite::SqliteError;

use super::files::beside;
use super::seal::SealError;

/// Why a read or a write failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// A value that must be unique already exists in another row.
    #[error("the value is taken already")]
    Conflict,
    /// What allowed to write does not hold any more: nothing was written.
    #[error("what was confirmed does not hold any more")]
    Lapsed,
    /// Other rows refer to this one, or it refers to a missing row.
    #[error("other rows depend on it, or a row it names is missing")]
    Reference,
    /// Another transaction held the lock for too long: nothing was written.
    #[error("the database is busy")]
    Busy,
    /// Out of space: nothing was written.
    #[error("the disk is full")]
    Full,
    /// A text holds a character that PostgreSQL cannot store, such as NUL: nothing was
    /// written.
    #[error("a text holds a character that cannot be stored")]
    Text,
    /// The database cannot be reached, or the connection broke.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// A stored value is invalid, or a sealed one cannot be opened.
    #[error("a row of {table} cannot be read: {id}")]
    Corrupt { table: &'static str, id: String },
    /// This database's secrets were sealed with another master key.
    #[error("the master key is not the one this database was made with")]
    WrongKey,
    /// The end of the audit was sealed with a key that this process lacks, though the known
    /// value still opens: the master key is being changed.
    #[error(
        "this database has been written to with a newer master key: start with both, as \
         RUBRICA_MASTER_KEY and RUBRICA_OLD_MASTER_KEY"
    )]
    NewerKey,
    /// The address is not a database address.
    #[error("not a usable database address: {0}")]
    BadAddress(String),
    /// The database works, but not as the portal needs it.
    #[error("this database cannot be used: {0}")]
    Unfit(String),
    /// The database file existed before and is gone: creating a new one would
    /// hide that.
    #[error(
        "the database file {} is gone or empty, though there was one: put it back or restore a \
         backup; only to begin anew without it, remove {}",
        file.display(),
        marker.display()
    )]
    Lost {
        file: PathBuf,
        /// The file that proves that it existed.
        marker: PathBuf,
    },
    /// The migrations failed.
    #[error("the database could not be brought up to date: {0}")]
    Migration(String),
    /// A newer version has changed the tables: nothing was written.
    #[error(
        "the database was last used by a newer version of rubrica (its tables are of version \
         {found}, this program knows {known}): start that version, or restore a backup from before"
    )]
    Newer {
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// SQLite found that its file is malformed.
    #[error(
        "the database file is damaged: stop the server, keep a copy of the file, and restore the \
         last backup with `rubrica restore --replace`"
    )]
    Damaged,
    /// The file of a running server is another than the one that it opened: nothing is
    /// written any more.
    #[error(
        "{} or its -wal was replaced, overwritten or removed while the server had it open: \
         nothing is written any more. Stop the server, put the file that you want in its place \
         (`rubrica restore` for a backup), and start it again",
        file.display()
    )]
    Replaced { file: PathBuf },
    /// The file was replaced while the `-wal` of the one before stayed: nothing was opened.
    #[error(
        "{} is not the database that {wal} belongs to: it was replaced, and the -wal of the one \
         before is still there. To go on with the file as it is now, remove {wal} and {}; \
         `rubrica restore` does this by itself. Only if nobody replaced it, remove {} instead",
        file.display(),
        beside(file, "-shm").display(),
        beside(file, ".running").display(),
        wal = beside(file, "-wal").display()
    )]
    OtherWal { file: PathBuf },
}

impl From<sqlx::Error> for StorageError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(cause) => {
                // Its words alone: a line in the source of PostgreSQL helps nobody.
                of_database(&**cause)
                    .unwrap_or_else(|| Self::Unavailable(cause.message().to_owned()))
            }
            sqlx::Error::Configuration(cause) => Self::BadAddress(cause.to_string()),
            _ => Self::Unavailable(error.to_string()),
        }
    }
}

impl StorageError {
    /// Whether the same may be written later: the database is at fault, not what is
    /// written.
    pub const fn may_pass(&self) -> bool {
        !matches!(
            self,
            Self::Conflict | Self::Lapsed | Self::Reference | Self::Text
        )
    }

    /// A PostgreSQL server that takes no writes.
    pub(super) fn read_only() -> Self {
        Self::Unfit(
            "it is read-only: it is a standby, or default_transaction_read_only is on; give the \
             address of the server that takes writes, or let this one take them (promote it, or \
             turn that setting off)"
                .to_owned(),
        )
    }

    /// A database with a table of another program and without a portal; `own` is what the
    /// portal needs for itself.
    pub(super) fn of_another_program(table: &str, own: &str) -> Self {
        Self::Unfit(format!(
            "there is no portal in it, but a table {table} of another program; give the portal a \
             {own} of its own"
        ))
    }

    /// The same, with the file's name.
    pub(super) fn in_file(self, file: &Path) -> Self {
        match self {
            Self::Unfit(why) => Self::Unfit(format!("{}: {why}", file.display())),
            Self::Unavailable(why) => Self::Unavailable(format!("{}: {why}", file.display())),
            error => error,
        }
    }

    /// Whether SQLite says with it that its file is malformed.
    pub(super) fn is_damage(error: &sqlx::Error) -> bool {
        let sqlx::Error::Database(cause) = error else {
            return false;
        };
        of_database(&**cause) == Some(Self::Damaged)
    }
}

impl From<SealError> for StorageError {
    fn from(error: SealError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

fn of_database(cause: &dyn DatabaseError) -> Option<StorageError> {
    let sqlite = cause.try_downcast_ref::<SqliteError>().is_some();
    match cause.kind() {
        ErrorKind::UniqueViolation => return Some(StorageError::Conflict),
        ErrorKind::ForeignKeyViolation => return Some(StorageError::Reference),
        _ => {}
    }
    let code = cause.code()?;
    if sqlite {
        // The low byte is the main error code, the rest gives details.
        return match code.parse::<i32>().ok()? & 0xFF {
            5 | 6 => Some(StorageError::Busy),
            11 | 26 => Some(StorageError::Damaged),
            13 => Some(StorageError::Full),
            _ => None,
        };
    }
    match code.as_ref() {
        // Serialization failure, deadlock, lock time-out, statement time-out.
        "40001" | "40P01" | "55P03" | "57014" => Some(StorageError::Busy),
        "53100" => Some(StorageError::Full),
        "53300" => Some(StorageError::Unavailable(format!(
            "{}; allow this portal more of them, or set RUBRICA_POOL_SIZE to fewer",
            cause.message()
        ))),
        "25006" => Some(StorageError::read_only()),
        // Not in the repertoire, untranslatable.
        "22021" | "22P05" => Some(StorageError::Text),
        _ => None,
    }
}
