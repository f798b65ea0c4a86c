//! The callback of a sign-in: whatever can be checked locally about the
//! temporary token is checked before any call is made, and each refusal has its
//! own name.

use std::sync::Arc;

use super::begin::{ActiveUrl, UrlProblem, active_url};
use super::establish::SessionToBe;
use super::exchange::{Exchange, Exchanged, used_before};
use crate::domain::login_attempt::LoginAttempt;
use crate::domain::redirect_url::RedirectUrl;
use crate::domain::secret::Secret;
use crate::domain::temp_token::{TempToken, TempTokenRefusal, TokenShape, VerifiedClaims, verify};
use crate::redtrust::RedtrustError;
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

/// Why a callback was refused. Only the last two made a call.
#[derive(Debug)]
pub enum Refusal {
    /// The connection was removed or disabled.
    NoConnection,
    /// The redirect URL was disabled in the meantime.
    RedirectUrl(UrlProblem),
    /// No `tkn`. A cancelled sign-in looks the same.
    TokenMissing,
    /// `tkn` does not look like a token.
    TokenShape(TokenShape),
    /// This token was used before.
    TokenUsed,
    /// No sign-in was started in this browser.
    NoAttempt,
    /// The sign-in was started more than ten minutes ago.
    AttemptExpired,
    /// The token's signature or claims are not valid.
    Token(TempTokenRefusal),
    /// Redtrust refused.
    Rejected(RedtrustError),
    /// Redtrust could not be reached, or its answer could not be used.
    Failed(RedtrustError),
}

/// Completes a sign-in. `attempts` are the browser's attempts at this
/// connection, `tkn` is the query parameter; `session` is stored for the sign-in.
pub async fn complete(
    portal: &Arc<Portal>,
    redtrust: &Arc<Redtrust>,
    attempts: Vec<LoginAttempt>,
    tkn: Option<&str>,
    session: SessionToBe,
) -> Result<Called, ConnectionError> {
    if !redtrust.connection.enabled {
        return Ok(Called::Refused(Refusal::NoConnection));
    }
    let active = match active_url(portal, redtrust).await? {
        ActiveUrl::Found(active) => active,
        ActiveUrl::None(problem) => return Ok(Called::Refused(Refusal::RedirectUrl(problem))),
    };
    let Some(tkn) = tkn else {
        return Ok(Called::Refused(Refusal::TokenMissing));
    };
    let token = match tkn.parse::<TempToken>() {
        Ok(token) => token,
        Err(shape) => return Ok(Called::Refused(Refusal::TokenShape(shape))),
    };
    if let Some(ended) = used_before(portal, redtrust, &token, &attempts).await? {
        return Ok(ended.into());
    }
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
            Exchanged::Failed(error) if error.said().is_some() => Refusal::Rejected(error),
            Exchanged::Failed(error) => Refusal::Failed(error),
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
