//! The callback of a sign-in: whatever can be checked locally about the
//! temporary token is checked before any call is made, and each refusal has its
//! own name.

use super::begin::{ActiveUrl, UrlProblem, active_url};
use super::establish::{Arrival, NewSignIn, establish};
use crate::domain::digest::sha256;
use crate::domain::login_attempt::LoginAttempt;
use crate::domain::redirect_url::RedirectUrl;
use crate::domain::temp_token::{TempToken, TempTokenRefusal, TokenShape, VerifiedClaims, verify};
use crate::redtrust::RedtrustError;
use crate::services::Portal;
use crate::services::connections::{ConnectionError, Redtrust};
use crate::storage::StorageError;
use crate::storage::attempts::{self, Consumption};

/// Result of a callback.
#[derive(Debug)]
pub enum Called {
    /// Signed in; the attempt that led here is used up.
    SignedIn {
        /// What to store in the session.
        sign_in: NewSignIn,
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
/// connection, `tkn` is the raw query parameter.
pub async fn complete(
    portal: &Portal,
    redtrust: &Redtrust,
    attempts: Vec<LoginAttempt>,
    tkn: Option<&str>,
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
    let connection_id = &redtrust.connection.id;
    if attempts::token_is_used(&portal.storage, connection_id, &token.sha256()).await? {
        return Ok(Called::Refused(Refusal::TokenUsed));
    }
    let (mut candidates, claims) = match choose(portal, redtrust, attempts, &active, &token) {
        Ok(chosen) => chosen,
        Err(refusal) => return Ok(Called::Refused(refusal)),
    };
    let attempt = loop {
        let Some(attempt) = candidates.pop() else {
            return Ok(Called::Refused(Refusal::NoAttempt));
        };
        match consume(portal, connection_id, &attempt, &token, &claims).await? {
            Consumption::Consumed => break attempt,
            Consumption::AttemptUsed => {}
            Consumption::TokenUsed => return Ok(Called::Refused(Refusal::TokenUsed)),
        }
    };
    exchange(portal, redtrust, attempt, &token, claims).await
}

/// The live attempts made with the URL in use, oldest first, and what the token
/// says if its format can be verified.
fn choose(
    portal: &Portal,
    redtrust: &Redtrust,
    mut attempts: Vec<LoginAttempt>,
    active: &RedirectUrl,
    token: &TempToken,
) -> Result<(Vec<LoginAttempt>, VerifiedClaims), Refusal> {
    let now = portal.clock.now();
    if attempts.is_empty() {
        return Err(Refusal::NoAttempt);
    }
    attempts.retain(|attempt| !attempt.is_expired(now));
    if attempts.is_empty() {
        return Err(Refusal::AttemptExpired);
    }
    // Drops attempts started with a redirect URL that has been replaced since.
    attempts.retain(|attempt| attempt.redirect_url == *active);
    if attempts.is_empty() {
        return Err(Refusal::RedirectUrl(UrlProblem::Disabled));
    }
    attempts.sort_by_key(|attempt| attempt.started_at);
    let claims = verify(token, &redtrust.connection, active, now).map_err(Refusal::Token)?;
    Ok((attempts, claims))
}

/// Marks the attempt and the token as used, and a signed token's `jti` too: two
/// tokens with one `jti` count as one.
async fn consume(
    portal: &Portal,
    connection_id: &str,
    attempt: &LoginAttempt,
    token: &TempToken,
    claims: &VerifiedClaims,
) -> Result<Consumption, StorageError> {
    let (attempt_id, connection_id, hash, now) = (
        attempt.id.clone(),
        connection_id.to_owned(),
        token.sha256(),
        portal.clock.now(),
    );
    let jti = claims.jti.as_deref().map(jti_sha256);
    portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                let used = attempts::consume(conn, &attempt_id, &connection_id, &hash, now).await?;
                let (Consumption::Consumed, Some(jti)) = (used, jti) else {
                    return Ok(used);
                };
                let by_jti = format!("{attempt_id}/jti");
                attempts::consume(conn, &by_jti, &connection_id, &jti, now).await
            })
        })
        .await
}

/// The hash stored for a `jti`, in the same place as the hashes of whole
/// tokens.
fn jti_sha256(jti: &str) -> [u8; 32] {
    sha256(format!("jti {jti}"))
}

async fn exchange(
    portal: &Portal,
    redtrust: &Redtrust,
    attempt: LoginAttempt,
    token: &TempToken,
    claims: VerifiedClaims,
) -> Result<Called, ConnectionError> {
    let tokens = match redtrust.client.login_by_temp_token(token).await {
        Ok(tokens) => tokens,
        Err(error) => {
            let refusal = if error.said().is_some() {
                Refusal::Rejected(error)
            } else {
                Refusal::Failed(error)
            };
            return Ok(Called::Refused(refusal));
        }
    };
    let arrival = Arrival::Redirect {
        subject: claims.subject,
        redirect_url: attempt.redirect_url.clone(),
    };
    let sign_in = establish(portal, redtrust, tokens, arrival).await?;
    Ok(Called::SignedIn {
        sign_in,
        attempt: Box::new(attempt),
    })
}
