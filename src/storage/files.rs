//! Files beside others: their names, and names that are there to stay.

use std::fs::{File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use super::StorageError;

/// The path with something added to its name.
pub(super) fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// A new file, or an emptied one, that only its owner may read whatever the umask.
pub(super) fn create_private(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let options = options.write(true).create(true).truncate(true);
    let made = options.mode(0o600).open(file)?;
    made.set_permissions(Permissions::from_mode(0o600))?;
    Ok(made)
}

/// Makes changes of names in this file's folder durable.
pub(super) fn sync_folder_of(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|folder| *folder != Path::new(""));
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
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

/// Refuses a file that this process may not write to. Asked without opening it: closing it
/// would drop SQLite's locks.
pub(super) fn may_be_written(file: &Path) -> Result<(), StorageError> {
    access(file, Access::WRITE_OK).map_err(|error| {
        let file = file.display();
        StorageError::Unfit(format!(
            "{file} cannot be written to ({error}): give it to the account that the portal runs \
             as (chown), and let that account write (chmod u+w)"
        ))
    })
}
