//! Waits for the end of the work on an issuance.

use std::time::Duration;

use crate::domain::issuance::{Issuance, State};
use crate::services::Portal;
use crate::storage::{StorageError, issuances};

/// How often it is asked whether an issuance is settled.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// The issuance once nobody works on it any more, here or on another node.
pub async fn settled(portal: &Portal, id: &str) -> Result<Option<Issuance>, StorageError> {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        if portal.in_flight.works_on(id) {
            continue;
        }
        let issuance = issuances::by_id(&portal.storage, id).await?;
        let now = portal.clock.now();
        let at_work = |issuance: &Issuance| match issuance.state {
            State::Creating | State::Finalizing => true,
            State::KeyCreated => now < issuance.lease_until,
            _ => false,
        };
        if !issuance.as_ref().is_some_and(at_work) {
            return Ok(issuance);
        }
    }
}
