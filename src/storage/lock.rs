//! One running server per SQLite file: a lock file beside it, held for as long
//! as the server lives and freed by the system however it ends. Admin commands
//! do not take it and work beside the server.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::open::sqlite_file;

/// Held by the one server of a SQLite file. On PostgreSQL there is nothing to
/// hold: any number of nodes may serve.
#[derive(Debug)]
pub struct ServerLock {
    _file: Option<File>,
}

/// Why a server may not start.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another one serves this file.
    #[error("another server is running on this database ({})", file.display())]
    Taken {
        /// The lock file.
        file: PathBuf,
    },
    /// The lock file could not be made.
    #[error("{}: {cause}", file.display())]
    Io {
        /// The lock file.
        file: PathBuf,
        /// Why.
        cause: io::Error,
    },
}

impl ServerLock {
    /// Takes the lock of the database at `url`, before it is opened.
    ///
    /// # Errors
    /// [`LockError::Taken`] where another server holds it.
    pub fn take(url: &str) -> Result<Self, LockError> {
        let Some(database) = sqlite_file(url) else {
            return Ok(Self { _file: None });
        };
        let path = lock_file_of(&database);
        let failed = |cause| LockError::Io {
            file: path.clone(),
            cause,
        };
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(LockError::Taken { file: path }),
            Err(TryLockError::Error(cause)) => Err(failed(cause)),
        }
    }
}

/// The same for every name of the same database file.
fn lock_file_of(database: &Path) -> PathBuf {
    let real = database.canonicalize().or_else(|_| {
        let parent = match database.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        let name = database.file_name().unwrap_or_default();
        parent.canonicalize().map(|parent| parent.join(name))
    });
    let mut name = real
        .unwrap_or_else(|_| database.to_path_buf())
        .into_os_string();
    name.push(".lock");
    PathBuf::from(name)
}
