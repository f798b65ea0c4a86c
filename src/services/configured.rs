//! Connections from the configuration file, stored at every start.

use std::sync::Arc;

use serde_json::json;

use super::audit::{entry, write_audited};
use super::connections::{self, ConnectionError};
use super::consequences::{Consequences, Moved, in_use};
use super::portal::callback_url;
use super::{Actor, Portal, Source, ids};
use crate::domain::audit::{Action, SYSTEM};
use crate::domain::connection::{BaseUrl, Connection, Problem, Problems, Slug};
use crate::domain::millis::Millis;
use crate::domain::redirect_url::RedirectUrl;
use crate::redtrust::ClientSettings;
use crate::storage::audit::{self, NewEntry};
use crate::storage::{StorageError, connections as rows, owners, redirect_urls};

/// Problems of a readable connection from the file, and of its redirect URL:
/// the portal has only one callback address per connection.
pub fn problems(
    connection: &Connection,
    redirect_url: Option<&RedirectUrl>,
    public_url: Option<&str>,
    client: &ClientSettings,
    now: Millis,
) -> Problems {
    let mut problems = connections::problems(connection, client, now);
    if let (Some(url), Some(public_url)) = (redirect_url, public_url) {
        let expected = callback_url(public_url, &connection.slug);
        if url.as_str() != expected {
            let given = url.to_string();
            problems.push(("redirect_url", Problem::NotOurs { given, expected }));
        }
    }
    problems
}

/// Disables the connections that an earlier start took from the file and that are no
/// longer among `slugs`, the file's. An admin may enable them again.
pub async fn disable_left_out(portal: &Arc<Portal>, slugs: &[&Slug]) -> Result<(), StorageError> {
    let (stored, _) = rows::readable(&portal.storage, &portal.keys).await?;
    let left_out = stored
        .into_iter()
        .filter(|one| one.is_in_file() && !slugs.contains(&&one.slug));
    for connection in left_out {
        let slug = connection.slug.clone();
        let action = Action::ConnectionLeftFile;
        let mut audited = entry(&the_start(), action, format!("connection {slug}"));
        audited.before = Some(json!({ "enabled": connection.enabled }).to_string());
        audited.after = Some(json!({ "enabled": false }).to_string());
        let (keys, now) = (Arc::clone(&portal.keys), portal.clock.now());
        let wanted = Connection {
            enabled: false,
            left_file_at: Some(now),
            ..connection.clone()
        };
        let consequences = Consequences::of(&connection, &wanted, false);
        let (written, before) = (consequences.clone(), in_use(portal, &connection.id).await);
        write_audited(portal, audited, move |conn| {
            Box::pin(async move {
                let is_disabled = rows::update(conn, &keys, &wanted, now).await?;
                if is_disabled {
                    written.write(conn, now).await?;
                }
                Ok(is_disabled)
            })
        })
        .await?;
        consequences.end_sign_ins(portal, before).await;
        tracing::warn!(
            event = "connection_left_file", connection = %slug,
            "it is no longer in the configuration file and is disabled: put it back there, \
             or enable it or hand it over on its page"
        );
    }
    portal.connections.changed();
    Ok(())
}

/// Ties the owners of a database older than migration 0011 to the servers that their
/// connections have at the first start with it.
pub async fn tie_old_owners(portal: &Portal) -> Result<(), StorageError> {
    let connections = portal.connections.all().await?;
    portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                for connection in connections.iter() {
                    owners::tie_old(conn, &connection.id, &connection.server()).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Who makes the changes that a start makes by itself.
fn the_start() -> Actor {
    Actor {
        name: SYSTEM.to_owned(),
        source: Source {
            from: "start".to_owned(),
            request_id: String::new(),
        },
    }
}

/// How often a connection of the file is stored before a start gives up: all nodes of a
/// restart do it at once.
const TRIES: usize = 5;

/// Stores one connection from the file and its redirect URL, which counts as
/// registered in Redtrust. If it leads to another server than at the start before, its
/// sign-ins end, and its users are other people unless `same_users_as` is the address of
/// that server.
///
/// # Errors
/// [`ConnectionError`] if no client can be made for it, or if the database
/// fails: then nothing was written.
pub async fn take_over(
    portal: &Arc<Portal>,
    connection: &Connection,
    redirect_url: Option<&RedirectUrl>,
    same_users_as: Option<&BaseUrl>,
) -> Result<(), ConnectionError> {
    for _ in 1..TRIES {
        match take_over_once(portal, connection, redirect_url, same_users_as).await {
            // Another node that starts was first.
            Err(ConnectionError::Storage(StorageError::Conflict | StorageError::Busy)) => {}
            done => return done,
        }
    }
    take_over_once(portal, connection, redirect_url, same_users_as).await
}

async fn take_over_once(
    portal: &Arc<Portal>,
    connection: &Connection,
    redirect_url: Option<&RedirectUrl>,
    same_users_as: Option<&BaseUrl>,
) -> Result<(), ConnectionError> {
    portal.connections.client(connection)?;
    let mut wanted = connection.clone();
    wanted.id = ids::new_id();
    let move_ = move_of(portal, connection, same_users_as).await?;
    let before = match &move_ {
        Some(move_) => in_use(portal, &move_.connection_id).await,
        None => None,
    };
    let (keys, url, now) = (
        Arc::clone(&portal.keys),
        redirect_url.cloned(),
        portal.clock.now(),
    );
    let written = move_.clone();
    portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                let id = rows::upsert_from_file(conn, &keys, &wanted, now).await?;
                if let Some(move_) = written {
                    move_.consequences.write(conn, now).await?;
                    audit::append(conn, &keys, &move_.entry, now).await?;
                }
                if let Some(url) = url {
                    let new_id = ids::new_id();
                    redirect_urls::use_only(conn, &id, &url, &new_id, now).await?;
                }
                Ok(())
            })
        })
        .await?;
    portal.connections.changed();
    if let Some(move_) = move_ {
        tracing::warn!(
            event = "connection_moved", connection = %connection.slug,
            same_users = move_.same_users,
            "the configuration file names another server or private CA than before: everybody \
             has to sign in again"
        );
        move_.consequences.end_sign_ins(portal, before).await;
    }
    Ok(())
}

/// A connection that the file leads to another server than before.
#[derive(Debug, Clone)]
struct FileMove {
    connection_id: String,
    same_users: bool,
    consequences: Consequences,
    entry: NewEntry,
}

async fn move_of(
    portal: &Portal,
    wanted: &Connection,
    same_users_as: Option<&BaseUrl>,
) -> Result<Option<FileMove>, StorageError> {
    let Some(stored) = rows::settings_of(&portal.storage, &wanted.slug).await? else {
        return Ok(None);
    };
    let (connection_id, before) = stored;
    let (from, to) = (before.server(), wanted.server());
    if from == to {
        return Ok(None);
    }
    let same_users = same_users_as == Some(&before.base_url);
    let object = format!("connection {}", wanted.slug);
    let mut entry = entry(&the_start(), Action::ConnectionMove, object);
    entry.before = Some(json!({ "base_url": before.base_url.as_str() }).to_string());
    let after = json!({
        "base_url": wanted.settings.base_url.as_str(),
        "same_users": same_users,
    });
    entry.after = Some(after.to_string());
    let moved = Moved {
        from,
        to,
        same_users,
    };
    Ok(Some(FileMove {
        consequences: Consequences::moved(connection_id.clone(), moved),
        connection_id,
        same_users,
        entry,
    }))
}
