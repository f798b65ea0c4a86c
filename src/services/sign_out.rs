//! Signing out: first here, which always works, then at Redtrust.

use std::sync::Arc;

use super::Portal;
use crate::storage::sessions::{self, Kind};
use crate::storage::sign_ins::{self, SignIn};
use crate::storage::{Storage, StorageError};

/// Ends a sign-in: clears its tokens at once, then logs out at Redtrust in the
/// background. The caller has already ended the browser's session.
///
/// # Errors
/// [`StorageError`] if the tokens could not be cleared.
pub async fn sign_out(portal: &Arc<Portal>, sign_in_id: &str) -> Result<(), StorageError> {
    let sign_in = match sign_ins::load(&portal.storage, &portal.keys, sign_in_id).await {
        Ok(sign_in) => sign_in,
        // Tokens that cannot be opened cannot be revoked, but they can be
        // cleared.
        Err(StorageError::Corrupt { .. }) => None,
        Err(error) => return Err(error),
    };
    let (id, now) = (sign_in_id.to_owned(), portal.clock.now());
    portal
        .storage
        .write(move |conn| Box::pin(async move { sign_ins::clear_tokens(conn, &id, now).await }))
        .await?;
    if let Some(sign_in) = sign_in {
        let portal_ = Arc::clone(portal);
        portal
            .in_flight
            .spawn(async move { tell_redtrust(&portal_, sign_in).await });
    }
    Ok(())
}

/// Ends every session of this person, in every browser, and the sign-ins behind
/// them.
///
/// # Errors
/// [`StorageError`] if something could not be ended: try again.
pub async fn sign_out_everywhere(portal: &Arc<Portal>, owner_id: &str) -> Result<(), StorageError> {
    end_sessions(&portal.storage, owner_id).await?;
    for sign_in_id in sign_ins::live_of_owner(&portal.storage, owner_id).await? {
        sign_out(portal, &sign_in_id).await?;
    }
    Ok(())
}

async fn end_sessions(storage: &Storage, owner_id: &str) -> Result<(), StorageError> {
    let owner_id = owner_id.to_owned();
    storage
        .write(move |conn| {
            Box::pin(async move {
                sessions::delete_of_subject(conn, Kind::User, &owner_id).await?;
                Ok(())
            })
        })
        .await
}

/// Logs out at Redtrust. If that fails, the sign-in is still over here.
async fn tell_redtrust(portal: &Portal, sign_in: SignIn) {
    let Some(access) = sign_in.access else {
        return;
    };
    let redtrust = match portal.connections.by_id(&sign_in.connection_id).await {
        Ok(Some(redtrust)) => redtrust,
        Ok(None) => return,
        Err(error) => {
            tracing::warn!(event = "logout_failed", sign_in = %sign_in.id, %error);
            return;
        }
    };
    if let Err(error) = redtrust.client.logout(&access).await {
        tracing::warn!(event = "logout_failed", connection = %redtrust.connection.slug, %error);
    }
}
