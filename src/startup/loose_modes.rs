//! Files with secrets that other users of the machine can read or change. The portal
//! starts all the same: a secret in a container is often mounted like this.

use std::fmt;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::config::DataConfig;
use crate::storage::lock::sqlite_file;

/// Any access of others, or that the group may write. A group that may read is how
/// secrets are usually given to a service.
const LOOSE: u32 = 0o027;

/// A file that is open to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LooseFile {
    path: PathBuf,
    mode: u32,
}

impl fmt::Display for LooseFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, mode) = (self.path.display(), self.mode);
        write!(
            f,
            "{path} has mode {mode:04o}: other users of this machine can use it; chmod 600 it"
        )
    }
}

impl LooseFile {
    /// All of them, among the files that the configuration names.
    pub fn all(data: &DataConfig) -> Vec<Self> {
        let database = sqlite_file(&data.database_url);
        let files = data.secret_files.iter().cloned().chain(database);
        files.filter_map(|path| Self::of(&path)).collect()
    }

    fn of(path: &Path) -> Option<Self> {
        let mode = path.metadata().ok()?.permissions().mode() & 0o7777;
        let path = path.to_path_buf();
        (mode & LOOSE != 0).then_some(Self { path, mode })
    }
}

/// Logs all of them.
pub(super) fn warn(data: &DataConfig) {
    for loose in LooseFile::all(data) {
        tracing::warn!(event = "file_open_to_others", file = %loose);
    }
}
