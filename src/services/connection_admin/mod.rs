//! Connections in an admin's hands: made, changed, switched off, removed. Each
//! change and its audit row share one transaction.

mod form;
mod problem;

use crate::services::ids;
use serde_json::json;

use super::audit::done;
use super::{Actor, Portal};
use crate::domain::connection::Connection;
use crate::domain::secret::Secret;
use crate::storage::audit::NewEntry;
use crate::storage::{StorageError, audit, connections};

pub use crate::domain::connection::CaProblem;
pub use form::ConnectionForm;
pub use problem::{ConnectionField, ConnectionProblem, ConnectionProblems};

/// What became of a wish to make a connection.
#[derive(Debug, Clone)]
pub enum Made {
    /// It is there, with this id.
    Made(String),
    /// Something is wrong with these fields.
    Wrong(ConnectionProblems),
}

/// What became of a wish to change a connection.
#[derive(Debug, Clone)]
pub enum Changed {
    /// It is changed.
    Done,
    /// Something is wrong with these fields.
    Wrong(ConnectionProblems),
    /// Somebody else changed it since the form was made: this is how it stands now.
    Stale(Box<Connection>),
    /// It stands in the configuration file: change it there.
    ReadOnly,
    /// Other rows depend on it: it can be switched off only.
    InUse,
    /// There is no such connection.
    Missing,
}

/// Makes a connection.
pub async fn create(
    portal: &Portal,
    actor: &Actor,
    form: &ConnectionForm,
) -> Result<Made, StorageError> {
    let now = portal.clock.now();
    let connection = match form.read(None, ids::new_id(), &portal.connections, now) {
        Ok(connection) => connection,
        Err(problems) => return Ok(Made::Wrong(problems)),
    };
    let mut entry = done(actor, "connection.create", object(&connection));
    entry.after = Some(summary(&connection, "set"));
    let (keys, id) = (portal.keys.clone(), connection.id.clone());
    let written = portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                connections::insert(conn, &keys, &connection, now).await?;
                audit::append(conn, &keys, &entry, now).await
            })
        })
        .await;
    match written {
        Ok(()) => {
            portal.connections.changed();
            Ok(Made::Made(id))
        }
        Err(StorageError::Conflict) => Ok(Made::Wrong(vec![(
            ConnectionField::Slug,
            ConnectionProblem::SlugTaken,
        )])),
        Err(error) => Err(error),
    }
}

/// Changes a connection as it stood at `version`. An empty key keeps the
/// stored one; the slug never changes.
pub async fn edit(
    portal: &Portal,
    actor: &Actor,
    id: &str,
    version: i64,
    form: &ConnectionForm,
) -> Result<Changed, StorageError> {
    let stored = match changeable(portal, id, version).await? {
        Ok(stored) => stored,
        Err(refused) => return Ok(refused),
    };
    let now = portal.clock.now();
    let read = form.read(Some(&stored), String::new(), &portal.connections, now);
    let wanted = match read {
        Ok(wanted) => wanted,
        Err(problems) => return Ok(Changed::Wrong(problems)),
    };
    replace(portal, actor, "connection.edit", stored, wanted).await
}

/// Switches a connection on or off as it stood at `version`.
pub async fn set_enabled(
    portal: &Portal,
    actor: &Actor,
    id: &str,
    version: i64,
    enabled: bool,
) -> Result<Changed, StorageError> {
    let stored = match changeable(portal, id, version).await? {
        Ok(stored) => stored,
        Err(refused) => return Ok(refused),
    };
    let wanted = Connection {
        enabled,
        ..stored.clone()
    };
    let action = match enabled {
        true => "connection.enable",
        false => "connection.disable",
    };
    replace(portal, actor, action, stored, wanted).await
}

/// Removes a connection that nothing depends on.
pub async fn delete(
    portal: &Portal,
    actor: &Actor,
    id: &str,
    version: i64,
) -> Result<Changed, StorageError> {
    let stored = match changeable(portal, id, version).await? {
        Ok(stored) => stored,
        Err(refused) => return Ok(refused),
    };
    let mut entry = done(actor, "connection.delete", object(&stored));
    entry.before = Some(summary(&stored, "set"));
    let (keys, now) = (portal.keys.clone(), portal.clock.now());
    let written = portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                let gone = connections::delete(conn, &stored.id).await?;
                if gone {
                    audit::append(conn, &keys, &entry, now).await?;
                }
                Ok(gone)
            })
        })
        .await;
    match written {
        Ok(true) => {
            portal.connections.changed();
            Ok(Changed::Done)
        }
        Ok(false) => Ok(Changed::Missing),
        Err(StorageError::Reference) => Ok(Changed::InUse),
        Err(error) => Err(error),
    }
}

/// The stored connection if it may be changed and stands at `version`.
async fn changeable(
    portal: &Portal,
    id: &str,
    version: i64,
) -> Result<Result<Connection, Changed>, StorageError> {
    let stored = connections::by_id(&portal.storage, &portal.keys, id).await?;
    Ok(match stored {
        None => Err(Changed::Missing),
        Some(stored) if stored.from_file => Err(Changed::ReadOnly),
        Some(stored) if stored.version != version => Err(Changed::Stale(Box::new(stored))),
        Some(stored) => Ok(stored),
    })
}

async fn replace(
    portal: &Portal,
    actor: &Actor,
    action: &str,
    stored: Connection,
    wanted: Connection,
) -> Result<Changed, StorageError> {
    let entry = difference(actor, action, &stored, &wanted);
    let (keys, now, id) = (portal.keys.clone(), portal.clock.now(), stored.id);
    let replaced = portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                let replaced = connections::update(conn, &keys, &wanted, now).await?;
                if replaced {
                    audit::append(conn, &keys, &entry, now).await?;
                }
                Ok(replaced)
            })
        })
        .await?;
    portal.connections.changed();
    if replaced {
        return Ok(Changed::Done);
    }
    let stored = connections::by_id(&portal.storage, &portal.keys, &id).await?;
    Ok(stored.map_or(Changed::Missing, |stored| Changed::Stale(Box::new(stored))))
}

fn difference(actor: &Actor, action: &str, before: &Connection, after: &Connection) -> NewEntry {
    let key = key_word(&before.shared_key, &after.shared_key);
    let mut entry = done(actor, action, object(before));
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

/// The settings for the audit, the shared key as a word only.
fn summary(connection: &Connection, shared_key: &str) -> String {
    json!({
        "name": connection.name,
        "base_url": connection.base_url.as_str(),
        "domain": connection.domain,
        "partner": connection.partner.as_str(),
        "shared_key": shared_key,
        "ca_pem": connection.ca_pem,
        "dialect": connection.dialect,
        "issuer": connection.issuer,
        "direct_login": connection.direct_login,
        "enabled": connection.enabled,
        "validity_days": connection.validity_days,
        "issue_timeout_secs": connection.issue_timeout_secs,
        "extra_sign_in_origins": connection.extra_sign_in_origins,
        "offer": connection.offer,
    })
    .to_string()
}
