//! Starts a sign-in: a signed login URL, and the attempt that the browser keeps
//! in a cookie.

use crate::domain::connection::Slug;
use crate::domain::login_attempt::{Destination, LoginAttempt};
use crate::domain::redirect_url::RedirectUrl;
use crate::domain::signing::{SigningError, login_url};
use crate::services::connections::{ConnectionError, Redtrust};
pub use crate::services::usable_url::UrlProblem;
use crate::services::usable_url::usable;
use crate::services::{Portal, ids};
use crate::storage::StorageError;
use crate::storage::redirect_urls::Entry;

/// Result of starting a sign-in.
#[derive(Debug)]
pub enum Begun {
    /// Send the browser to `url`. It keeps `attempt` in a sealed cookie until
    /// it comes back.
    Go {
        /// The signed login URL.
        url: String,
        /// Found again at the callback.
        attempt: Box<LoginAttempt>,
    },
    /// No such connection, or it is disabled.
    NoConnection,
    /// The redirect URL does not allow signing in: an admin has to act.
    NoRedirectUrl(UrlProblem),
    /// The shared key does not work with this dialect: an admin has to act.
    BadKey(SigningError),
}

/// Starts a sign-in at the connection `slug`.
pub async fn begin(
    portal: &Portal,
    slug: &Slug,
    go_to: Destination,
) -> Result<Begun, ConnectionError> {
    let redtrust = portal.connections.by_slug(slug).await?;
    let Some(redtrust) = redtrust.filter(|redtrust| redtrust.connection.enabled) else {
        return Ok(Begun::NoConnection);
    };
    let url = match active_url(portal, &redtrust).await? {
        ActiveUrl::Found(url) => url,
        ActiveUrl::None(problem) => return Ok(Begun::NoRedirectUrl(problem)),
    };
    let now = portal.clock.now();
    let named = &redtrust.connection.settings.domain;
    let domain = named.clone().unwrap_or_default();
    Ok(match login_url(&redtrust.connection, &url, now) {
        Ok(login_url) => Begun::Go {
            url: login_url,
            attempt: Box::new(LoginAttempt {
                id: ids::new_id(),
                connection: slug.clone(),
                redirect_url: url,
                domain,
                started_at: now,
                go_to,
            }),
        },
        Err(error) => Begun::BadKey(error),
    })
}

/// The redirect URL that lets people sign in.
pub(super) enum ActiveUrl {
    Found(RedirectUrl),
    None(UrlProblem),
}

/// The redirect URL that lets people sign in, or why there is none.
pub(super) async fn active_url(
    portal: &Portal,
    redtrust: &Redtrust,
) -> Result<ActiveUrl, StorageError> {
    let entered = portal.connections.redirect_urls().await?;
    let expected = portal.callback_url(&redtrust.connection.slug);
    let of_it = |entry: &&Entry| entry.connection_id == redtrust.connection.id;
    let entered: Vec<_> = entered.iter().filter(of_it).collect();
    Ok(match usable(&entered, &expected) {
        Ok(entry) => ActiveUrl::Found(entry.url.clone()),
        Err(problem) => ActiveUrl::None(problem),
    })
}
