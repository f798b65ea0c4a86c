//! Restores a backup, and has the audit of the restored database say so.

use std::path::Path;

use serde_json::json;

use super::Actor;
use super::audit::entry;
use crate::domain::audit::Action;
use crate::domain::millis::Millis;
use crate::storage::backup::{self, BackupError, Restored};
use crate::storage::seal::KeyRing;

/// Restores `file` into the database at `url`, which is replaced if it is not empty and
/// `replace` says so.
///
/// # Errors
/// [`BackupError`]; the database is as it was.
pub async fn restore(
    url: &str,
    keys: &KeyRing,
    file: &Path,
    replace: bool,
    actor: &Actor,
    now: Millis,
) -> Result<Restored, BackupError> {
    let mut entry = entry(actor, Action::DatabaseRestore, "database");
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    entry.after = Some(json!({ "backup": name, "replace": replace }).to_string());
    backup::restore(url, keys, file, replace, entry, now).await
}
