//! Restores a backup: all of it into a new database beside the old one, which is checked
//! and then takes the old one's place in one step. A kill leaves the old or the new.

use std::path::Path;

use super::super::audit::{self, NewEntry};
use super::super::lock::{OrderLock, ServerLock};
use super::super::seal::KeyRing;
use super::super::{Storage, check_address, key_check, migrations};
use super::BackupError;
use super::load::load;
use super::place::Place;
use super::record::{End, Head, Records};
use super::wrong::what_is_wrong;
use crate::domain::millis::Millis;

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    pub made_at: Millis,
    pub tables: usize,
    pub rows: u64,
    /// What was wrong already in the database that was saved.
    pub wrong: Vec<String>,
    /// Whether it only opens with the old master key too, until the keys are rotated.
    pub needs_old_key: bool,
}

/// Restores `file` into the database at `url`. `entry` is what the audit of the restored
/// database says about it.
///
/// # Errors
/// [`BackupError::Locked`], [`BackupError::InUse`] or [`BackupError::Connected`] while a server
/// runs on it or a command orders something,
/// [`BackupError::NotEmpty`] if there is something in it and `replace` is not set; after
/// any error the database is as it was.
pub async fn restore(
    url: &str,
    keys: &KeyRing,
    file: &Path,
    replace: bool,
    entry: NewEntry,
    now: Millis,
) -> Result<Restored, BackupError> {
    check_address(url)?;
    let _lock = ServerLock::take(url)?;
    let _nothing_ordered = OrderLock::keep_out(url)?;
    let mut records = Records::open(file, keys)?;
    let head = records.head()?;
    migrations::knows(head.schema)?;
    let place = Place::of(url).await?;
    if !replace && !place.is_empty().await? {
        return Err(BackupError::NotEmpty);
    }
    let aside = place.prepare().await?;
    let built = build(&aside, keys, &head, &mut records, entry, now).await;
    let done = match built {
        Ok(end) => place.swap().await.map(|()| end),
        Err(error) => Err(error),
    };
    if done.is_err() {
        place.clean().await;
    }
    let (end, needs_old_key) = done?;
    Ok(Restored {
        made_at: head.made_at,
        tables: end.rows.len(),
        rows: end.rows.values().sum(),
        wrong: end.wrong.unwrap_or_default(),
        needs_old_key,
    })
}

/// Writes the database at `url` and checks it. Opening it, as a server would, brings it
/// up to date. Also tells whether it needs the old master key.
async fn build(
    url: &str,
    keys: &KeyRing,
    head: &Head,
    records: &mut Records<'_>,
    entry: NewEntry,
    now: Millis,
) -> Result<(End, bool), BackupError> {
    let storage = Storage::connect(url, None).await?;
    let end = load(&storage, head, records).await;
    storage.close().await;
    let end = end?;
    // Not `open`: it is not in its place yet.
    let storage = Storage::connect(url, None).await?;
    let needs_old_key = !key_check::is_current(&storage, keys).await?;
    storage.bring_up_to_date(keys).await?;
    let checked = check(&storage, keys, &end, entry, now).await;
    storage.close().await;
    checked.map(|()| (end, needs_old_key))
}

async fn check(
    storage: &Storage,
    keys: &KeyRing,
    end: &End,
    entry: NewEntry,
    now: Millis,
) -> Result<(), BackupError> {
    storage.check_whole().await?;
    let now_wrong = what_is_wrong(storage, keys).await?;
    if let Some(known) = &end.wrong {
        let mut new = now_wrong.iter().filter(|wrong| !known.contains(wrong));
        if let Some(wrong) = new.next() {
            return Err(BackupError::Different(wrong.clone()));
        }
    }
    if now_wrong.is_empty() {
        let keys = keys.clone();
        let noted = storage.write(move |conn| {
            Box::pin(async move { audit::append(conn, &keys, &entry, now).await })
        });
        noted.await?;
    }
    Ok(())
}
