//! The end of both kinds of sign-in: stores the owner, the sealed tokens and the session,
//! if the connection is still as it was when the sign-in began.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use sqlx::AnyConnection;

use super::outcome::Outcome;
use crate::domain::audit::Action;
use crate::domain::connection::Connection;
use crate::domain::millis::Millis;
use crate::domain::owner_name::OwnerName;
use crate::domain::redirect_url::RedirectUrl;
use crate::domain::secret::Secret;
use crate::domain::sign_in_failure::Method;
use crate::domain::tokens::{TokenPair, subject_of};
use crate::services::audit::entry;
use crate::services::connections::Redtrust;
use crate::services::limiter::{self, Deed};
use crate::services::{Actor, COMMAND_LINE, Portal, Source, ids, sign_out};
use crate::storage::StorageError;
use crate::storage::audit::NewEntry;
use crate::storage::owners::Arrived;
use crate::storage::seal::KeyRing;
use crate::storage::sessions::{self, Session};
use crate::storage::sign_ins::NewTokens;
use crate::storage::{audit, connections, owners, redirect_urls, sign_ins};

/// A stored sign-in, for the session to refer to.
#[derive(Debug, Clone)]
pub struct NewSignIn {
    /// The row with the tokens.
    pub sign_in_id: String,
    pub owner_id: String,
    pub connection_id: String,
    /// For whom it is counted what they do, if not for the owner: see
    /// [`Caller::counted_as`](crate::services::Caller::counted_as).
    pub counted_as: Option<String>,
    /// The name to show; `None` if Redtrust did not say who it is.
    pub login: Option<String>,
}

impl NewSignIn {
    /// The owner; empty if Redtrust did not say who it is: then each sign-in has its own.
    pub(super) fn person(&self) -> String {
        let named = self.login.as_ref().map(|_| self.owner_id.clone());
        named.unwrap_or_default()
    }
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
        session: SessionToBe,
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

impl SessionToBe {
    async fn store(
        self,
        conn: &mut AnyConnection,
        sign_in: &NewSignIn,
    ) -> Result<(), StorageError> {
        let row = (self.row)(sign_in);
        let row =
            row.ok_or_else(|| StorageError::Unavailable("the session was not written".into()))?;
        sessions::insert(conn, &row).await
    }
}

impl Arrival {
    /// Stores the session, and for a return from Redtrust its id for a second request with
    /// the same token.
    async fn store(
        self,
        conn: &mut AnyConnection,
        keys: &KeyRing,
        sign_in: &NewSignIn,
        now: Millis,
    ) -> Result<(), StorageError> {
        let way_back = match self {
            Self::Direct { session, .. } => return session.store(conn, sign_in).await,
            Self::Redirect(way_back) => way_back,
        };
        let url = &way_back.redirect_url;
        redirect_urls::confirm(conn, &sign_in.connection_id, url, now).await?;
        let outcome = Outcome::SignedIn {
            session: way_back.session.id.expose().to_owned(),
            person: sign_in.person(),
        };
        way_back.session.store(conn, sign_in).await?;
        outcome.keep(conn, keys, &way_back.attempt_id).await
    }

    /// Whether this way in is still open at the connection as it is now.
    fn is_open_at(&self, connection: &Connection) -> bool {
        let is_offered = match self {
            Self::Redirect(_) => true,
            Self::Direct { .. } => connection.settings.direct_login,
        };
        connection.enabled && is_offered
    }
}

/// Who has arrived.
struct Person {
    method: Method,
    /// `None` if the server did not say who it is.
    name: Option<OwnerName>,
    /// The name to show: what the server says, not what somebody typed.
    login: Option<String>,
    /// What they typed, where they typed a name.
    typed: Option<String>,
}

impl Person {
    /// An unknown user must not share anything, so each such sign-in gets its own owner.
    fn arrived(self, redtrust: &Redtrust, sign_in_id: &str) -> Arrived {
        let connection = &redtrust.connection;
        let shown = self.login.unwrap_or_else(|| format!("?{sign_in_id}"));
        Arrived {
            connection_id: connection.id.clone(),
            server: connection.server(),
            ignore_case: connection.settings.ignore_case,
            before: self.typed.unwrap_or_else(|| shown.clone()),
            shown,
            name: self.name,
        }
    }
}

impl Arrival {
    /// The person that the server names; for direct login, where it names nobody, the one
    /// whose name it accepted.
    fn person(&self, tokens: &TokenPair) -> Person {
        let named = subject_of(&tokens.access);
        let (method, domain, subject, typed) = match self {
            Self::Redirect(way_back) => {
                let subject = way_back.subject.clone().or(named);
                let domain = Some(way_back.domain.as_str());
                (Method::Redirect, domain, subject, None)
            }
            Self::Direct {
                username, domain, ..
            } => {
                let subject = named.or_else(|| Some(username.clone()));
                let typed = match domain {
                    Some(domain) => format!("{username}@{domain}"),
                    None => username.clone(),
                };
                (Method::Direct, domain.as_deref(), subject, Some(typed))
            }
        };
        // Where somebody has typed a domain, it is a part of the name.
        let shown_in = domain.filter(|_| typed.is_some());
        let name = subject.map(|subject| OwnerName::new(method, domain, &subject));
        Person {
            method,
            login: name.as_ref().map(|name| in_domain(&name.subject, shown_in)),
            name,
            typed,
        }
    }
}

/// A name as it is written with its domain, if that is not in it already.
fn in_domain(name: &str, domain: Option<&str>) -> String {
    let has_it = |domain: &&str| {
        let end = name.rsplit_once('@').map(|(_, end)| end);
        end.is_some_and(|end| end.eq_ignore_ascii_case(domain))
    };
    match domain.filter(|domain| !has_it(domain)) {
        Some(domain) => format!("{name}@{domain}"),
        None => name.to_owned(),
    }
}

/// Result of storing a sign-in.
pub(super) enum Established {
    SignedIn(NewSignIn),
    /// The connection was disabled or led to another server while Redtrust was asked.
    Closed,
    /// This owner has signed in too often, or who has no name from this place.
    TooMany {
        /// How long to wait.
        wait: Duration,
    },
}

/// Stores owner, tokens and session in one transaction. Tokens that are not stored are
/// logged out.
pub(super) async fn establish(
    portal: &Arc<Portal>,
    redtrust: &Arc<Redtrust>,
    tokens: TokenPair,
    arrival: Arrival,
    source: &Source,
) -> Result<Established, StorageError> {
    let id = ids::new_id();
    let person = arrival.person(&tokens);
    let (method, login) = (person.method, person.login.clone());
    let arrived = person.arrived(redtrust, &id);
    let sign_in = NewSignIn {
        sign_in_id: id,
        owner_id: ids::new_id(),
        connection_id: redtrust.connection.id.clone(),
        counted_as: counted_as(portal, redtrust, login.as_deref(), source)?,
        login,
    };
    let entry = signed_in(redtrust, &arrived.shown, source);
    let new = New {
        keys: Arc::clone(&portal.keys),
        arrived,
        sign_in,
        method,
        tokens: tokens.clone(),
        // Whoever works there can read the whole database, and may have a list to issue.
        is_counted: source.from != COMMAND_LINE,
        entry,
    };
    let now = portal.clock.now();
    let work = portal
        .storage
        .write(move |conn| Box::pin(async move { new.store(conn, arrival, now).await }));
    let stored = match work.await {
        Ok(stored) => stored,
        Err(error) => {
            // Otherwise they may be stored all the same, and somebody signed in by them.
            if !matches!(error, StorageError::Unavailable(_)) {
                sign_out::discard(portal, redtrust, tokens);
            }
            return Err(error);
        }
    };
    let slug = &redtrust.connection.slug;
    let refused = match stored {
        Ok(sign_in) => {
            let owner = limiter::log_id(&portal.keys, &sign_in.owner_id);
            tracing::info!(event = "signed_in", door = method.as_str(), connection = %slug, owner);
            return Ok(Established::SignedIn(sign_in));
        }
        Err(refused) => refused,
    };
    if matches!(refused, Established::Closed) {
        tracing::info!(event = "connection_closed_meanwhile", connection = %slug);
    }
    sign_out::discard(portal, redtrust, tokens);
    Ok(refused)
}

/// For whom it is counted what somebody does, if not for the owner.
fn counted_as(
    portal: &Portal,
    redtrust: &Redtrust,
    login: Option<&str>,
    source: &Source,
) -> Result<Option<String>, StorageError> {
    match login {
        Some(_) => Ok(None),
        None => {
            let id = &redtrust.connection.id;
            Ok(Some(limiter::nameless(&portal.keys, id, source)?))
        }
    }
}

/// A sign-in that is to be stored.
struct New {
    keys: Arc<KeyRing>,
    arrived: Arrived,
    sign_in: NewSignIn,
    method: Method,
    tokens: TokenPair,
    /// Whether it counts for how often one may sign in.
    is_counted: bool,
    entry: NewEntry,
}

impl New {
    /// Returns what was stored, or why nothing was.
    async fn store(
        self,
        conn: &mut AnyConnection,
        arrival: Arrival,
        now: Millis,
    ) -> Result<Result<NewSignIn, Established>, StorageError> {
        let (keys, mut sign_in) = (&self.keys, self.sign_in);
        let connection = connections::lock(conn, keys, &sign_in.connection_id).await?;
        let is_open =
            |one: &Connection| arrival.is_open_at(one) && one.server() == self.arrived.server;
        if !connection.as_ref().is_some_and(is_open) {
            return Ok(Err(Established::Closed));
        }
        let new_id = sign_in.owner_id.clone();
        if sign_in.counted_as.is_none() {
            sign_in.owner_id = owners::find_or_create(conn, &self.arrived, &new_id, now).await?;
        }
        if self.is_counted {
            // Each leaves an entry in the audit.
            let whose = sign_in.counted_as.as_ref().unwrap_or(&sign_in.owner_id);
            let wait = limiter::count(conn, keys, Deed::SignIn, whose, now).await?;
            if let Some(wait) = wait {
                return Ok(Err(Established::TooMany { wait }));
            }
        }
        // Whom nobody names becomes a new owner, and not if that was one too many.
        if sign_in.counted_as.is_some() {
            sign_in.owner_id = owners::find_or_create(conn, &self.arrived, &new_id, now).await?;
        }
        let new = NewTokens {
            id: &sign_in.sign_in_id,
            owner_id: &sign_in.owner_id,
            connection_id: &sign_in.connection_id,
            method: self.method.as_str(),
            server: &self.arrived.server,
            tokens: &self.tokens,
        };
        sign_ins::insert(conn, keys, new, now).await?;
        arrival.store(conn, keys, &sign_in, now).await?;
        audit::append(conn, keys, &self.entry, now).await?;
        Ok(Ok(sign_in))
    }
}

fn signed_in(redtrust: &Redtrust, login: &str, source: &Source) -> NewEntry {
    let actor = Actor {
        name: login.to_owned(),
        source: source.clone(),
    };
    let object = format!("connection {}", redtrust.connection.slug);
    entry(&actor, Action::UserSignIn, object)
}
