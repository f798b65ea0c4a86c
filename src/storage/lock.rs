//! Allows one running server per SQLite file: a lock file next to it, locked
//! while the server runs and released by the operating system however the
//! server ends. Admin commands do not take the lock and work while the server
//! runs.
//!
//! The lock file is non-empty once a database exists. A non-empty lock file
//! without a database means that the database was lost: we refuse to create an
//! empty one, which would hide the loss. An empty one is removed with the lock: what was
//! refused before there was a database leaves nothing behind.

use std::fs::{self, File, Permissions, TryLockError};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use percent_encoding::percent_decode_str;

use super::StorageError;
use super::files::{beside, is_filled, make_private, way_out};

/// Held by the one server of a SQLite file. On PostgreSQL it locks nothing: any
/// number of nodes may run.
#[derive(Debug)]
pub struct ServerLock {
    _held: Option<Held>,
}

#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another server runs on this file.
    #[error("another server is running on this database ({})", file.display())]
    Taken { file: PathBuf },
    /// A command orders a certificate.
    #[error("a command is ordering a certificate on this database: try again when it has ended ({})", file.display())]
    Ordering { file: PathBuf },
    /// Nothing may be ordered now.
    #[error("the keys are being changed, or a backup is being restored: try again later ({})", file.display())]
    Closed { file: PathBuf },
    /// The lock file could not be created.
    #[error("{}: {cause}{}", file.display(), way_out(cause))]
    Io { file: PathBuf, cause: io::Error },
}

impl ServerLock {
    /// Takes the lock of the database at `url`. Call it before the database is
    /// opened.
    ///
    /// # Errors
    /// [`LockError::Taken`] if another server holds it.
    pub fn take(url: &str) -> Result<Self, LockError> {
        let taken = |file| LockError::Taken { file };
        let held = locked(url, ".lock", File::try_lock, taken)?;
        Ok(Self { _held: held })
    }
}

/// Held by a command that orders certificates, beside a server or without one. The keys are
/// not rotated and nothing is restored meanwhile: what Redtrust answers it has to be stored.
/// On PostgreSQL it locks nothing.
#[derive(Debug)]
pub struct OrderLock {
    _held: Option<Held>,
}

impl OrderLock {
    /// For a command that orders. Any number of them may run.
    ///
    /// # Errors
    /// [`LockError::Closed`] while [`Self::keep_out`] is held.
    pub fn take(url: &str) -> Result<Self, LockError> {
        let closed = |file| LockError::Closed { file };
        let held = locked(url, ".orders", File::try_lock_shared, closed)?;
        Ok(Self { _held: held })
    }

    /// For a command beside which nothing may be ordered.
    ///
    /// # Errors
    /// [`LockError::Ordering`] while anything is.
    pub fn keep_out(url: &str) -> Result<Self, LockError> {
        let ordering = |file| LockError::Ordering { file };
        let held = locked(url, ".orders", File::try_lock, ordering)?;
        Ok(Self { _held: held })
    }
}

/// How often, and after how long, a lock that somebody has is tried again.
const TRIES: u32 = 5;
const BETWEEN_TRIES: Duration = Duration::from_millis(20);

/// A lock file while it is locked.
#[derive(Debug)]
struct Held {
    file: File,
    path: PathBuf,
}

impl Held {
    /// Whether its name leads to it no more: whoever had it before may have removed it.
    fn is_removed(&self) -> bool {
        self.file.metadata().is_ok_and(|file| file.nlink() == 0)
    }
}

impl Drop for Held {
    /// An empty file says nothing: the last one who has it leaves none behind.
    fn drop(&mut self) {
        let is_empty = self.file.metadata().is_ok_and(|file| file.len() == 0);
        if is_empty && !self.is_removed() && self.file.try_lock().is_ok() {
            // One that stays is used by the next one.
            let _stays = fs::remove_file(&self.path);
        }
    }
}

/// Opens and locks the file with this ending beside the database at `url`; none for a
/// database that is no file.
fn locked(
    url: &str,
    ending: &str,
    lock: impl Fn(&File) -> Result<(), TryLockError>,
    taken: impl Fn(PathBuf) -> LockError,
) -> Result<Option<Held>, LockError> {
    let Some(database) = sqlite_file(url) else {
        return Ok(None);
    };
    let database = real_path(&database);
    let path = beside(&database, ending);
    let failed = |cause| LockError::Io {
        file: path.clone(),
        cause,
    };
    let mut tries = 0..TRIES;
    loop {
        let file = open_private(&path, &database).map_err(failed)?;
        match lock(&file) {
            Ok(()) => {}
            // Whoever removes the file has it for a moment.
            Err(TryLockError::WouldBlock) if tries.next().is_some() => {
                thread::sleep(BETWEEN_TRIES);
                continue;
            }
            Err(TryLockError::WouldBlock) => return Err(taken(path)),
            Err(TryLockError::Error(cause)) => return Err(failed(cause)),
        }
        let held = Held {
            file,
            path: path.clone(),
        };
        if !held.is_removed() {
            return Ok(Some(held));
        }
    }
}

/// Whether a server of this file runs.
pub(super) fn is_taken(database: &Path) -> bool {
    let lock = File::open(lock_file_of(database));
    lock.is_ok_and(|lock| matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

/// Opens the lock file, which nobody else may open: whoever can, can lock it and so
/// block the next start. One that an earlier version made is tightened.
fn open_private(path: &Path, database: &Path) -> io::Result<File> {
    match make_private(path, database) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        made => return made,
    }
    let mut options = File::options();
    // Whoever had it may just have removed it.
    let file = options.create(true).append(true).mode(0o600).open(path)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    Ok(file)
}

/// Content of the lock file once the database exists.
const MADE: &str = "There is a rubrica database beside this file. If you have removed it on \
    purpose and want a new, empty one, remove this file too.\n";

/// Whether there is a database at `database`; an empty file is none.
///
/// # Errors
/// [`StorageError::Lost`] if there was one that is gone.
pub(super) fn is_there(database: &Path) -> Result<bool, StorageError> {
    if is_filled(database) {
        return Ok(true);
    }
    let marker = lock_file_of(database);
    match is_remembered(database) {
        true => Err(StorageError::Lost {
            file: database.to_path_buf(),
            marker,
        }),
        false => Ok(false),
    }
}

/// Whether its lock file says that there was one.
pub(super) fn is_remembered(database: &Path) -> bool {
    is_filled(&lock_file_of(database))
}

/// Notes in the lock file that the database exists. A failure is ignored: the
/// database can be used without it.
pub(super) fn remember(database: &Path) {
    let marker = lock_file_of(database);
    let write = || {
        let mut file = open_private(&marker, database)?;
        if file.metadata()?.len() == 0 {
            file.write_all(MADE.as_bytes())?;
        }
        Ok::<_, io::Error>(())
    };
    if let Err(error) = write() {
        tracing::warn!(event = "database_not_remembered", %error);
    }
}

/// The same for every path to the same database file.
fn lock_file_of(database: &Path) -> PathBuf {
    beside(&real_path(database), ".lock")
}

/// The path without links, also of a file that is not there yet.
pub(super) fn real_path(database: &Path) -> PathBuf {
    let real = database.canonicalize().or_else(|_| {
        let parent = match database.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        let name = database.file_name().unwrap_or_default();
        parent.canonicalize().map(|parent| parent.join(name))
    });
    real.unwrap_or_else(|_| database.to_path_buf())
}

/// The address of a SQLite file.
pub(super) fn url_of(file: &Path) -> String {
    let path = file.to_string_lossy();
    let path = path.replace('%', "%25").replace('?', "%3F");
    format!("sqlite://{}", path.replace('#', "%23"))
}

/// The file of a SQLite address.
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let name = rest.split('?').next().unwrap_or_default();
    let decoded = percent_decode_str(name).decode_utf8().ok()?;
    Some(PathBuf::from(decoded.as_ref()))
}
