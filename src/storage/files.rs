//! Files beside others: their names, and names that are there to stay.

use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access, statvfs};
use rustix::process::geteuid;

use super::StorageError;

/// With fewer bytes than this a file system is as good as full.
pub(super) const LEAST_ROOM: u64 = 1024 * 1024;

/// How many bytes the file system of a file has left; `None` if it does not say how large it
/// is, as some in memory or over a network do not.
pub(super) fn room_for(file: &Path) -> Option<u64> {
    let all = statvfs(file).ok()?;
    (all.f_blocks > 0).then(|| all.f_bavail.saturating_mul(all.f_frsize))
}

/// The path with something added to its name.
pub(super) fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// A file that is not there yet, for its owner only whatever the umask. What root makes gets
/// the owner of `like`, or else of the folder: a command that somebody runs as root must not
/// lock the service out. One that is there is never given away: it may be a link.
pub(super) fn make_private(file: &Path, like: &Path) -> io::Result<File> {
    let owner = || {
        let owner = like.metadata();
        owner.or_else(|_| folder_of(file).metadata()).ok()
    };
    let owner = geteuid().is_root().then(owner).flatten();
    let mut options = OpenOptions::new();
    let options = options.append(true).create_new(true);
    let made = options.mode(0o600).open(file)?;
    made.set_permissions(Permissions::from_mode(0o600))?;
    if let Some(owner) = owner {
        // On a file system without owners nobody is locked out.
        let _kept = fchown(&made, Some(owner.uid()), Some(owner.gid()));
    }
    Ok(made)
}

fn folder_of(file: &Path) -> &Path {
    let folder = file.parent().filter(|folder| *folder != Path::new(""));
    folder.unwrap_or(Path::new("."))
}

/// Makes changes of names in this file's folder durable.
pub(super) fn sync_folder_of(file: &Path) -> io::Result<()> {
    File::open(folder_of(file))?.sync_all()
}

/// Removes a file that need not be there.
pub(super) fn remove(file: &Path) -> io::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Whether there is such a file with something in it.
pub(super) fn is_filled(file: &Path) -> bool {
    file.metadata().is_ok_and(|file| file.len() > 0)
}

/// Refuses a database that this process may not write to: SQLite also writes beside it, and
/// makes files in its folder. Asked without opening them: closing one would drop SQLite's
/// locks.
pub(super) fn may_be_written(file: &Path) -> Result<(), StorageError> {
    // SQLite follows links.
    let real = file.canonicalize().unwrap_or_else(|_| file.to_path_buf());
    may(file, Access::WRITE_OK)?;
    for ending in ["-wal", "-shm"] {
        let side = beside(&real, ending);
        if side.exists() {
            may(&side, Access::WRITE_OK)?;
        }
    }
    may(folder_of(&real), Access::WRITE_OK | Access::EXEC_OK)
}

fn may(path: &Path, how: Access) -> Result<(), StorageError> {
    access(path, how).map_err(|error| {
        let error = io::Error::from(error);
        let (path, way_out) = (path.display(), way_out(&error));
        StorageError::Unfit(format!("{path} cannot be written to ({error}){way_out}"))
    })
}

/// What to do about a file that cannot be written, to stand behind the error.
pub(super) fn way_out(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::PermissionDenied => {
            ": give it and its folder to the account that the portal runs as (chown), and let that \
             account write there (chmod u+w)"
        }
        ErrorKind::ReadOnlyFilesystem => {
            ": the file system is read-only; mount it so that it takes writes (in a unit of \
             systemd, name the folder with StateDirectory or ReadWritePaths)"
        }
        _ => "",
    }
}
