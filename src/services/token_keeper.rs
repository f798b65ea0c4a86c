//! Keeps a sign-in's access token valid: refreshes it shortly before it expires
//! and once after a 401, with one refresh at a time across all requests and
//! nodes.

use std::sync::Arc;
use std::time::Duration;

use super::Portal;
use super::connections::Redtrust;
use crate::domain::error_class::ErrorClass;
use crate::domain::millis::Millis;
use crate::domain::secret::Secret;
use crate::domain::tokens::TokenPair;
use crate::redtrust::RedtrustError;
use crate::storage::StorageError;
use crate::storage::sign_ins::{self, SignIn};

/// A token that expires sooner than this is refreshed before use.
const REFRESH_BEFORE: Duration = Duration::from_secs(60);

/// How long a claimed refresh may take before somebody else may claim it:
/// longer than the client's own limit for that call and storing what it answers.
const CLAIM: Duration = Duration::from_secs(20);

/// The pause before tokens are stored again that could not be.
const STORE_AGAIN: Duration = Duration::from_millis(200);

/// How often to check whether another task's refresh is done.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// The tokens, and the version of the sign-in they were read from.
#[derive(Debug, Clone)]
pub struct Held {
    pub tokens: TokenPair,
    /// Tells a stale token from one refreshed in the meantime.
    pub version: i64,
    /// When Redtrust issued them.
    pub since: Millis,
}

/// Why there is no access token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Redtrust no longer accepts this sign-in.
    #[error("the sign-in at Redtrust has ended")]
    SignInAgain,
    /// The refresh could not be sent: nothing was lost, try again.
    #[error(transparent)]
    Redtrust(#[from] RedtrustError),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// The sign-in's access token, refreshed first if it is about to expire.
pub async fn access_token(
    portal: &Portal,
    redtrust: &Redtrust,
    sign_in_id: &str,
) -> Result<Held, TokenError> {
    let sign_in = load(portal, redtrust, sign_in_id).await?;
    let now = portal.clock.now();
    let expiring = |at: Millis| at <= now + REFRESH_BEFORE;
    if sign_in.expires_at.is_some_and(expiring) && sign_in.refresh.is_some() {
        return refreshed(portal, redtrust, sign_in_id, sign_in.version).await;
    }
    held(&sign_in)
}

/// A token newer than version `stale`, which Redtrust refused.
pub async fn refreshed(
    portal: &Portal,
    redtrust: &Redtrust,
    sign_in_id: &str,
    stale: i64,
) -> Result<Held, TokenError> {
    let patience = portal.clock.now() + CLAIM * 2;
    loop {
        let sign_in = load(portal, redtrust, sign_in_id).await?;
        if sign_in.version > stale {
            return held(&sign_in);
        }
        let Some(refresh) = sign_in.refresh.clone() else {
            return ended(portal, redtrust, &sign_in).await;
        };
        if claim(portal, &sign_in).await? {
            return ask(portal, redtrust, &sign_in, &refresh).await;
        }
        if portal.clock.now() > patience {
            return Err(TokenError::Redtrust(RedtrustError::Busy));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// With the tokens opened for this server only: if the connection leads to another one
/// meanwhile, the sign-in is over.
async fn load(
    portal: &Portal,
    redtrust: &Redtrust,
    sign_in_id: &str,
) -> Result<SignIn, TokenError> {
    let server = redtrust.connection.server();
    match sign_ins::load(&portal.storage, &portal.keys, sign_in_id, &server).await {
        Ok(Some(sign_in)) if !sign_in.needs_sign_in => Ok(sign_in),
        Ok(_) => Err(TokenError::SignInAgain),
        // Tokens that cannot be opened are useless.
        Err(error @ StorageError::Corrupt { .. }) => {
            tracing::error!(event = "tokens_not_read", %error);
            Err(TokenError::SignInAgain)
        }
        Err(error) => Err(error.into()),
    }
}

fn held(sign_in: &SignIn) -> Result<Held, TokenError> {
    let access = sign_in.access.clone().ok_or(TokenError::SignInAgain)?;
    Ok(Held {
        tokens: TokenPair {
            access,
            refresh: sign_in.refresh.clone(),
            expires_at: sign_in.expires_at,
        },
        version: sign_in.version,
        since: sign_in.updated_at,
    })
}

async fn claim(portal: &Portal, sign_in: &SignIn) -> Result<bool, StorageError> {
    let (id, version, now) = (sign_in.id.clone(), sign_in.version, portal.clock.now());
    portal
        .storage
        .write(move |conn| {
            Box::pin(
                async move { sign_ins::claim_refresh(conn, &id, version, now, now + CLAIM).await },
            )
        })
        .await
}

/// Makes the refresh. If the answer is lost we cannot know whether the server
/// rotated the token: then the person signs in again.
async fn ask(
    portal: &Portal,
    redtrust: &Redtrust,
    sign_in: &SignIn,
    refresh: &Secret,
) -> Result<Held, TokenError> {
    match redtrust
        .client
        .refresh_token(refresh, &sign_in.owner_id)
        .await
    {
        Ok(mut pair) => {
            // A server that does not rotate sends no new refresh token.
            pair.refresh = pair.refresh.or_else(|| Some(refresh.clone()));
            match store(portal, redtrust, sign_in, &pair).await? {
                Some(since) => Ok(Held {
                    tokens: pair,
                    version: sign_in.version + 1,
                    since,
                }),
                None => replaced(portal, redtrust, sign_in, &pair.access).await,
            }
        }
        Err(error) if is_put_off(&error) => {
            release(portal, sign_in).await?;
            Err(error.into())
        }
        Err(error) => {
            tracing::info!(event = "refresh_failed", sign_in = %sign_in.id, %error);
            ended(portal, redtrust, sign_in).await
        }
    }
}

/// Whether the same refresh may succeed later: Redtrust says so, was not reached, or something
/// before it answered. If it has rotated the token all the same, it says so then.
fn is_put_off(error: &RedtrustError) -> bool {
    error.nothing_was_sent()
        || error.class() == Some(ErrorClass::MayPass)
        || matches!(
            error,
            RedtrustError::Unavailable {
                status: 429 | 502..=504
            }
        )
}

/// Stores refreshed tokens, and tries again for as long as the refresh is claimed: the ones
/// before are worth nothing any more. Returns since when they are there; `None` if the
/// sign-in was changed meanwhile.
async fn store(
    portal: &Portal,
    redtrust: &Redtrust,
    sign_in: &SignIn,
    pair: &TokenPair,
) -> Result<Option<Millis>, StorageError> {
    let until = portal.clock.now() + CLAIM;
    loop {
        let (keys, before, pair) = (Arc::clone(&portal.keys), sign_in.clone(), pair.clone());
        let (server, now) = (redtrust.connection.server(), portal.clock.now());
        let stored = portal.storage.write(move |conn| {
            Box::pin(async move {
                sign_ins::store_tokens(conn, &keys, &before, (&server, &pair), now).await
            })
        });
        match stored.await {
            Ok(stored) => return Ok(stored.then_some(now)),
            Err(error) if error.may_pass() && portal.clock.now() < until => {
                tracing::warn!(event = "tokens_not_stored", sign_in = %sign_in.id, %error);
                tokio::time::sleep(STORE_AGAIN).await;
            }
            Err(error) => return Err(error),
        }
    }
}

/// The sign-in was changed while it was refreshed: by a try to store these tokens that
/// seemed to fail or by another refresh, whose tokens count then; or its person has signed
/// out. Then there are no more calls for them, but for the one that tells Redtrust so: it
/// was told of the tokens that these have replaced.
async fn replaced(
    portal: &Portal,
    redtrust: &Redtrust,
    sign_in: &SignIn,
    access: &Secret,
) -> Result<Held, TokenError> {
    let now = load(portal, redtrust, &sign_in.id).await;
    if let Err(TokenError::SignInAgain) = now
        && let Err(error) = redtrust.client.logout(access).await
    {
        let slug = &redtrust.connection.slug;
        tracing::warn!(event = "logout_failed", connection = %slug, %error);
    }
    held(&now?)
}

async fn release(portal: &Portal, sign_in: &SignIn) -> Result<(), StorageError> {
    let (id, version) = (sign_in.id.clone(), sign_in.version);
    portal
        .storage
        .write(move |conn| {
            Box::pin(async move { sign_ins::release_refresh(conn, &id, version).await })
        })
        .await
}

/// Marks the sign-in as no longer usable, unless there are newer tokens meanwhile.
async fn ended(portal: &Portal, redtrust: &Redtrust, sign_in: &SignIn) -> Result<Held, TokenError> {
    let (id, version, now) = (sign_in.id.clone(), sign_in.version, portal.clock.now());
    let ended = portal
        .storage
        .write(move |conn| Box::pin(async move { sign_ins::end(conn, &id, version, now).await }));
    match ended.await? {
        true => Err(TokenError::SignInAgain),
        false => held(&load(portal, redtrust, &sign_in.id).await?),
    }
}
