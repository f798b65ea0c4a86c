//! Whether Redtrust has said that a sign-in may not issue. It is remembered for that
//! sign-in, so that people hear of it before they fill in a request.

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

/// What Redtrust said if this person's sign-in may not issue.
pub async fn refusal(portal: &Portal, who: &Caller) -> Result<Option<MayNot>, StorageError> {
    let said = sign_ins::may_not_issue(&portal.storage, &who.sign_in_id).await?;
    let Some(said) = said else {
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
