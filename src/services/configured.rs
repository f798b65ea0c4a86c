//! Connections from the configuration file, stored at every start.

use std::sync::Arc;

use serde_json::json;

use super::audit::{entry, write_audited};
use super::connections::{self, ConnectionError};
use super::portal::callback_url;
use super::{Actor, Portal, Source, ids};
use crate::domain::audit::Action;
use crate::domain::connection::{Connection, Problem, Problems, Slug};
use crate::domain::millis::Millis;
use crate::domain::redirect_url::RedirectUrl;
use crate::redtrust::ClientSettings;
use crate::storage::{StorageError, connections as rows, redirect_urls};

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
pub async fn disable_left_out(portal: &Portal, slugs: &[&Slug]) -> Result<(), StorageError> {
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
            ..connection
        };
        write_audited(portal, audited, move |conn| {
            Box::pin(async move { rows::update(conn, &keys, &wanted, now).await })
        })
        .await?;
        tracing::warn!(
            event = "connection_left_file", connection = %slug,
            "it is no longer in the configuration file and is disabled: put it back there, \
             or enable it or hand it over on its page"
        );
    }
    portal.connections.changed();
    Ok(())
}

/// Who makes the changes that a start makes by itself.
fn the_start() -> Actor {
    Actor {
        name: "system".to_owned(),
        source: Source {
            from: "start".to_owned(),
            request_id: String::new(),
        },
    }
}

/// Stores one connection from the file and its redirect URL, which counts as
/// registered in Redtrust.
///
/// # Errors
/// [`ConnectionError`] if no client can be made for it, or if the database
/// fails: then nothing was written.
pub async fn take_over(
    portal: &Portal,
    connection: &Connection,
    redirect_url: Option<&RedirectUrl>,
) -> Result<(), ConnectionError> {
    portal.connections.client(connection)?;
    let mut wanted = connection.clone();
    wanted.id = ids::new_id();
    let (keys, url, now) = (
        Arc::clone(&portal.keys),
        redirect_url.cloned(),
        portal.clock.now(),
    );
    portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                let id = rows::upsert_from_file(conn, &keys, &wanted, now).await?;
                if let Some(url) = url {
                    let new_id = ids::new_id();
                    redirect_urls::use_only(conn, &id, &url, &new_id, now).await?;
                }
                Ok(())
            })
        })
        .await?;
    portal.connections.changed();
    Ok(())
}
