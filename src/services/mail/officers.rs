//! Officers hear of outcomes that are not known in their connections.

use std::collections::BTreeSet;
use std::time::Duration;

use sqlx::AnyConnection;

use super::super::audit::{entry, write_audited};
use super::super::{Actor, Portal, ids, limiter};
use super::Means;
use crate::domain::audit::Action;
use crate::domain::issuance::Issuance;
use crate::domain::mail::{Facts, Kind};
use crate::domain::millis::Millis;
use crate::storage::StorageError;
use crate::storage::mail::officers::{self, Reach};
use crate::storage::mail::{self, NewMail};

/// Orders one mail to each address that the officers of this connection have given, unless
/// it is told anyway.
pub(super) async fn tell(
    conn: &mut AnyConnection,
    means: &Means,
    issuance: &Issuance,
    facts: &Facts,
    now: Millis,
) -> Result<(), StorageError> {
    let anyway = means.alerts_to.iter().map(|one| one.to_lowercase());
    let mut told: BTreeSet<_> = anyway.collect();
    let (keys, with_factor) = (&means.keys, means.needs_second_factor);
    let theirs = officers::of_connection(conn, keys, &issuance.connection_id, with_factor);
    for reach in theirs.await? {
        if told.insert(reach.address.to_lowercase()) {
            let mail = NewMail {
                id: ids::new_id(),
                kind: Kind::Officer,
                recipient: Some(reach.address),
                language: reach.language,
                facts: facts.clone(),
            };
            mail::put(conn, &mail, now).await?;
        }
    }
    Ok(())
}

/// Where the officer with this account wants mail.
pub async fn reach_of(portal: &Portal, account_id: &str) -> Result<Option<Reach>, StorageError> {
    officers::of(portal.storage.pool(), account_id).await
}

/// Remembers where an officer wants mail; without it, mail ends. Returns how long to wait if
/// that has changed too often: then nothing is stored.
pub async fn set_reach(
    portal: &Portal,
    actor: &Actor,
    account_id: &str,
    reach: Option<Reach>,
) -> Result<Option<Duration>, StorageError> {
    if let Some(wait) = limiter::press(portal, account_id).await? {
        return Ok(Some(wait));
    }
    let entry = entry(actor, Action::MailAddress, format!("admin {}", actor.name));
    let id = account_id.to_owned();
    let work = write_audited(portal, entry, move |conn| {
        Box::pin(async move {
            officers::set(conn, &id, reach.as_ref()).await?;
            Ok(true)
        })
    });
    work.await?;
    Ok(None)
}
