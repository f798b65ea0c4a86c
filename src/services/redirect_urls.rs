//! The registry of redirect URLs: entered here, registered in Redtrust by an
//! admin (the portal does that itself for its own sandbox), and confirmed by
//! the first real sign-in.

use super::audit::{entry as audit_entry, write_audited};
use super::connections::{ConnectionError, Redtrust};
use super::{Actor, Portal, ids};
use crate::domain::audit::Action;
use crate::domain::redirect_url::{RedirectUrl, RedirectUrlState as State};
use crate::redtrust::RedtrustError;
use crate::storage::StorageError;
use crate::storage::redirect_urls;
pub use crate::storage::redirect_urls::Entry;

/// Result of entering a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entered {
    /// Stored as a draft with this id.
    Entered(String),
    /// Refused: for this connection the portal has one callback address,
    /// `expected`.
    NotOurs {
        expected: String,
    },
    /// The connection already has this URL.
    Taken,
    /// The connection comes from the configuration file, and so does its URL.
    ReadOnly,
    NoConnection,
}

/// Result of moving a URL to another state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moved {
    Done,
    /// Its current state does not allow this, or a concurrent change came
    /// first.
    NotNow,
    /// Another URL of the connection is in use: disable that one first.
    OtherInUse,
    /// The sandbox refused to register it; its state is unchanged.
    SandboxRefused(RedtrustError),
    /// The connection comes from the configuration file, and so does its URL.
    ReadOnly,
    Missing,
}

/// Every URL, newest first.
pub async fn all(portal: &Portal) -> Result<Vec<Entry>, StorageError> {
    redirect_urls::all(&portal.storage).await
}

pub async fn enter(
    portal: &Portal,
    actor: &Actor,
    connection_id: &str,
    url: &RedirectUrl,
) -> Result<Entered, ConnectionError> {
    let all = portal.connections.all().await?;
    let Some(connection) = all.iter().find(|one| one.id == connection_id) else {
        return Ok(Entered::NoConnection);
    };
    if connection.from_file {
        return Ok(Entered::ReadOnly);
    }
    let expected = portal.callback_url(&connection.slug);
    if url.as_str() != expected {
        return Ok(Entered::NotOurs { expected });
    }
    let now = portal.clock.now();
    let entry = Entry {
        id: ids::new_id(),
        connection_id: connection.id.clone(),
        url: url.clone(),
        state: State::Draft,
        created_at: now,
        updated_at: now,
    };
    let mut audited = audit_entry(
        actor,
        Action::RedirectUrlEnter,
        format!("redirect URL {url}"),
    );
    audited.after = Some(State::Draft.to_string());
    let id = entry.id.clone();
    let written = write_audited(portal, audited, move |conn| {
        Box::pin(async move {
            redirect_urls::insert(conn, &entry).await?;
            Ok(true)
        })
    });
    match written.await {
        Ok(_) => Ok(Entered::Entered(id)),
        Err(StorageError::Conflict) => Ok(Entered::Taken),
        Err(error) => Err(error.into()),
    }
}

/// Marks a URL as registered in Redtrust. For the sandbox, registers it there
/// first.
pub async fn register(portal: &Portal, actor: &Actor, id: &str) -> Result<Moved, ConnectionError> {
    let (entry, redtrust) = match changeable(portal, id).await? {
        Changeable::Yes(entry, redtrust) => (entry, redtrust),
        Changeable::No(refused) => return Ok(refused),
    };
    if !matches!(entry.state, State::Draft | State::Disabled) {
        return Ok(Moved::NotNow);
    }
    let others = redirect_urls::of_connection(&portal.storage, &entry.connection_id).await?;
    if others.iter().any(|other| other.state.lets_sign_in()) {
        return Ok(Moved::OtherInUse);
    }
    if redtrust.connection.sandbox {
        let partner = redtrust.connection.settings.partner.as_str();
        let registered = redtrust
            .client
            .register_sandbox_redirect_url(entry.url.as_str(), partner);
        if let Err(error) = registered.await {
            tracing::warn!(event = "sandbox_redirect_url_refused", connection = %redtrust.connection.slug, %error);
            return Ok(Moved::SandboxRefused(error));
        }
    }
    let action = Action::RedirectUrlRegister;
    Ok(move_on(portal, actor, action, &entry, State::Registered).await?)
}

/// Disables a URL: people can no longer sign in through it.
pub async fn disable(portal: &Portal, actor: &Actor, id: &str) -> Result<Moved, ConnectionError> {
    let (entry, _) = match changeable(portal, id).await? {
        Changeable::Yes(entry, redtrust) => (entry, redtrust),
        Changeable::No(refused) => return Ok(refused),
    };
    if entry.state == State::Disabled {
        return Ok(Moved::NotNow);
    }
    let action = Action::RedirectUrlDisable;
    Ok(move_on(portal, actor, action, &entry, State::Disabled).await?)
}

/// Whether the state of a URL may be changed.
enum Changeable {
    Yes(Entry, std::sync::Arc<Redtrust>),
    No(Moved),
}

async fn changeable(portal: &Portal, id: &str) -> Result<Changeable, ConnectionError> {
    let all = redirect_urls::all(&portal.storage).await?;
    let Some(entry) = all.into_iter().find(|entry| entry.id == id) else {
        return Ok(Changeable::No(Moved::Missing));
    };
    let Some(redtrust) = portal.connections.by_id(&entry.connection_id).await? else {
        return Ok(Changeable::No(Moved::Missing));
    };
    if redtrust.connection.from_file {
        return Ok(Changeable::No(Moved::ReadOnly));
    }
    Ok(Changeable::Yes(entry, redtrust))
}

async fn move_on(
    portal: &Portal,
    actor: &Actor,
    action: Action,
    entry: &Entry,
    to: State,
) -> Result<Moved, StorageError> {
    let mut audited = audit_entry(actor, action, format!("redirect URL {}", entry.url));
    audited.before = Some(entry.state.to_string());
    audited.after = Some(to.to_string());
    let (id, from, now) = (entry.id.clone(), entry.state, portal.clock.now());
    let moved = write_audited(portal, audited, move |conn| {
        Box::pin(async move { redirect_urls::set_state(conn, &id, from, to, now).await })
    });
    match moved.await {
        Ok(true) => Ok(Moved::Done),
        Ok(false) => Ok(Moved::NotNow),
        // The database allows one URL in use per connection, so a concurrent
        // change ends here.
        Err(StorageError::Conflict) => Ok(Moved::OtherInUse),
        Err(error) => Err(error),
    }
}
