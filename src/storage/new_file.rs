//! Files that commands write: under another name first, for their owner only, and under
//! their own once they are whole. None takes the place of anything but an ordinary file,
//! of that only if it was asked for, and never of a file that the portal needs.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};
use uuid::Uuid;

use super::files::{beside, sync_folder_of};
use super::lock::{real_path, sqlite_file};

/// What SQLite and the portal keep beside a database.
const BESIDE_DATABASE: [&str; 10] = [
    "",
    "-wal",
    "-shm",
    "-journal",
    ".lock",
    ".orders",
    ".running",
    ".running.new",
    ".restoring",
    ".damaged",
];

/// Why a file is not written.
#[derive(Debug, thiserror::Error)]
pub enum NewFileError {
    #[error("{} is there already: choose another name, or add --overwrite", .0.display())]
    Exists(PathBuf),
    #[error("{} is no ordinary file: nothing is written there", .0.display())]
    NotAFile(PathBuf),
    #[error("{} belongs to the portal itself: choose another name", .0.display())]
    Needed(PathBuf),
    #[error("{}: {cause}", file.display())]
    Io { file: PathBuf, cause: io::Error },
}

/// Where a command writes.
#[derive(Debug, Clone)]
pub struct Target {
    pub file: PathBuf,
    /// Whether the file may take the place of one that is there.
    pub overwrite: bool,
    /// Files that it may never take the place of.
    pub needed: Vec<PathBuf>,
}

impl Target {
    /// Adds the database at `url`, and what is kept beside it.
    #[must_use]
    pub fn sparing(mut self, url: &str) -> Self {
        if let Some(database) = sqlite_file(url) {
            let database = real_path(&database);
            let all = BESIDE_DATABASE.map(|ending| beside(&database, ending));
            self.needed.extend(all);
        }
        self
    }

    /// Refuses a name under which nothing may be written.
    pub fn check(&self) -> Result<(), NewFileError> {
        let file = &self.file;
        if self.needed.iter().any(|one| is_same(one, file)) {
            return Err(NewFileError::Needed(file.clone()));
        }
        match fs::symlink_metadata(file) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(cause) => Err(self.failed(cause)),
            Ok(_) if !self.overwrite => Err(NewFileError::Exists(file.clone())),
            Ok(there) if !there.is_file() => Err(NewFileError::NotAFile(file.clone())),
            Ok(_) => Ok(()),
        }
    }

    /// Creates the file under its first name.
    pub fn begin(self) -> Result<(NewFile, File), NewFileError> {
        self.check()?;
        let part = beside(&self.file, &format!(".{}.part", Uuid::new_v4().simple()));
        let mut options = OpenOptions::new();
        let made = options.write(true).create_new(true).mode(0o600).open(&part);
        let made = made.and_then(|made| {
            // Whatever the umask.
            made.set_permissions(Permissions::from_mode(0o600))?;
            Ok(made)
        });
        let out = made.map_err(|cause| self.failed(cause))?;
        let target = self;
        Ok((NewFile { target, part }, out))
    }

    fn failed(&self, cause: io::Error) -> NewFileError {
        let file = self.file.clone();
        NewFileError::Io { file, cause }
    }
}

/// A file that has not its own name yet, and is removed unless it gets it.
#[derive(Debug)]
pub struct NewFile {
    target: Target,
    part: PathBuf,
}

impl NewFile {
    /// The name that it has now.
    pub fn part(&self) -> &Path {
        &self.part
    }

    /// Gives it its name, durably.
    pub fn finish(self) -> Result<(), NewFileError> {
        let (target, part) = (&self.target, &self.part);
        target.check()?;
        let named = File::open(part).and_then(|part| part.sync_all());
        let named = named.and_then(|()| match target.overwrite {
            true => fs::rename(part, &target.file),
            false => rename_new(part, &target.file),
        });
        match named.and_then(|()| sync_folder_of(&target.file)) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Err(NewFileError::Exists(target.file.clone()))
            }
            Err(cause) => Err(target.failed(cause)),
        }
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        // Nobody needs a half of it.
        let _gone = fs::remove_file(&self.part);
    }
}

/// Takes no other file's place, where the file system can promise that.
fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => fs::rename(from, to),
        renamed => Ok(renamed?),
    }
}

/// Whether two names lead to one file, or would.
pub(super) fn is_same(one: &Path, other: &Path) -> bool {
    let id = |file: &Path| file.metadata().ok().map(|file| (file.dev(), file.ino()));
    real_path(one) == real_path(other) || id(one).is_some_and(|one| id(other) == Some(one))
}
