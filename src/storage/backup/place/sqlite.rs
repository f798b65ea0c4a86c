//! The new file beside the SQLite file.
//!
//! A `-wal` that stays beside another file would be applied to it and corrupt it, so the
//! one of the old file is written back and gone before the new file gets its name.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sqlx::{AnyConnection, Connection as _};

use super::super::super::files::{beside, is_filled, make_private, remove, sync_folder_of};
use super::super::super::new_file::is_same;
use super::super::super::{Storage, StorageError, lock, running};
use super::super::BackupError;

/// Files that SQLite keeps beside a database.
const SIDE_FILES: [&str; 2] = ["-wal", "-shm"];

fn aside(file: &Path) -> PathBuf {
    beside(file, ".restoring")
}

pub(super) async fn is_empty(file: &Path) -> bool {
    if !file.exists() {
        // A `-wal` without its file is of no use, and is kept all the same.
        return true;
    }
    if !is_filled(file) {
        return !is_filled(&beside(file, "-wal"));
    }
    let looked = async {
        let storage = Storage::connect(&lock::url_of(file), None).await?;
        let empty = storage.holds_nothing().await;
        storage.close().await;
        empty
    };
    looked.await.unwrap_or(false)
}

/// Makes the new file, which belongs to whom the old one belongs.
pub(super) fn prepare(file: &Path) -> Result<String, BackupError> {
    let new = aside(file);
    remove_aside(&new)?;
    make_private(&new, file).map_err(BackupError::io(&new))?;
    Ok(lock::url_of(&new))
}

fn remove_aside(new: &Path) -> Result<(), BackupError> {
    for ending in ["", "-wal", "-shm"] {
        let old = beside(new, ending);
        remove(&old).map_err(BackupError::io(&old))?;
    }
    Ok(())
}

pub(super) fn clean(file: &Path) {
    // What stays is removed by the next attempt.
    let _stays = remove_aside(&aside(file));
}

pub(super) async fn swap(file: &Path) -> Result<(), BackupError> {
    let new = aside(file);
    settle(&new).await?;
    if !file.exists() || settle(file).await.is_err() {
        set_aside(file).map_err(BackupError::io(file))?;
    }
    for ending in SIDE_FILES {
        let side = beside(file, ending);
        if is_filled(&side) && ending == "-wal" {
            // Somebody has it open, or it would be empty.
            return Err(BackupError::InUse);
        }
        remove(&side).map_err(BackupError::io(&side))?;
    }
    let named = fs::File::open(&new)
        .and_then(|new| new.sync_all())
        .and_then(|()| fs::rename(&new, file))
        .and_then(|()| sync_folder_of(file));
    named.map_err(BackupError::io(file))?;
    running::forget(file);
    lock::remember(file);
    Ok(())
}

/// Writes the `-wal` of a database back into it, so that the file alone is the database.
async fn settle(file: &Path) -> Result<(), StorageError> {
    let url = format!("{}?mode=rw", lock::url_of(file));
    let mut conn = AnyConnection::connect(&url).await?;
    let emptied = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(&mut conn)
        .await;
    conn.close().await?;
    emptied?;
    Ok(())
}

/// Keeps a database that cannot be opened under another name, with its `-wal`; of one that is
/// gone what is left of it.
fn set_aside(file: &Path) -> io::Result<()> {
    let kept = beside(file, ".damaged");
    // After an attempt that was interrupted it is there, with its `-wal`.
    if file.exists() && !is_same(&kept, file) {
        for ending in ["", "-wal", "-shm"] {
            remove(&beside(&kept, ending))?;
        }
        fs::hard_link(file, &kept)?;
    }
    for ending in SIDE_FILES {
        let side = beside(file, ending);
        if side.exists() {
            fs::rename(&side, beside(&kept, ending))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_database_is_kept_with_its_own_wal_and_with_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("portal.db");
        let read = |ending: &str| fs::read_to_string(beside(&file, ending)).ok();
        fs::write(&file, "first").unwrap();
        fs::write(beside(&file, "-wal"), "of the first").unwrap();
        set_aside(&file).unwrap();
        // Interrupted before the new file took its place.
        set_aside(&file).unwrap();
        assert_eq!(read(".damaged-wal").as_deref(), Some("of the first"));
        fs::remove_file(&file).unwrap();
        fs::write(&file, "second").unwrap();
        set_aside(&file).unwrap();
        assert_eq!(read(".damaged").as_deref(), Some("second"));
        assert_eq!(read(".damaged-wal"), None);
    }
}
