//! One running server per SQLite file: a lock file beside it, held for as long
//! as the server lives and freed by the system however it ends. Admin commands
//! do not take it and work beside the server.
//!
//! The lock file is not empty once a database exists. A lock file that is not
//! empty beside a missing database means that the database was lost: we refuse
//! to create an empty one, which would hide that.

use std::fs::{File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;

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

/// What a lock file says once the database beside it has been made.
const MADE: &str = "There is a rubrica database beside this file. If you have removed it on \
    purpose and want a new, empty one, remove this file too.\n";

/// Whether there was a database at `database` that is gone, or empty, now:
/// then the file that says so.
pub(super) fn is_lost(database: &Path) -> Option<PathBuf> {
    let marker = lock_file_of(database);
    let holds = |file: &Path| file.metadata().is_ok_and(|file| file.len() > 0);
    (holds(&marker) && !holds(database)).then_some(marker)
}

/// Writes down that there is a database now. That this fails keeps nobody
/// from working with it.
pub(super) fn remember(database: &Path) {
    let marker = lock_file_of(database);
    let write = || {
        let mut file = File::options().create(true).append(true).open(&marker)?;
        if file.metadata()?.len() == 0 {
            file.write_all(MADE.as_bytes())?;
        }
        Ok::<_, io::Error>(())
    };
    if let Err(error) = write() {
        tracing::warn!(event = "database_not_remembered", %error);
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

/// The file behind a SQLite address.
pub(super) fn sqlite_file(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let name = rest.split('?').next().unwrap_or_default();
    let decoded = percent_decode_str(name).decode_utf8().ok()?;
    Some(PathBuf::from(decoded.as_ref()))
}
