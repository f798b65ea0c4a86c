//! What a change of a connection does to the people who use it. Switched off, or leading
//! to another server, it ends their sessions. At another server nothing of the old one
//! counts: its redirect URL has to be registered there, and its users are other people,
//! unless an admin or the configuration file says that they are the same.

use std::sync::Arc;

use sqlx::AnyConnection;

use super::connections::Redtrust;
use super::{Portal, sign_out};
use crate::domain::connection::Connection;
use crate::domain::millis::Millis;
use crate::storage::{StorageError, owners, redirect_urls, sessions};

/// The consequences of one change.
#[derive(Debug, Clone)]
pub(super) struct Consequences {
    connection_id: String,
    ends_sessions: bool,
    moved: Option<Moved>,
    keeps_redirect_url: bool,
}

/// A connection that leads to another server than before.
#[derive(Debug, Clone)]
pub(super) struct Moved {
    pub(super) from: String,
    pub(super) to: String,
    /// Whether both servers have the same users.
    pub(super) same_users: bool,
}

impl Consequences {
    pub(super) fn of(before: &Connection, after: &Connection, same_users: bool) -> Self {
        let (from, to) = (before.server(), after.server());
        let moved = (from != to).then_some(Moved {
            from,
            to,
            same_users,
        });
        Self {
            connection_id: before.id.clone(),
            ends_sessions: moved.is_some() || (before.enabled && !after.enabled),
            moved,
            keeps_redirect_url: false,
        }
    }

    /// The same where the portal registers its redirect URL itself.
    pub(super) fn at_our_sandbox(mut self) -> Self {
        self.keeps_redirect_url = true;
        self
    }

    pub(super) const fn moved(connection_id: String, moved: Moved) -> Self {
        Self {
            connection_id,
            ends_sessions: true,
            moved: Some(moved),
            keeps_redirect_url: false,
        }
    }

    /// Writes them, in the transaction of the change.
    pub(super) async fn write(
        &self,
        conn: &mut AnyConnection,
        now: Millis,
    ) -> Result<(), StorageError> {
        let id = &self.connection_id;
        if self.ends_sessions {
            sessions::delete_of_connection(conn, id).await?;
        }
        let Some(Moved {
            from,
            to,
            same_users,
        }) = &self.moved
        else {
            return Ok(());
        };
        if !self.keeps_redirect_url {
            redirect_urls::back_to_draft(conn, id, now).await?;
        }
        if *same_users {
            owners::carry_over(conn, id, from, to).await?;
        }
        Ok(())
    }

    /// Ends the sign-ins behind the sessions, once the change is stored. `before` is the
    /// connection as it was.
    pub(super) async fn end_sign_ins(&self, portal: &Arc<Portal>, before: Option<Arc<Redtrust>>) {
        if !self.ends_sessions {
            return;
        }
        let ended = sign_out::everybody_of(portal, before.as_ref(), &self.connection_id).await;
        if let Err(error) = ended {
            // The next housekeeping finds them.
            tracing::warn!(event = "sign_ins_not_ended", connection_id = %self.connection_id, %error);
        }
    }
}

/// The connection as it is used now; `None` if it cannot be used.
pub(super) async fn in_use(portal: &Portal, connection_id: &str) -> Option<Arc<Redtrust>> {
    let redtrust = portal.connections.by_id(connection_id).await;
    redtrust.ok().flatten()
}
