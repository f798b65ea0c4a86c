//! The one-time link for creating the first administrator.

use super::{CliError, note};
use crate::services::Portal;
use crate::services::accounts;
use crate::web::routes;

/// Prints a link if no administrator exists yet: once, to stderr, and never to the log.
pub(super) async fn offer(portal: &Portal) -> Result<(), CliError> {
    let secret = accounts::setup_link::make(portal)
        .await
        .map_err(CliError::failed)?;
    if let Some(secret) = secret {
        note(&format!(
            "There is no administrator yet. Within 15 minutes, make the first one at\n  {}{}",
            portal.public_url,
            routes::admin_setup(secret.expose())
        ));
    }
    Ok(())
}
