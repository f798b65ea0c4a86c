//! What a server of a SQLite file keeps beside it: a file that is gone after an orderly
//! stop, so that the next start looks for damage after any other end.
//!
//! SQLite applies a `-wal` to whatever file has the right name, also to a backup that was
//! copied over the database. Therefore the server writes a mark into the database, once a
//! minute and at its start, and has it copied into the file itself; the marks that the
//! file may hold stand in the file beside it. A file with another mark was replaced.
//! What a running server does about that is in `replaced`.

mod replaced;

use std::fs::{self, Metadata};
use std::io::{self, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sqlx::{AnyConnection, Connection as _};
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use uuid::Uuid;

use super::files::{beside, is_filled, make_private, remove};
use super::lock::{self, real_path, url_of};
use super::seal::KeyRing;
use super::{Storage, StorageError, key_check, meta};
use replaced::Served;

const NAME: &str = "running_mark";
const ENDING: &str = ".running";

/// What a database without any mark is said to have.
const NO_MARK: &str = "none";

/// How much later than the last write to its `-wal` the file itself may have changed:
/// that is when SQLite copies the one into the other, and as much longer as that takes for
/// so many bytes a second.
const WRITTEN_BACK_WITHIN: Duration = Duration::from_secs(2);
const WRITTEN_BACK_A_SECOND: u64 = 16 * 1024 * 1024;

/// How long a start waits for the search for damage; it goes on behind the open doors.
const WAIT_FOR_CHECK: Duration = Duration::from_secs(1);

/// The file beside a database.
#[derive(Debug)]
pub(super) struct Running {
    database: PathBuf,
    /// `None` until this process serves the database.
    known: Arc<Mutex<Option<Known>>>,
    served: Served,
}

type Locked = OwnedMutexGuard<Option<Known>>;

/// Its content.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Known {
    /// The marks that the database file, without its `-wal`, may hold.
    marks: Vec<String>,
    /// The number of the database file in its file system.
    inode: u64,
    /// The ids of the master keys that the server has.
    #[serde(default)]
    keys: Vec<String>,
}

impl Running {
    pub(super) fn of(database: &Path) -> Self {
        Self {
            database: real_path(database),
            known: Arc::default(),
            served: Served::default(),
        }
    }

    /// Writes the file. What it says stays locked until then, also if nobody waits for it
    /// any more: an orderly stop removes the file after that.
    async fn write(&self, known: Locked) -> io::Result<Locked> {
        let file = beside(&self.database, ENDING);
        let new = beside(&self.database, ".running.new");
        let database = self.database.clone();
        let written = spawn_blocking(move || {
            remove(&new)?;
            let mut out = make_private(&new, &database)?;
            out.write_all(serde_json::to_string(&*known)?.as_bytes())?;
            out.sync_all()?;
            fs::rename(new, file)?;
            Ok(known)
        });
        written.await?
    }
}

/// Removes the file beside a database.
pub(super) fn forget(database: &Path) {
    if let Err(error) = remove(&beside(&real_path(database), ENDING)) {
        tracing::warn!(event = "running_file_not_removed", %error);
    }
}

fn known_of(database: &Path) -> Option<Known> {
    let text = fs::read_to_string(beside(database, ENDING)).ok()?;
    serde_json::from_str(&text).ok()
}

/// Refuses a database file that was replaced beside the `-wal` of another.
///
/// # Errors
/// [`StorageError::OtherWal`].
pub(super) async fn refuse_other_wal(database: &Path) -> Result<(), StorageError> {
    let database = real_path(database);
    // A server that runs may write a new mark between two looks.
    for _ in 0..3 {
        if !is_replaced(&database).await {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err(StorageError::OtherWal { file: database })
}

async fn is_replaced(database: &Path) -> bool {
    let wal = beside(database, "-wal");
    let (true, Some(known)) = (is_filled(&wal), known_of(database)) else {
        return false;
    };
    let (Ok(file), Ok(wal)) = (database.metadata(), wal.metadata()) else {
        return false;
    };
    if file.ino() != known.inode || written_after(&file, &wal) {
        return true;
    }
    // What cannot be read is looked at later, with the -wal.
    let mark = mark_without_wal(database).await.ok();
    mark.is_some_and(|mark| !known.marks.contains(&mark))
}

fn written_after(file: &Metadata, wal: &Metadata) -> bool {
    let longer = Duration::from_secs(wal.len() / WRITTEN_BACK_A_SECOND);
    let (Ok(file), Ok(wal)) = (file.modified(), wal.modified()) else {
        return false;
    };
    file > wal + WRITTEN_BACK_WITHIN + longer
}

/// A connection to the file alone, as if there were no `-wal`. It changes nothing.
pub(super) async fn without_wal(database: &Path) -> Result<AnyConnection, StorageError> {
    to_read(database, "mode=ro&immutable=true").await
}

/// A connection that reads what SQLite makes of the file and its `-wal`.
pub(super) async fn with_wal(database: &Path) -> Result<AnyConnection, StorageError> {
    to_read(database, "mode=ro").await
}

async fn to_read(database: &Path, how: &str) -> Result<AnyConnection, StorageError> {
    sqlx::any::install_default_drivers();
    let url = format!("{}?{how}", url_of(database));
    Ok(AnyConnection::connect(&url).await?)
}

async fn mark_without_wal(database: &Path) -> Result<String, StorageError> {
    mark_and_close(without_wal(database).await?).await
}

/// The mark that SQLite reads from the file and its `-wal`.
async fn mark_with_wal(database: &Path) -> Result<String, StorageError> {
    mark_and_close(with_wal(database).await?).await
}

async fn mark_and_close(mut conn: AnyConnection) -> Result<String, StorageError> {
    let mark = mark_of(&mut conn).await;
    conn.close().await?;
    mark
}

async fn mark_of(conn: &mut AnyConnection) -> Result<String, StorageError> {
    let mark = meta::value(conn, NAME).await?;
    Ok(mark.map_or_else(
        || NO_MARK.to_owned(),
        |mark| String::from_utf8_lossy(&mark).into_owned(),
    ))
}

impl Storage {
    /// Begins to serve the database with these keys, of which other nodes hear. After anything
    /// but an orderly stop a file is searched for damage, for at most a second; what is found
    /// later makes [`Storage::ping`] fail.
    ///
    /// # Errors
    /// [`StorageError::Damaged`].
    pub async fn begin_to_serve(&self, keys: &KeyRing) -> Result<(), StorageError> {
        let Some(running) = &self.running else {
            if let Err(error) = key_check::tell_others(self, keys).await {
                tracing::warn!(event = "database_not_marked", %error);
            }
            return Ok(());
        };
        let left = known_of(&running.database);
        if beside(&running.database, ENDING).exists() {
            tracing::warn!(event = "stopped_without_order");
            let this = self.clone();
            let check = tokio::spawn(async move { this.check_whole().await });
            if let Ok(Ok(found)) = timeout(WAIT_FOR_CHECK, check).await {
                found?;
            }
        }
        let mut conn = self.own_connection().await?;
        let mut marks = left.map(|left| left.marks).unwrap_or_default();
        marks.push(mark_of(&mut conn).await?);
        // Where nothing told of it, the file may still have an older one.
        marks.extend(mark_without_wal(&running.database).await.ok());
        running.served.begin(&running.database, conn);
        let inode = running.database.metadata().map_or(0, |file| file.ino());
        let keys = keys.ids()?;
        *running.known.lock().await = Some(Known { marks, inode, keys });
        if let Err(error) = self.mark().await {
            // A full disk is no reason not to start.
            tracing::warn!(event = "database_not_marked", %error);
        }
        Ok(())
    }

    /// Writes a new mark, once this process serves the database.
    pub async fn mark(&self) -> Result<(), StorageError> {
        self.is_still_its_file().await?;
        let (Some(running), Some(writer)) = (&self.running, &self.writer) else {
            return Ok(());
        };
        let mut locked = Arc::clone(&running.known).lock_owned().await;
        let Some(known) = locked.as_mut() else {
            return Ok(());
        };
        let failed = |error: io::Error| StorageError::Unavailable(error.to_string());
        let new = Uuid::new_v4().simple().to_string();
        known.marks.push(new.clone());
        locked = running.write(locked).await.map_err(failed)?;
        meta::put(self, NAME, new.clone().into_bytes()).await?;
        if writer.write_back().await? {
            if let Some(known) = locked.as_mut() {
                known.marks = vec![new];
            }
            running.write(locked).await.map_err(failed)?;
        }
        Ok(())
    }

    /// Notes the orderly stop, after everything is closed. If the file is another, the next
    /// start has to look at it.
    pub async fn end_to_serve(&self) {
        if let Some(running) = &self.running
            && running.known.lock().await.take().is_some()
            && !running.served.is_replaced()
        {
            forget(&running.database);
        }
    }

    /// Whether a server of this file runs that cannot open what the current key of the ring
    /// seals. About nodes on PostgreSQL nothing is known here.
    pub fn is_served_without(&self, keys: &KeyRing) -> Result<bool, StorageError> {
        let Some(running) = &self.running else {
            return Ok(false);
        };
        let current = keys.id()?;
        let has_it = |known: Known| known.keys.contains(&current);
        Ok(lock::is_taken(&running.database) && !known_of(&running.database).is_some_and(has_it))
    }

    /// Searches a SQLite file for damage.
    ///
    /// # Errors
    /// [`StorageError::Damaged`].
    pub(super) async fn check_whole(&self) -> Result<(), StorageError> {
        if self.running.is_none() {
            return Ok(());
        }
        let mut conn = self.own_connection().await?;
        let found = sqlx::query_scalar("PRAGMA quick_check(1)")
            .fetch_one(&mut conn)
            .await;
        conn.close().await?;
        let found: String = found?;
        if found == "ok" {
            return Ok(());
        }
        tracing::error!(event = "database_check_failed", %found);
        self.reads.note_damage();
        Err(StorageError::Damaged)
    }

    /// Whether there is nothing in the database that anybody would miss.
    pub(super) async fn holds_nothing(&self) -> Result<bool, StorageError> {
        if !key_check::is_a_portals(self).await? {
            return Ok(true);
        }
        let sql = "SELECT (SELECT COUNT(*) FROM connections) + (SELECT COUNT(*) FROM admins) \
            + (SELECT COUNT(*) FROM audit)";
        let rows: i64 = sqlx::query_scalar(sql).fetch_one(&self.reads).await?;
        Ok(rows == 0)
    }
}
