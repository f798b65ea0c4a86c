//! The registry of redirect URLs: entered here, registered in Redtrust by an
//! admin's word (at our own sandbox by ourselves), confirmed by a real sign-in.

use super::audit::done;
use super::connections::{ConnectionError, Redtrust};
use super::{Actor, Portal, ids};
use crate::domain::redirect_url::{RedirectUrl, RedirectUrlState as State};
use crate::redtrust::RedtrustError;
use crate::storage::redirect_urls::{self, Entry};
use crate::storage::{StorageError, audit};

/// What became of a wish to enter a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entered {
    /// It is there as a draft, with this id.
    Entered(String),
    /// It must be this one: the portal answers nowhere else for this connection.
    NotOurs {
        /// The exact string to enter.
        expected: String,
    },
    /// The connection has it already.
    Taken,
    /// The connection stands in the configuration file: so does its URL.
    ReadOnly,
    /// There is no such connection.
    NoConnection,
}

/// What became of a wish to move a URL on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moved {
    /// It stands there now.
    Done,
    /// It stands where that cannot be done, or somebody was quicker.
    NotNow,
    /// Another URL of the connection is in use: disable that one first.
    OtherInUse,
    /// Our sandbox did not take it: it stays as it was.
    SandboxRefused(RedtrustError),
    /// The connection stands in the configuration file: so does its URL.
    ReadOnly,
    /// There is no such URL.
    Missing,
}

/// Enters a URL.
///
/// # Errors
/// [`ConnectionError`] where the database or the connection's settings fail.
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
    let mut told = done(actor, "redirect_url.enter", format!("redirect URL {url}"));
    told.after = Some(State::Draft.to_string());
    let (keys, id) = (portal.keys.clone(), entry.id.clone());
    let written = portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                redirect_urls::insert(conn, &entry).await?;
                audit::append(conn, &keys, &told, now).await
            })
        })
        .await;
    match written {
        Ok(()) => Ok(Entered::Entered(id)),
        Err(StorageError::Conflict) => Ok(Entered::Taken),
        Err(error) => Err(error.into()),
    }
}

/// Says that a URL is registered in Redtrust, after registering it there where
/// that is our own sandbox.
///
/// # Errors
/// [`ConnectionError`] where the database or the connection's settings fail.
pub async fn register(portal: &Portal, actor: &Actor, id: &str) -> Result<Moved, ConnectionError> {
    let (entry, redtrust) = match changeable(portal, id).await? {
        Ok(found) => found,
        Err(refused) => return Ok(refused),
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
        let told = redtrust
            .client
            .register_sandbox_redirect_url(entry.url.as_str(), partner);
        if let Err(error) = told.await {
            tracing::warn!(event = "sandbox_redirect_url_refused", connection = %redtrust.connection.slug, %error);
            return Ok(Moved::SandboxRefused(error));
        }
    }
    Ok(move_on(
        portal,
        actor,
        "redirect_url.register",
        &entry,
        State::Registered,
    )
    .await?)
}

/// Takes a URL out of use: nobody signs in through it any more.
///
/// # Errors
/// [`ConnectionError`] where the database or the connection's settings fail.
pub async fn disable(portal: &Portal, actor: &Actor, id: &str) -> Result<Moved, ConnectionError> {
    let (entry, _) = match changeable(portal, id).await? {
        Ok(found) => found,
        Err(refused) => return Ok(refused),
    };
    if entry.state == State::Disabled {
        return Ok(Moved::NotNow);
    }
    Ok(move_on(
        portal,
        actor,
        "redirect_url.disable",
        &entry,
        State::Disabled,
    )
    .await?)
}

async fn changeable(
    portal: &Portal,
    id: &str,
) -> Result<Result<(Entry, std::sync::Arc<Redtrust>), Moved>, ConnectionError> {
    let all = redirect_urls::all(&portal.storage).await?;
    let Some(entry) = all.into_iter().find(|entry| entry.id == id) else {
        return Ok(Err(Moved::Missing));
    };
    let Some(redtrust) = portal.connections.by_id(&entry.connection_id).await? else {
        return Ok(Err(Moved::Missing));
    };
    if redtrust.connection.from_file {
        return Ok(Err(Moved::ReadOnly));
    }
    Ok(Ok((entry, redtrust)))
}

async fn move_on(
    portal: &Portal,
    actor: &Actor,
    action: &str,
    entry: &Entry,
    to: State,
) -> Result<Moved, StorageError> {
    let mut told = done(actor, action, format!("redirect URL {}", entry.url));
    told.before = Some(entry.state.to_string());
    told.after = Some(to.to_string());
    let (keys, id, from, now) = (
        portal.keys.clone(),
        entry.id.clone(),
        entry.state,
        portal.clock.now(),
    );
    let moved = portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                let moved = redirect_urls::set_state(conn, &id, from, to, now).await?;
                if moved {
                    audit::append(conn, &keys, &told, now).await?;
                }
                Ok(moved)
            })
        })
        .await;
    match moved {
        Ok(true) => Ok(Moved::Done),
        Ok(false) => Ok(Moved::NotNow),
        // One at most is in use, whoever was quicker.
        Err(StorageError::Conflict) => Ok(Moved::OtherInUse),
        Err(error) => Err(error),
    }
}
