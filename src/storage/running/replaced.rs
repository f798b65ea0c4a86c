//! Whether the files that a server has open are still those that bear their names. SQLite
//! does not look: it goes on reading and writing a file that was moved away, removed or
//! overwritten, and mixes it with its `-wal`. A server that finds this out writes nothing
//! more, and leaves both as they are for the next start.

use std::fs;
use std::io::ErrorKind;
use std::mem;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use sqlx::{AnyConnection, Connection as _};

use super::super::files::beside;
use super::super::{Storage, StorageError};
use super::{Running, mark_with_wal, mark_without_wal};

/// How often the content of the file is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Device and number of a file; `None` if there is none.
type Id = Option<(u64, u64)>;

/// What a server has open.
#[derive(Debug, Default)]
pub(super) struct Served {
    /// Of the database and its `-wal`, at the start.
    ids: OnceLock<(Id, Id)>,
    /// Does nothing, but SQLite removes a `-wal` with the last connection, and only then.
    held: Mutex<Option<AnyConnection>>,
    replaced: AtomicBool,
    looked: Mutex<Option<Instant>>,
}

impl Served {
    /// Remembers what the files are; `held` has read from them.
    pub(super) fn begin(&self, database: &Path, held: AnyConnection) {
        let ids = (id_of(database), id_of(&beside(database, "-wal")));
        if let (Ok(database), Ok(wal)) = ids {
            let _begun_before = self.ids.set((database, wal));
        }
        *self.held() = Some(held);
    }

    pub(super) fn is_replaced(&self) -> bool {
        self.replaced.load(Ordering::Relaxed)
    }

    fn held(&self) -> MutexGuard<'_, Option<AnyConnection>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it is time to look at the content again.
    fn is_due(&self) -> bool {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = looked.is_none_or(|looked| looked.elapsed() > LOOK_EVERY);
        if is_due {
            *looked = Some(Instant::now());
        }
        is_due
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if self.is_replaced() {
            // The last connection that closes writes the -wal into the file, whatever that is.
            mem::forget(self.held().take());
        }
    }
}

/// An error is no news about the file.
fn id_of(file: &Path) -> Result<Id, ErrorKind> {
    match fs::metadata(file) {
        Ok(file) => Ok(Some((file.dev(), file.ino()))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.kind()),
    }
}

impl Running {
    /// Whether the files that this process serves, if it does, still bear their names.
    ///
    /// # Errors
    /// [`StorageError::Replaced`], also once they did not.
    pub(in crate::storage) fn is_in_place(&self) -> Result<(), StorageError> {
        let Some((database, wal)) = self.served.ids.get() else {
            return Ok(());
        };
        let is_other = |file: &Path, id: &Id| id_of(file).is_ok_and(|now| now != *id);
        let has_wal = wal.is_some();
        if is_other(&self.database, database)
            || has_wal && is_other(&beside(&self.database, "-wal"), wal)
        {
            return Err(self.note_replaced());
        }
        match self.served.is_replaced() {
            true => Err(self.error()),
            false => Ok(()),
        }
    }

    /// The same, and whether the file still has a mark that was written to it: it may have
    /// been overwritten.
    async fn is_unchanged(&self) -> Result<(), StorageError> {
        self.is_in_place()?;
        // While a mark is being written this would say nothing.
        let Ok(known) = self.known.try_lock() else {
            return Ok(());
        };
        let Some(known) = known.as_ref() else {
            return Ok(());
        };
        match mark_without_wal(&self.database).await {
            Ok(mark) if known.marks.contains(&mark) => Ok(()),
            Ok(_) => Err(self.note_replaced()),
            Err(StorageError::Damaged) => self.is_whole_with_its_wal().await,
            Err(_) if fs::metadata(&self.database).is_ok_and(|file| file.len() == 0) => {
                Err(self.note_replaced())
            }
            // Such as too many open files.
            Err(_) => Ok(()),
        }
    }

    /// Refuses a file that SQLite cannot read either. Alone it may be half written back: by
    /// a server that was killed in the midst of that, or by another process just now.
    async fn is_whole_with_its_wal(&self) -> Result<(), StorageError> {
        match mark_with_wal(&self.database).await {
            Err(StorageError::Damaged) => Err(StorageError::Damaged),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Whether nothing but the name of the `-wal` is gone: then the last connection that
    /// closes still writes what was in it into the right file.
    async fn lacks_its_wal_only(&self) -> bool {
        let Some((database, _)) = self.served.ids.get() else {
            return false;
        };
        let known = self.known.lock().await;
        let mark = mark_without_wal(&self.database).await;
        let has_mark = known
            .as_ref()
            .zip(mark.ok())
            .is_some_and(|(known, mark)| known.marks.contains(&mark));
        has_mark
            && id_of(&self.database) == Ok(*database)
            && id_of(&beside(&self.database, "-wal")) == Ok(None)
    }

    fn note_replaced(&self) -> StorageError {
        let error = self.error();
        if !self.served.replaced.swap(true, Ordering::Relaxed) {
            tracing::error!(event = "database_replaced", %error);
        }
        error
    }

    fn error(&self) -> StorageError {
        StorageError::Replaced {
            file: self.database.clone(),
        }
    }
}

impl Storage {
    /// Whether the file of this process, if it serves one, was neither replaced nor
    /// overwritten, nor its `-wal` removed.
    ///
    /// # Errors
    /// [`StorageError::Replaced`], [`StorageError::Damaged`].
    pub(in crate::storage) async fn is_still_its_file(&self) -> Result<(), StorageError> {
        let Some(running) = &self.running else {
            return Ok(());
        };
        running.is_in_place()?;
        match running.served.is_due() {
            true => self.looked_at(running).await,
            false => Ok(()),
        }
    }

    async fn looked_at(&self, running: &Running) -> Result<(), StorageError> {
        let looked = running.is_unchanged().await;
        if looked == Err(StorageError::Damaged) {
            self.reads.note_damage();
        }
        looked
    }

    /// Lets go of the file, before everything else is closed.
    pub(in crate::storage) async fn let_go(&self) {
        let Some(running) = &self.running else {
            return;
        };
        let _looked = self.looked_at(running).await;
        if running.served.is_replaced() && !running.lacks_its_wal_only().await {
            return;
        }
        let held = running.served.held().take();
        if let Some(held) = held {
            // It does not matter whether it closes cleanly.
            let _ = held.close().await;
        }
    }
}
