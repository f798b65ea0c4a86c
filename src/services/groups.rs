//! The groups of a connection that a list can be filtered by.

use super::Portal;
use super::connections::ConnectionError;
use crate::domain::connection::Group;

/// The groups that a connection offers; none if it was removed.
pub async fn offered(portal: &Portal, connection_id: &str) -> Result<Vec<Group>, ConnectionError> {
    let all = portal.connections.all().await?;
    let at = all.iter().find(|one| one.id == connection_id);
    Ok(at.map_or_else(Vec::new, |one| one.settings.request_options.groups.clone()))
}
