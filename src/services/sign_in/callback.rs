//! The callback of a sign-in: whatever can be checked locally about the
//! temporary token is checked before any call is made, and each refusal has its
//! own name.

use std::sync::Arc;

use super::begin::{ActiveUrl, UrlProblem, active_url};
use super::establish::SessionToBe;
use super::exchange::{Exchange, Exchanged, used_before};
use super::notes::{self, Arrived};
use super::refusal::Refusal;
use crate::domain::login_attempt::LoginAttempt;
use crate::domain::redirect_url::RedirectUrl;
use crate::domain::secret::Secret;
use crate::domain::temp_token::{TempToken, VerifiedClaims, verify};
use crate::services::Portal;
use crate::services::connections::{ConnectionError, Redtrust};

/// Result of a callback.
#[derive(Debug)]
pub enum Called {
    /// Signed in.
    SignedIn {
        /// The id of the session that was stored, for the browser's cookie.
        session: Secret,
        /// Where the person wanted to go, and whose cookie to remove.
        attempt: Box<LoginAttempt>,
    },
    Refused(Refusal),
}

/// Completes a sign-in. `attempts` are the browser's attempts at this
/// connection; `session` is stored for the sign-in.
pub async fn complete(
    portal: &Arc<Portal>,
    redtrust: &Arc<Redtrust>,
    attempts: Vec<LoginAttempt>,
    arrived: Arrived,
    session: SessionToBe,
) -> Result<Called, ConnectionError> {
    let token = arrived.tkn.as_deref().map(str::parse::<TempToken>);
    if let Some(Ok(token)) = &token
        && redtrust.connection.enabled
        && let Some(ended) = used_before(portal, redtrust, token, &attempts).await?
    {
        return Ok(ended.into());
    }
    let newest = attempts.iter().max_by_key(|attempt| attempt.started_at);
    let newest = newest.cloned();
    let token = match token {
        None => Err(Refusal::TokenMissing),
        Some(token) => token.map_err(Refusal::TokenShape),
    };
    let called = first(portal, redtrust, attempts, token, session).await?;
    match (&called, newest) {
        (Called::SignedIn { .. }, _) => notes::worked(portal, redtrust),
        (Called::Refused(refusal), Some(attempt)) => {
            notes::refused(portal, redtrust, &attempt, &arrived, refusal);
        }
        (Called::Refused(_), None) => {}
    }
    Ok(called)
}

/// Completes a sign-in with a token that was not used before.
async fn first(
    portal: &Arc<Portal>,
    redtrust: &Arc<Redtrust>,
    attempts: Vec<LoginAttempt>,
    token: Result<TempToken, Refusal>,
    session: SessionToBe,
) -> Result<Called, ConnectionError> {
    if !redtrust.connection.enabled {
        return Ok(Called::Refused(Refusal::NoConnection));
    }
    let active = match active_url(portal, redtrust).await? {
        ActiveUrl::Found(active) => active,
        ActiveUrl::None(problem) => return Ok(Called::Refused(Refusal::RedirectUrl(problem))),
    };
    let token = match token {
        Ok(token) => token,
        Err(refusal) => return Ok(Called::Refused(refusal)),
    };
    let (candidates, claims) = match choose(portal, redtrust, &attempts, &active, &token) {
        Ok(chosen) => chosen,
        Err(refusal) => return Ok(Called::Refused(refusal)),
    };
    let exchange = Exchange {
        redtrust: Arc::clone(redtrust),
        token: token.clone(),
        claims,
        attempts: candidates,
        session,
    };
    match exchange.run(portal).await? {
        // A second request with the same token was quicker.
        Exchanged::TokenUsed => {
            let ended = used_before(portal, redtrust, &token, &attempts).await?;
            Ok(ended.unwrap_or(Exchanged::TokenUsed).into())
        }
        ended => Ok(ended.into()),
    }
}

impl From<Exchanged> for Called {
    fn from(ended: Exchanged) -> Self {
        Self::Refused(match ended {
            Exchanged::SignedIn { session, attempt } => {
                return Self::SignedIn { session, attempt };
            }
            Exchanged::Failed(error) => Refusal::of_call(error),
            Exchanged::TokenUsed => Refusal::TokenUsed,
            Exchanged::NoAttempt => Refusal::NoAttempt,
        })
    }
}

/// The live attempts made with the URL in use, newest first, and what the token
/// says if its format can be verified.
fn choose(
    portal: &Portal,
    redtrust: &Redtrust,
    attempts: &[LoginAttempt],
    active: &RedirectUrl,
    token: &TempToken,
) -> Result<(Vec<LoginAttempt>, VerifiedClaims), Refusal> {
    let now = portal.clock.now();
    if attempts.is_empty() {
        return Err(Refusal::NoAttempt);
    }
    let mut attempts = attempts.to_vec();
    attempts.retain(|attempt| !attempt.is_expired(now));
    if attempts.is_empty() {
        return Err(Refusal::AttemptExpired);
    }
    // Drops attempts started with a redirect URL that has been replaced since.
    attempts.retain(|attempt| attempt.redirect_url == *active);
    if attempts.is_empty() {
        return Err(Refusal::RedirectUrl(UrlProblem::Disabled));
    }
    attempts.sort_by_key(|attempt| std::cmp::Reverse(attempt.started_at));
    let claims = verify(token, &redtrust.connection, active, now).map_err(Refusal::Token)?;
    Ok((attempts, claims))
}
