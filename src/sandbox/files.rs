//! Files and directories for their owner only, whatever the umask. What root makes gets the
//! owner of the directory around it: a sandbox or a demo that somebody runs as root must not
//! lock that owner out.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{
    DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown,
};
use std::path::Path;

use rustix::fs::{Mode, OFlags, open};
use rustix::process::geteuid;

/// Makes a missing directory, and those above it. One that exists stays as it is.
pub fn make_directory(path: &Path) -> io::Result<()> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    if let Some(above) = path.parent() {
        make_directory(above)?;
    }
    match DirBuilder::new().mode(0o700).create(path) {
        // Another process was faster, or the path ends in `..`.
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => return Ok(()),
        made => made?,
    }
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let made = File::from(open(path, flags, Mode::empty())?);
    made.set_permissions(Permissions::from_mode(0o700))?;
    give_away(&made, path);
    Ok(())
}

/// A file that is not there yet. One that is there is never given away: it may be a link.
pub(super) fn make_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let options = options.write(true).create_new(true);
    let made = options.mode(0o600).open(path)?;
    made.set_permissions(Permissions::from_mode(0o600))?;
    give_away(&made, path);
    Ok(made)
}

/// The file, which is made if it is missing.
pub(super) fn open_or_make(path: &Path) -> io::Result<File> {
    match make_file(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            OpenOptions::new().write(true).open(path)
        }
        made => made,
    }
}

fn give_away(made: &File, path: &Path) {
    let around = path.parent().filter(|path| !path.as_os_str().is_empty());
    let around = around.unwrap_or(Path::new(".")).metadata();
    if let Ok(around) = around
        && geteuid().is_root()
    {
        // On a file system without owners nobody is locked out.
        let _kept = fchown(made, Some(around.uid()), Some(around.gid()));
    }
}
