//! Whether Redtrust has said that a sign-in may not issue. It is remembered for that
//! sign-in, so that people hear of it before they fill in a request.

use std::time::Duration;

use super::{Caller, Portal};
use crate::domain::connection::Connection;
use crate::domain::issuance::ServerMessage;
use crate::storage::{StorageError, sign_ins};

/// What Redtrust said.
#[derive(Debug)]
pub struct MayNot {
    pub said: ServerMessage,
    /// `None` if it was removed.
    pub connection: Option<Connection>,
}

/// How long what another node has noted may stay unnoticed here, as with sessions.
const FRESH_FOR: Duration = Duration::from_millis(500);

/// What was read last for each sign-in, and after how many changes of this process: it is
/// read again after every change.
#[derive(Debug)]
pub struct Refusals(moka::sync::Cache<String, (u64, Option<ServerMessage>)>);

impl Default for Refusals {
    fn default() -> Self {
        Self(
            moka::sync::Cache::builder()
                .max_capacity(20_000)
                .time_to_live(FRESH_FOR)
                .build(),
        )
    }
}

async fn said(portal: &Portal, who: &Caller) -> Result<Option<ServerMessage>, StorageError> {
    let changes = portal.storage.own_changes();
    let known = portal.refusals.0.get(&who.sign_in_id);
    if let Some((_, said)) = known.filter(|(after, _)| *after == changes) {
        return Ok(said);
    }
    let said = sign_ins::may_not_issue(&portal.storage, &who.sign_in_id).await?;
    let known = (changes, said.clone());
    portal.refusals.0.insert(who.sign_in_id.clone(), known);
    Ok(said)
}

/// What Redtrust said if this person's sign-in may not issue.
pub async fn refusal(portal: &Portal, who: &Caller) -> Result<Option<MayNot>, StorageError> {
    let Some(said) = said(portal, who).await? else {
        return Ok(None);
    };
    let all = portal.connections.all().await?;
    let connection = all.iter().find(|one| one.id == who.connection_id);
    Ok(Some(MayNot {
        said,
        connection: connection.cloned(),
    }))
}

/// Forgets it: the person wants to try again.
pub async fn forget(portal: &Portal, who: &Caller) -> Result<(), StorageError> {
    let id = who.sign_in_id.clone();
    portal
        .storage
        .write(move |conn| {
            Box::pin(async move { sign_ins::set_may_not_issue(conn, &id, None).await })
        })
        .await
}
