//! Connections of the configuration file, taken over at every start.

use std::sync::Arc;

use super::{Portal, ids};
use crate::domain::connection::Connection;
use crate::domain::redirect_url::RedirectUrl;
use crate::redtrust::{ClientSettings, RedtrustClient, RedtrustError};
use crate::storage::{StorageError, connections, redirect_urls};

/// Why a connection of the configuration file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfiguredError {
    /// No client can be made of it: a private CA that cannot be read, say.
    #[error("connection {slug:?}: {cause}")]
    Unusable { slug: String, cause: RedtrustError },
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Brings one connection of the file, and the redirect URL it names, into the
/// database. The file says that the URL is registered in Redtrust.
///
/// # Errors
/// [`ConfiguredError`]; nothing was written then.
pub async fn take_over(
    portal: &Portal,
    connection: &Connection,
    redirect_url: Option<&RedirectUrl>,
) -> Result<(), ConfiguredError> {
    RedtrustClient::new(connection, &ClientSettings::default()).map_err(|cause| {
        ConfiguredError::Unusable {
            slug: connection.slug.to_string(),
            cause,
        }
    })?;
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
                let id = connections::upsert_from_file(conn, &keys, &wanted, now).await?;
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
