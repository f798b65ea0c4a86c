//! The callback of a sign-in: whatever can be checked locally about the
//! temporary token is checked before any call is made, and each refusal has its
//! own name.

use std::sync::Arc;
use std::time::Duration;

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
use crate::services::limiter::{self, Door, Stranger, Taken};

/// Result of a callback.
#[derive(Debug)]
pub enum Called {
    /// Signed in.
    SignedIn {
        /// The id of the session that was stored, for the browser's cookie.
        session: Secret,
        /// Where the person wanted to go, and whose cookie to remove.
        attempt: Box<LoginAttempt>,
        /// The owner; empty if Redtrust did not say who it is.
        person: String,
    },
    Refused(Refusal),
    /// Too many returns from one place led to nothing. Nothing was sent.
    TooMany {
        /// How long to wait.
        wait: Duration,
    },
}

/// Completes a sign-in. `attempts` are the browser's attempts at this
/// connection; `session` is stored for the sign-in.
pub async fn complete(
    portal: &Arc<Portal>,
    redtrust: &Arc<Redtrust>,
    attempts: Vec<LoginAttempt>,
    arrived: Arrived,
    session: SessionToBe,
    who: Stranger,
) -> Result<Called, ConnectionError> {
    let token = token_of(&arrived);
    if let Ok(token) = &token
        && redtrust.connection.enabled
        && let Some(ended) = used_before(portal, redtrust, token, &attempts).await?
    {
        return Ok(ended.into());
    }
    let newest = attempts.iter().max_by_key(|attempt| attempt.started_at);
    let newest = newest.cloned();
    if newest.is_none() {
        return Ok(Called::Refused(without_attempt(token)));
    }
    let called = first(portal, redtrust, attempts, token, session, who).await?;
    match (&called, newest) {
        (Called::SignedIn { .. }, _) => notes::worked(portal, redtrust),
        (Called::Refused(refusal), Some(attempt)) => {
            notes::refused(portal, redtrust, &attempt, &arrived, refusal);
        }
        (Called::Refused(_), None) | (Called::TooMany { .. }, _) => {}
    }
    Ok(called)
}

/// Why a return is refused if no sign-in was started in this browser: the same whether
/// there is such a connection or not.
fn without_attempt(token: Result<TempToken, Refusal>) -> Refusal {
    token.err().unwrap_or(Refusal::NoAttempt)
}

/// The refusal of a return at a connection that does not exist.
pub fn refuse_unknown(arrived: &Arrived) -> Refusal {
    without_attempt(token_of(arrived))
}

fn token_of(arrived: &Arrived) -> Result<TempToken, Refusal> {
    let token = arrived.tkn.as_deref().ok_or(Refusal::TokenMissing)?;
    token.parse().map_err(Refusal::TokenShape)
}

/// Completes a sign-in with a token that was not used before.
async fn first(
    portal: &Arc<Portal>,
    redtrust: &Arc<Redtrust>,
    attempts: Vec<LoginAttempt>,
    token: Result<TempToken, Refusal>,
    session: SessionToBe,
    who: Stranger,
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
    let door = Door::Return {
        connection_id: &redtrust.connection.id,
    };
    let spent = match limiter::take(portal, door, &who).await? {
        Taken::Allowed(spent) => spent,
        Taken::TooMany { wait } => return Ok(Called::TooMany { wait }),
    };
    let exchange = Exchange {
        redtrust: Arc::clone(redtrust),
        token: token.clone(),
        claims,
        attempts: candidates,
        session,
        who,
    };
    match exchange.run(portal, spent).await? {
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
            Exchanged::SignedIn {
                session,
                attempt,
                person,
            } => {
                return Self::SignedIn {
                    session,
                    attempt,
                    person,
                };
            }
            Exchanged::Failed(error) => Refusal::of_call(error),
            Exchanged::NoConnection => Refusal::NoConnection,
            Exchanged::TokenUsed => Refusal::TokenUsed,
            Exchanged::NoAttempt => Refusal::NoAttempt,
            Exchanged::TooMany { wait } => return Self::TooMany { wait },
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
