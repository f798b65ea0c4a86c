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
    /// Its current state does not allow this, a concurrent change came first, or it
    /// leads to another public URL.
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

/// The URLs of one connection, newest first.
pub async fn of_connection(
    portal: &Portal,
    connection_id: &str,
) -> Result<Vec<Entry>, StorageError> {
    redirect_urls::of_connection(&portal.storage, connection_id).await
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
    let written = written.await;
    portal.connections.changed();
    match written {
        Ok(_) => Ok(Entered::Entered(id)),
        Err(StorageError::Conflict) => Ok(Entered::Taken),
        Err(error) => Err(error.into()),
    }
}

/// Makes the connection's only possible URL the one in use, since an admin says that it
/// is registered in Redtrust; the sandbox is told first. URLs of another public URL are
/// disabled. Entering it before is not necessary.
pub async fn register_only(
    portal: &Portal,
    actor: &Actor,
    connection_id: &str,
) -> Result<Moved, ConnectionError> {
    let Some(redtrust) = portal.connections.by_id(connection_id).await? else {
        return Ok(Moved::Missing);
    };
    if redtrust.connection.from_file {
        return Ok(Moved::ReadOnly);
    }
    let Ok(url) = portal
        .callback_url(&redtrust.connection.slug)
        .parse::<RedirectUrl>()
    else {
        return Ok(Moved::NotNow);
    };
    let entries = redirect_urls::of_connection(&portal.storage, connection_id).await?;
    let own = entries.iter().find(|entry| entry.url == url);
    if own.is_some_and(|own| own.state.lets_sign_in()) {
        return Ok(Moved::Done);
    }
    if let Err(error) = tell_sandbox(&redtrust, &url).await {
        if own.is_none() {
            enter(portal, actor, connection_id, &url).await?;
        }
        return Ok(Moved::SandboxRefused(error));
    }
    let replaced = entries.iter().find(|entry| entry.state.lets_sign_in());
    let action = Action::RedirectUrlRegister;
    let mut audited = audit_entry(actor, action, format!("redirect URL {url}"));
    audited.before = match (replaced, own) {
        (Some(replaced), _) => Some(replaced.url.to_string()),
        (None, own) => own.map(|own| own.state.to_string()),
    };
    audited.after = Some(State::Registered.to_string());
    let (id, now) = (connection_id.to_owned(), portal.clock.now());
    let written = write_audited(portal, audited, move |conn| {
        Box::pin(async move {
            redirect_urls::use_only(conn, &id, &url, &ids::new_id(), now).await?;
            Ok(true)
        })
    });
    let written = written.await;
    portal.connections.changed();
    match written {
        // Another node did the same first.
        Ok(_) | Err(StorageError::Conflict) => Ok(Moved::Done),
        Err(error) => Err(error.into()),
    }
}

/// Registers a URL in our own sandbox; does nothing for a real Redtrust.
async fn tell_sandbox(redtrust: &Redtrust, url: &RedirectUrl) -> Result<(), RedtrustError> {
    let connection = &redtrust.connection;
    if !connection.sandbox {
        return Ok(());
    }
    let partner = connection.settings.partner.as_str();
    let told = redtrust
        .client
        .register_sandbox_redirect_url(url.as_str(), partner);
    let told = told.await;
    if let Err(error) = &told {
        tracing::warn!(event = "sandbox_redirect_url_refused", connection = %connection.slug, %error);
    }
    told
}

/// Marks a URL as registered in Redtrust. For the sandbox, registers it there
/// first.
pub async fn register(portal: &Portal, actor: &Actor, id: &str) -> Result<Moved, ConnectionError> {
    let (entry, redtrust) = match changeable(portal, id).await? {
        Changeable::Yes(entry, redtrust) => (entry, redtrust),
        Changeable::No(refused) => return Ok(refused),
    };
    // Nobody could sign in with one of another public URL, and it would keep ours out.
    let is_ours = entry.url.as_str() == portal.callback_url(&redtrust.connection.slug);
    if !is_ours || !matches!(entry.state, State::Draft | State::Disabled) {
        return Ok(Moved::NotNow);
    }
    let others = redirect_urls::of_connection(&portal.storage, &entry.connection_id).await?;
    if others.iter().any(|other| other.state.lets_sign_in()) {
        return Ok(Moved::OtherInUse);
    }
    if let Err(error) = tell_sandbox(&redtrust, &entry.url).await {
        return Ok(Moved::SandboxRefused(error));
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
    let moved = moved.await;
    portal.connections.changed();
    match moved {
        Ok(true) => Ok(Moved::Done),
        Ok(false) => Ok(Moved::NotNow),
        // The database allows one URL in use per connection, so a concurrent
        // change ends here.
        Err(StorageError::Conflict) => Ok(Moved::OtherInUse),
        Err(error) => Err(error),
    }
}
