//! Connections as admins manage them: created, changed, switched on and off.
//! Each change and its audit entry share one transaction.

use serde_json::Value;

use super::audit::{entry, write_audited};
use super::{Actor, Portal, ids};
use crate::domain::audit::Action;
use crate::domain::connection::{Connection, KeyRole, Problem, Problems, Slug, Written};
use crate::domain::secret::Secret;
use crate::storage::audit::NewEntry;
use crate::storage::{StorageError, connections};

/// Result of creating a connection.
#[derive(Debug, Clone)]
pub enum Made {
    /// Created with this slug.
    Made(Slug),
    /// Some fields have problems.
    Wrong(Problems),
}

/// Result of changing a connection.
#[derive(Debug, Clone)]
pub enum Changed {
    Done,
    /// Some fields have problems.
    Wrong(Problems),
    /// Somebody else changed it since the form was rendered: this is its
    /// current version.
    Stale(Box<Connection>),
    /// The configuration file decides about it: change it there.
    ReadOnly,
    Missing,
}

/// Creates a connection.
pub async fn create(
    portal: &Portal,
    actor: &Actor,
    written: &Written,
) -> Result<Made, StorageError> {
    let now = portal.clock.now();
    let connection = match read(portal, written, None) {
        Ok(connection) => connection,
        Err(problems) => return Ok(Made::Wrong(problems)),
    };
    let mut entry = entry(actor, Action::ConnectionCreate, object(&connection));
    entry.after = Some(summary(&connection, "set"));
    let (keys, slug) = (portal.keys.clone(), connection.slug.clone());
    let written = write_audited(portal, entry, move |conn| {
        Box::pin(async move {
            connections::insert(conn, &keys, &connection, now).await?;
            Ok(true)
        })
    });
    match written.await {
        Ok(_) => {
            portal.connections.changed();
            Ok(Made::Made(slug))
        }
        Err(StorageError::Conflict) => Ok(Made::Wrong(vec![("slug", Problem::SlugTaken)])),
        Err(error) => Err(error),
    }
}

/// Changes a connection, if it is still at `version`. An empty key keeps the
/// stored one; the slug never changes.
pub async fn edit(
    portal: &Portal,
    actor: &Actor,
    id: &str,
    version: i64,
    written: &Written,
) -> Result<Changed, StorageError> {
    let stored = match changeable(portal, id, version).await? {
        Ok(stored) => stored,
        Err(refused) => return Ok(refused),
    };
    let wanted = match read(portal, written, Some(&stored)) {
        Ok(wanted) => wanted,
        Err(problems) => return Ok(Changed::Wrong(problems)),
    };
    replace(portal, actor, Action::ConnectionEdit, stored, wanted).await
}

/// Switches a connection on or off, if it is still at `version`.
pub async fn set_enabled(
    portal: &Portal,
    actor: &Actor,
    id: &str,
    version: i64,
    enabled: bool,
) -> Result<Changed, StorageError> {
    let is_decided_here = |stored: &Connection| !stored.is_in_file();
    let stored = match at_version(portal, id, version, is_decided_here).await? {
        Ok(stored) => stored,
        Err(refused) => return Ok(refused),
    };
    let wanted = Connection {
        enabled,
        ..stored.clone()
    };
    let action = match enabled {
        true => Action::ConnectionEnable,
        false => Action::ConnectionDisable,
    };
    replace(portal, actor, action, stored, wanted).await
}

/// Makes a connection that left the configuration file one that is changed on the
/// pages.
pub async fn hand_over(
    portal: &Portal,
    actor: &Actor,
    id: &str,
    version: i64,
) -> Result<Changed, StorageError> {
    let has_left = |stored: &Connection| stored.left_file_at.is_some();
    let stored = match at_version(portal, id, version, has_left).await? {
        Ok(stored) => stored,
        Err(refused) => return Ok(refused),
    };
    let wanted = Connection {
        from_file: false,
        left_file_at: None,
        ..stored.clone()
    };
    let action = Action::ConnectionHandOver;
    replace(portal, actor, action, stored, wanted).await
}

/// Reads and checks the form like the configuration file at the start.
fn read(
    portal: &Portal,
    written: &Written,
    stored: Option<&Connection>,
) -> Result<Connection, Problems> {
    let connection = written.read(stored, ids::new_id())?;
    let problems = portal.connections.problems(&connection, portal.clock.now());
    if problems.is_empty() {
        Ok(connection)
    } else {
        Err(problems)
    }
}

/// The stored connection, if its settings are changed on the pages and it is still at
/// `version`.
pub(super) async fn changeable(
    portal: &Portal,
    id: &str,
    version: i64,
) -> Result<Result<Connection, Changed>, StorageError> {
    at_version(portal, id, version, |stored| !stored.from_file).await
}

async fn at_version(
    portal: &Portal,
    id: &str,
    version: i64,
    may_change: impl Fn(&Connection) -> bool,
) -> Result<Result<Connection, Changed>, StorageError> {
    let stored = connections::by_id(&portal.storage, &portal.keys, id).await?;
    Ok(match stored {
        None => Err(Changed::Missing),
        Some(stored) if !may_change(&stored) => Err(Changed::ReadOnly),
        Some(stored) if stored.version != version => Err(Changed::Stale(Box::new(stored))),
        Some(stored) => Ok(stored),
    })
}

/// Stores `wanted` instead of `stored`, unless somebody else was first.
pub(super) async fn replace(
    portal: &Portal,
    actor: &Actor,
    action: Action,
    stored: Connection,
    wanted: Connection,
) -> Result<Changed, StorageError> {
    let entry = difference(actor, action, &stored, &wanted);
    let (keys, now, id) = (portal.keys.clone(), portal.clock.now(), stored.id);
    let replaced = write_audited(portal, entry, move |conn| {
        Box::pin(async move { connections::update(conn, &keys, &wanted, now).await })
    })
    .await?;
    portal.connections.changed();
    if replaced {
        return Ok(Changed::Done);
    }
    let stored = connections::by_id(&portal.storage, &portal.keys, &id).await?;
    Ok(stored.map_or(Changed::Missing, |stored| Changed::Stale(Box::new(stored))))
}

fn difference(actor: &Actor, action: Action, before: &Connection, after: &Connection) -> NewEntry {
    let key = key_word(&before.shared_key, &after.shared_key);
    let mut entry = entry(actor, action, object(before));
    entry.before = Some(summary(before, "set"));
    entry.after = Some(summary(after, key));
    entry
}

fn key_word(before: &Secret, after: &Secret) -> &'static str {
    match before == after {
        true => "kept",
        false => "replaced",
    }
}

fn object(connection: &Connection) -> String {
    format!("connection {}", connection.slug)
}

/// The settings for the audit; for the keys there are words such as "replaced", never
/// the keys.
fn summary(connection: &Connection, shared_key: &str) -> String {
    let mut all: serde_json::Map<String, Value> = connection
        .settings
        .texts()
        .into_iter()
        .map(|(key, text)| (key, text.into()))
        .collect();
    let second = connection.second_key.as_ref().map(|second| second.role);
    let second_key = match second {
        None => "",
        Some(KeyRole::Next) => "next",
        Some(KeyRole::Previous { .. }) => "previous",
    };
    all.insert("shared_key".to_owned(), shared_key.into());
    all.insert("second_key".to_owned(), second_key.into());
    all.insert("from_file".to_owned(), connection.from_file.into());
    all.insert("enabled".to_owned(), connection.enabled.into());
    Value::Object(all).to_string()
}
