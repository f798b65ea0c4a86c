//! Whether people can sign in with a connection's redirect URL: it has to be registered,
//! and to lead to the public URL of this portal.

use super::Portal;
use crate::domain::redirect_url::RedirectUrlState as State;
use crate::storage::StorageError;
use crate::storage::redirect_urls::{self, Entry};

/// Why a connection's redirect URL does not allow signing in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlProblem {
    /// The connection has no redirect URL.
    Missing,
    /// Nobody has confirmed that it is registered in Redtrust.
    Draft,
    /// An admin disabled it.
    Disabled,
    /// The portal's public URL has changed: what is registered leads to the old one.
    Moved,
}

/// The URL that lets people sign in, of one connection's `entries`; `expected` is the
/// only address at which the portal answers for it.
///
/// # Errors
/// [`UrlProblem`] if nobody can sign in.
pub fn usable<'a>(entries: &[&'a Entry], expected: &str) -> Result<&'a Entry, UrlProblem> {
    let in_use = entries.iter().find(|entry| entry.state.lets_sign_in());
    match in_use {
        Some(entry) if entry.url.as_str() == expected => Ok(entry),
        Some(_) => Err(UrlProblem::Moved),
        None if entries.is_empty() => Err(UrlProblem::Missing),
        None if entries.iter().all(|entry| entry.state == State::Disabled) => {
            Err(UrlProblem::Disabled)
        }
        None => Err(UrlProblem::Draft),
    }
}

/// Logs which connections still have a redirect URL of another public URL, and what to
/// do. Call it at the start.
pub async fn warn_of_moved(portal: &Portal) -> Result<(), StorageError> {
    let entries = redirect_urls::all(&portal.storage).await?;
    for connection in portal.connections.all().await?.iter() {
        let expected = portal.callback_url(&connection.slug);
        let of_it = entries
            .iter()
            .filter(|entry| entry.connection_id == connection.id);
        let of_it: Vec<_> = of_it.collect();
        if usable(&of_it, &expected) != Err(UrlProblem::Moved) {
            continue;
        }
        let in_use = of_it.iter().find(|entry| entry.state.lets_sign_in());
        let registered = in_use.map(|entry| entry.url.as_str()).unwrap_or_default();
        tracing::warn!(
            event = "redirect_url_moved", connection = %connection.slug, registered, expected,
            "the public URL has changed, so nobody can sign in at this connection: register \
             the expected URL in Redtrust, then say so on the connection's page"
        );
    }
    Ok(())
}
