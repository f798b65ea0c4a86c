//! The end of both kinds of sign-in: stores the owner and the sealed tokens.

use std::fmt;
use std::sync::Arc;

use sqlx::AnyConnection;

use super::outcome::Outcome;
use crate::domain::audit::Action;
use crate::domain::millis::Millis;
use crate::domain::redirect_url::RedirectUrl;
use crate::domain::secret::Secret;
use crate::domain::tokens::{TokenPair, subject_of};
use crate::services::audit::entry;
use crate::services::connections::Redtrust;
use crate::services::{Actor, Portal, Source, ids, limiter};
use crate::storage::StorageError;
use crate::storage::audit::NewEntry;
use crate::storage::seal::KeyRing;
use crate::storage::sessions::{self, Session};
use crate::storage::sign_ins::NewTokens;
use crate::storage::{audit, owners, redirect_urls, sign_ins};

/// A stored sign-in, for the session to refer to.
#[derive(Debug, Clone)]
pub struct NewSignIn {
    /// The row with the tokens.
    pub sign_in_id: String,
    pub owner_id: String,
    pub connection_id: String,
    /// The name they signed in with; `None` if Redtrust did not say who it is.
    pub login: Option<String>,
}

/// The session that a sign-in will get, before it is known who signs in. The
/// web layer decides what a session holds.
pub struct SessionToBe {
    /// For the browser's cookie.
    pub id: Secret,
    pub row: MakeRow,
}

/// Makes the row of a sign-in's session; `None` if it could not be written.
pub type MakeRow = Box<dyn FnOnce(&NewSignIn) -> Option<Session> + Send + Sync>;

impl fmt::Debug for SessionToBe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToBe")
    }
}

/// How the person signed in.
pub(super) enum Arrival {
    /// Through Redtrust's page.
    Redirect(Return),
    /// With an application user's password.
    Direct {
        /// The login name as typed.
        login: String,
    },
}

/// A return from Redtrust's page, and what is stored with its sign-in.
pub(super) struct Return {
    /// The user, if the temporary token named one under a verified signature.
    pub(super) subject: Option<String>,
    /// The URL they came back to: this sign-in confirms it.
    pub(super) redirect_url: RedirectUrl,
    pub(super) session: SessionToBe,
    /// The use of the attempt under which the outcome is kept.
    pub(super) attempt_id: String,
}

impl Return {
    /// Stores the session, and its id for a second request with the same token.
    async fn store(
        self,
        conn: &mut AnyConnection,
        keys: &KeyRing,
        sign_in: &NewSignIn,
        now: Millis,
    ) -> Result<(), StorageError> {
        redirect_urls::confirm(conn, &sign_in.connection_id, &self.redirect_url, now).await?;
        let row = (self.session.row)(sign_in);
        let row =
            row.ok_or_else(|| StorageError::Unavailable("the session was not written".into()))?;
        sessions::insert(conn, &row).await?;
        let outcome = Outcome::SignedIn {
            session: self.session.id.expose().to_owned(),
        };
        outcome.keep(conn, keys, &self.attempt_id).await
    }
}

/// Stores owner and tokens in one transaction, and for a return from Redtrust
/// the session.
pub(super) async fn establish(
    portal: &Portal,
    redtrust: &Redtrust,
    tokens: TokenPair,
    arrival: Arrival,
    source: &Source,
) -> Result<NewSignIn, StorageError> {
    let id = ids::new_id();
    let (method, login, way_back) = match arrival {
        Arrival::Redirect(mut way_back) => {
            let subject = way_back.subject.take();
            let subject = subject.or_else(|| subject_of(&tokens.access));
            ("redirect", subject, Some(way_back))
        }
        Arrival::Direct { login } => ("direct", Some(login), None),
    };
    // An unknown user must not share anything, so each such sign-in gets its
    // own owner.
    let owner_login = login.clone().unwrap_or_else(|| format!("?{id}"));
    let mut sign_in = NewSignIn {
        sign_in_id: id,
        owner_id: ids::new_id(),
        connection_id: redtrust.connection.id.clone(),
        login,
    };
    let entry = signed_in(redtrust, &owner_login, source);
    let (keys, now) = (Arc::clone(&portal.keys), portal.clock.now());
    let stored = portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                let (at, new_id) = (&sign_in.connection_id, &sign_in.owner_id);
                let owner_id = owners::find_or_create(conn, at, &owner_login, new_id, now).await?;
                sign_in.owner_id = owner_id;
                let new = NewTokens {
                    id: &sign_in.sign_in_id,
                    owner_id: &sign_in.owner_id,
                    connection_id: &sign_in.connection_id,
                    method,
                    tokens: &tokens,
                };
                sign_ins::insert(conn, &keys, new, now).await?;
                if let Some(way_back) = way_back {
                    way_back.store(conn, &keys, &sign_in, now).await?;
                }
                audit::append(conn, &keys, &entry, now).await?;
                Ok(sign_in)
            })
        })
        .await?;
    let owner = limiter::log_id(&portal.keys, &stored.owner_id);
    let slug = &redtrust.connection.slug;
    tracing::info!(event = "signed_in", door = method, connection = %slug, owner);
    Ok(stored)
}

fn signed_in(redtrust: &Redtrust, login: &str, source: &Source) -> NewEntry {
    let actor = Actor {
        name: login.to_owned(),
        source: source.clone(),
    };
    let object = format!("connection {}", redtrust.connection.slug);
    entry(&actor, Action::UserSignIn, object)
}
