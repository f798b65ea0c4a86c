//! Whether the database answers, is the one that was opened, opens with this process's keys,
//! and can be written to: one that cannot, such as a standby, a file system that is full or
//! read-only or a file of somebody else, shows pages and fails every form.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::time::timeout;

use super::files::{LEAST_ROOM, may_be_written, room_for};
use super::reads::no_answer;
use super::seal::KeyRing;
use super::{Engine, Storage, StorageError, key_check, open};

/// How often writing is tried after it has failed.
const TRY_EVERY: Duration = Duration::from_secs(2);

/// What became of the last write, if it failed for want of a place to write to.
#[derive(Debug, Default)]
pub(super) struct LastWrite {
    failed: Mutex<Option<Failed>>,
    /// Whether there was too little room when somebody looked last.
    is_short: AtomicBool,
}

#[derive(Debug, Clone)]
struct Failed {
    error: StorageError,
    /// When it was tried again.
    tried: Option<Instant>,
}

impl LastWrite {
    fn failed(&self) -> MutexGuard<'_, Option<Failed>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes how a write has ended. A lock that somebody holds for a moment, or a row that
    /// may not be as it was wanted, says nothing about the place; nor does a connection to
    /// PostgreSQL that broke.
    pub(super) fn note(&self, engine: Engine, written: Result<(), &StorageError>) {
        let mut failed = self.failed();
        let error = match written {
            Ok(()) => None,
            Err(error @ StorageError::Full) => Some(error),
            Err(error @ StorageError::Unavailable(_)) if engine == Engine::Sqlite => Some(error),
            Err(_) => return,
        };
        *failed = error.cloned().map(|error| Failed {
            error,
            tried: failed.as_ref().and_then(|before| before.tried),
        });
    }

    /// Refuses a file system that is as good as full, before a write fails on it. It is so until
    /// it has twice as many bytes: what comes and goes with each write must not change the
    /// answer.
    fn has_room(&self, file: &Path) -> Result<(), StorageError> {
        let was_short = self.is_short.load(Ordering::Relaxed);
        let least = match was_short {
            true => 2 * LEAST_ROOM,
            false => LEAST_ROOM,
        };
        let is_short = room_for(file).is_some_and(|room| room < least);
        self.is_short.store(is_short, Ordering::Relaxed);
        match is_short {
            true => Err(StorageError::Full),
            false => Ok(()),
        }
    }
}

impl Storage {
    /// Checks all of it within two seconds. A lock that somebody holds for a moment is no
    /// reason to be not ready.
    ///
    /// # Errors
    /// [`StorageError::Replaced`] or [`StorageError::Damaged`], [`StorageError::WrongKey`] or
    /// [`StorageError::NewerKey`] if the master key was changed meanwhile,
    /// [`StorageError::Unfit`] or [`StorageError::Full`] if it cannot be written to.
    pub async fn ready(&self, keys: &KeyRing) -> Result<(), StorageError> {
        match &self.writer {
            Some(writer) => {
                self.ping().await?;
                self.is_still_its_file().await?;
                may_be_written(writer.file())?;
                self.last_write.has_room(writer.file())?;
            }
            None => self.takes_writes().await?,
        }
        self.opens_with(keys).await?;
        self.writes_again().await
    }

    /// Whether the master key is still on this ring.
    ///
    /// # Errors
    /// [`StorageError::WrongKey`] if it is not, [`StorageError::NewerKey`] if others write with
    /// one that is not, or are about to.
    pub async fn opens_with(&self, keys: &KeyRing) -> Result<(), StorageError> {
        let checked = async {
            key_check::check(self, keys).await?;
            match self.engine {
                Engine::Sqlite => Ok(()),
                Engine::Postgres => key_check::check_others(self, keys).await,
            }
        };
        let checked = timeout(open::ACQUIRE, checked).await;
        checked.unwrap_or_else(|_| Err(no_answer().into()))
    }

    /// Whether PostgreSQL is no standby.
    pub(super) async fn takes_writes(&self) -> Result<(), StorageError> {
        let mut lent = self.reads.lend().await?;
        let asked = sqlx::query_scalar("SELECT current_setting('transaction_read_only')");
        let answer = timeout(open::ACQUIRE, asked.fetch_one(lent.conn()?)).await;
        let Ok(answer) = answer else {
            return Err(no_answer().into());
        };
        lent.give_back();
        let read_only: String = answer?;
        match read_only.as_str() {
            "on" => Err(StorageError::read_only()),
            _ => Ok(()),
        }
    }

    /// After a write that failed, tries one itself.
    async fn writes_again(&self) -> Result<(), StorageError> {
        let before = match &mut *self.last_write.failed() {
            None => return Ok(()),
            Some(failed) => {
                let is_due = failed.tried.is_none_or(|at| at.elapsed() > TRY_EVERY);
                if is_due {
                    failed.tried = Some(Instant::now());
                }
                (!is_due).then(|| failed.error.clone())
            }
        };
        if let Some(error) = before {
            return Err(error);
        }
        let written = self.write(|conn| {
            Box::pin(async move {
                let sql = "INSERT INTO meta (name, value) VALUES ('write_tried', $1) \
                    ON CONFLICT (name) DO UPDATE SET value = $1";
                let value = vec![0_u8; 8];
                sqlx::query(sql).bind(value).execute(conn).await?;
                Ok(())
            })
        });
        match timeout(open::ACQUIRE, written).await {
            // Somebody else is writing.
            Err(_) | Ok(Err(StorageError::Busy)) => Ok(()),
            Ok(written) => written,
        }
    }
}
