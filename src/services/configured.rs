//! Connections from the configuration file, stored at every start.

use std::sync::Arc;

use super::connections::{self, ConnectionError};
use super::portal::callback_url;
use super::{Portal, ids};
use crate::domain::connection::{Connection, Problem, Problems};
use crate::domain::millis::Millis;
use crate::domain::redirect_url::RedirectUrl;
use crate::redtrust::ClientSettings;
use crate::storage::{connections as rows, redirect_urls};

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
