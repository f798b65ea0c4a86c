//! The end of sign-ins, whatever ends them: first here, which always works, then at
//! Redtrust, in the background. Tokens that an issuance under way works with stay until
//! it is settled.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;

use super::Portal;
use super::connections::Redtrust;
use crate::domain::secret::Secret;
use crate::domain::tokens::TokenPair;
use crate::redtrust::RedtrustError;
use crate::storage::ended_sign_ins::{self, Over};
use crate::storage::sessions::{self, Kind};
use crate::storage::{Storage, StorageError, sign_ins};

/// The pauses before Redtrust is told again.
const PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(3)];

/// How many sign-ins that end together are told of at once.
const AT_ONCE: usize = 4;

/// The longest time that Redtrust is told of sign-ins that end together.
const PATIENCE: Duration = Duration::from_secs(120);

/// A sign-in without a session lives this long: its session may be about to be stored.
const UNCLAIMED: Duration = Duration::from_secs(60);

/// A log-out that Redtrust is to be told of.
struct LogOut {
    redtrust: Arc<Redtrust>,
    access: Secret,
    refresh: Option<Secret>,
}

/// Ends a sign-in. The caller has already ended the browser's session.
///
/// # Errors
/// [`StorageError`] if the tokens could not be cleared.
pub async fn sign_out(portal: &Arc<Portal>, sign_in_id: &str) -> Result<(), StorageError> {
    if let Some(connection_id) = sign_ins::connection_of(&portal.storage, sign_in_id).await? {
        let redtrust = redtrust(portal, &connection_id).await;
        let log_out = clear(portal, redtrust.as_ref(), sign_in_id).await?;
        tell(portal, log_out.into_iter().collect());
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

/// Ends the sign-ins of a connection as it was before it was switched off or led to
/// another server. Its sessions have ended already.
///
/// # Errors
/// [`StorageError`]: the next housekeeping tries again.
pub async fn everybody_of(
    portal: &Arc<Portal>,
    before: Option<&Arc<Redtrust>>,
    connection_id: &str,
) -> Result<(), StorageError> {
    let mut log_outs = Vec::new();
    for id in ended_sign_ins::of_connection(&portal.storage, connection_id).await? {
        log_outs.extend(clear(portal, before, &id).await?);
    }
    tell(portal, log_outs);
    Ok(())
}

/// Ends the sign-ins whose sessions are gone or have lapsed.
///
/// # Errors
/// [`StorageError`]: the next housekeeping tries again.
pub async fn those_left(portal: &Arc<Portal>) -> Result<(), StorageError> {
    let now = portal.clock.now();
    let mut log_outs = Vec::new();
    for Over { id, connection_id } in
        ended_sign_ins::all(&portal.storage, now, now - UNCLAIMED).await?
    {
        let redtrust = redtrust(portal, &connection_id).await;
        log_outs.extend(clear(portal, redtrust.as_ref(), &id).await?);
    }
    tell(portal, log_outs);
    Ok(())
}

/// After work with a sign-in: ends it if it was to end meanwhile.
pub async fn after_work(portal: &Arc<Portal>, sign_in_id: &str) {
    let ended = match ended_sign_ins::is_ending(&portal.storage, sign_in_id).await {
        Ok(true) => sign_out(portal, sign_in_id).await,
        Ok(false) => Ok(()),
        Err(error) => Err(error),
    };
    if let Err(error) = ended {
        tracing::warn!(event = "sign_in_not_ended", sign_in = sign_in_id, %error);
    }
}

/// The connection's server; `None` if it is unusable: then nobody can be told.
async fn redtrust(portal: &Portal, connection_id: &str) -> Option<Arc<Redtrust>> {
    match portal.connections.by_id(connection_id).await {
        Ok(redtrust) => redtrust,
        Err(error) => {
            tracing::warn!(event = "logout_failed", connection_id, %error);
            None
        }
    }
}

/// Deletes the tokens of a sign-in; answers with the log-out that is left to be told.
async fn clear(
    portal: &Portal,
    redtrust: Option<&Arc<Redtrust>>,
    sign_in_id: &str,
) -> Result<Option<LogOut>, StorageError> {
    let log_out = match redtrust {
        Some(redtrust) => log_out(portal, redtrust, sign_in_id).await?,
        None => None,
    };
    let (id, now) = (sign_in_id.to_owned(), portal.clock.now());
    let cleared = portal
        .storage
        .write(move |conn| Box::pin(async move { ended_sign_ins::clear(conn, &id, now).await }))
        .await?;
    Ok(log_out.filter(|_| cleared))
}

/// Logs tokens out at the server that gave them, with which no sign-in began.
pub(super) fn discard(portal: &Arc<Portal>, redtrust: &Arc<Redtrust>, tokens: TokenPair) {
    let TokenPair {
        access, refresh, ..
    } = tokens;
    let redtrust = Arc::clone(redtrust);
    let log_out = LogOut {
        redtrust,
        access,
        refresh,
    };
    tell(portal, vec![log_out]);
}

/// Tokens that cannot be opened, or not for this server, cannot be revoked.
async fn log_out(
    portal: &Portal,
    redtrust: &Arc<Redtrust>,
    sign_in_id: &str,
) -> Result<Option<LogOut>, StorageError> {
    let server = redtrust.connection.server();
    match sign_ins::load(&portal.storage, &portal.keys, sign_in_id, &server).await {
        Ok(sign_in) => Ok(sign_in.and_then(|sign_in| {
            Some(LogOut {
                redtrust: Arc::clone(redtrust),
                access: sign_in.access?,
                refresh: sign_in.refresh,
            })
        })),
        Err(StorageError::Corrupt { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Logs out at Redtrust, without anybody waiting for it. If that fails, the sign-ins are
/// still over here.
fn tell(portal: &Arc<Portal>, log_outs: Vec<LogOut>) {
    if log_outs.is_empty() {
        return;
    }
    let on = Arc::clone(portal);
    portal.in_flight.spawn(async move {
        let told = stream::iter(log_outs).for_each_concurrent(AT_ONCE, |one| one.tell(&on));
        if tokio::time::timeout(PATIENCE, told).await.is_err() {
            tracing::warn!(
                event = "logout_failed",
                "Redtrust was not told of every log-out in time"
            );
        }
    });
}

impl LogOut {
    /// Tries again where no answer came. An access token that has expired is refreshed for
    /// it: Redtrust would take the refresh token for long.
    async fn tell(self, portal: &Portal) {
        let client = &self.redtrust.client;
        let (mut access, mut refresh) = (self.access, self.refresh);
        let mut pauses = PAUSES.iter();
        while let Err(error) = client.logout(&access).await {
            let is_stale = matches!(error, RedtrustError::Unauthorized { .. });
            if let Some(refresh) = refresh.take().filter(|_| is_stale)
                && let Ok(fresh) = client.refresh_token(&refresh, "").await
            {
                access = fresh.access;
                continue;
            }
            let pause = pauses.next();
            let pause = pause.filter(|_| error.said().is_none() && !portal.in_flight.is_stopping());
            let Some(pause) = pause else {
                let slug = &self.redtrust.connection.slug;
                tracing::warn!(event = "logout_failed", connection = %slug, %error);
                return;
            };
            tokio::time::sleep(*pause).await;
        }
    }
}
