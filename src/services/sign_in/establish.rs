//! The end of both kinds of sign-in: stores the owner and the sealed tokens.

use std::fmt;
use std::sync::Arc;

use sqlx::AnyConnection;

use super::outcome::Outcome;
use crate::domain::audit::Action;
use crate::domain::millis::Millis;
use crate::domain::owner_name::OwnerName;
use crate::domain::redirect_url::RedirectUrl;
use crate::domain::secret::Secret;
use crate::domain::sign_in_failure::Method;
use crate::domain::tokens::{TokenPair, subject_of};
use crate::services::audit::entry;
use crate::services::connections::Redtrust;
use crate::services::{Actor, Portal, Source, ids, limiter};
use crate::storage::StorageError;
use crate::storage::audit::NewEntry;
use crate::storage::owners::Arrived;
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
    /// With an application user's name and password.
    Direct {
        username: String,
        domain: Option<String>,
    },
}

/// A return from Redtrust's page, and what is stored with its sign-in.
pub(super) struct Return {
    /// The user, if the temporary token named one under a verified signature.
    pub(super) subject: Option<String>,
    /// The domain that was named to Redtrust; empty if none was.
    pub(super) domain: String,
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

/// Who has arrived.
struct Person {
    method: Method,
    /// `None` if the server did not say who it is.
    name: Option<OwnerName>,
    /// The name to show.
    login: Option<String>,
}

impl Person {
    /// An unknown user must not share anything, so each such sign-in gets its own owner.
    fn arrived(self, redtrust: &Redtrust, sign_in_id: &str) -> Arrived {
        let connection = &redtrust.connection;
        Arrived {
            connection_id: connection.id.clone(),
            server: connection.server(),
            ignore_case: connection.settings.ignore_case,
            shown: self.login.unwrap_or_else(|| format!("?{sign_in_id}")),
            name: self.name,
        }
    }
}

impl Arrival {
    /// The person that the server names; for direct login, where it names nobody, the one
    /// whose name it accepted.
    fn person(&self, tokens: &TokenPair) -> Person {
        let named = subject_of(&tokens.access);
        let (method, domain, subject, login) = match self {
            Self::Redirect(way_back) => {
                let subject = way_back.subject.clone().or(named);
                let domain = Some(way_back.domain.as_str());
                (Method::Redirect, domain, subject.clone(), subject)
            }
            Self::Direct { username, domain } => {
                let login = match domain {
                    Some(domain) => format!("{username}@{domain}"),
                    None => username.clone(),
                };
                let subject = named.or_else(|| Some(username.clone()));
                (Method::Direct, domain.as_deref(), subject, Some(login))
            }
        };
        Person {
            method,
            name: subject.map(|subject| OwnerName::new(method, domain, &subject)),
            login,
        }
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
    let person = arrival.person(&tokens);
    let way_back = match arrival {
        Arrival::Redirect(way_back) => Some(way_back),
        Arrival::Direct { .. } => None,
    };
    let (method, login) = (person.method, person.login.clone());
    let arrived = person.arrived(redtrust, &id);
    let mut sign_in = NewSignIn {
        sign_in_id: id,
        owner_id: ids::new_id(),
        connection_id: redtrust.connection.id.clone(),
        login,
    };
    let entry = signed_in(redtrust, &arrived.shown, source);
    let (keys, now) = (Arc::clone(&portal.keys), portal.clock.now());
    let stored = portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                let new_id = &sign_in.owner_id;
                sign_in.owner_id = owners::find_or_create(conn, &arrived, new_id, now).await?;
                let new = NewTokens {
                    id: &sign_in.sign_in_id,
                    owner_id: &sign_in.owner_id,
                    connection_id: &sign_in.connection_id,
                    method: method.as_str(),
                    server: &arrived.server,
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
    tracing::info!(event = "signed_in", door = method.as_str(), connection = %slug, owner);
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
