//! The one-time link for creating the first admin account.

use data_encoding::BASE64URL_NOPAD;

use crate::domain::digest::sha256;
use crate::domain::secret::Secret;
use crate::services::Portal;
use crate::storage::{StorageError, admins, setup_links};

/// Creates the secret of a one-time setup link; `None` if there is already an
/// account.
pub async fn make(portal: &Portal) -> Result<Option<Secret>, StorageError> {
    if admins::count(&portal.storage).await? > 0 {
        return Ok(None);
    }
    let random: [u8; 32] = rand::random();
    let secret = Secret::new(BASE64URL_NOPAD.encode(&random));
    let (hash, now) = (sha256(secret.expose()), portal.clock.now());
    portal
        .storage
        .write(move |conn| Box::pin(async move { setup_links::put(conn, &hash, now).await }))
        .await?;
    Ok(Some(secret))
}

/// Whether the setup page may be shown for this link.
pub async fn is_good(portal: &Portal, link: &str) -> Result<bool, StorageError> {
    let now = portal.clock.now();
    Ok(admins::count(&portal.storage).await? == 0
        && setup_links::is_good(&portal.storage, &sha256(link), now).await?)
}
