//! The exchange of a temporary token: once, and not by the request that asks
//! for it, so that a reloaded or closed page does not stop it. A second request
//! with the same token and the same attempt gets the same session, on any node.

use std::sync::Arc;
use std::time::Duration;

use sqlx::AnyConnection;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::establish::{Arrival, Established, Return, SessionToBe, establish};
use super::outcome::Outcome;
use crate::domain::digest::sha256;
use crate::domain::login_attempt::LoginAttempt;
use crate::domain::millis::Millis;
use crate::domain::secret::Secret;
use crate::domain::temp_token::{TempToken, VerifiedClaims};
use crate::redtrust::RedtrustError;
use crate::services::Portal;
use crate::services::connections::Redtrust;
use crate::services::limiter::{self, Spent, Stranger};
use crate::storage::attempts::{self, Consumption, Used};
use crate::storage::{StorageError, sessions};

/// How many tokens one attempt may lead to: people click twice, and Redtrust
/// makes a token for each click.
const TOKENS_PER_ATTEMPT: u32 = 4;

/// How long a request waits for an exchange that another request began: longer
/// than the call may take, shorter than the ten seconds that sign-in may take.
const PATIENCE: Duration = Duration::from_millis(9_500);

/// When those who wait for the same return are gone.
const CROWDED: Duration = Duration::from_secs(5);

/// How long it waits before it looks the first time; each time after that, twice as long.
const LOOK_AFTER: Duration = Duration::from_millis(50);

const LONGEST_PAUSE: Duration = Duration::from_millis(400);

/// An exchange without an outcome after this time was interrupted.
const INTERRUPTED: Duration = Duration::from_secs(15);

/// The end of an exchange.
#[derive(Debug)]
pub(super) enum Exchanged {
    SignedIn {
        /// The id of the session, for the browser's cookie.
        session: Secret,
        attempt: Box<LoginAttempt>,
        person: String,
    },
    /// Redtrust refused, or could not be asked.
    Failed(RedtrustError),
    /// The connection was disabled, or led to another server, while Redtrust was asked.
    NoConnection,
    /// Used before, not by this browser or without a known outcome.
    TokenUsed,
    /// Every attempt has led to as many tokens as it may.
    NoAttempt,
    /// Too many requests wait for it already, or its owner has signed in too often.
    TooMany { wait: Duration },
}

/// An exchange that may begin: everything that needs no network was checked.
pub(super) struct Exchange {
    pub(super) redtrust: Arc<Redtrust>,
    pub(super) token: TempToken,
    pub(super) claims: VerifiedClaims,
    /// The attempts that may be used, in this order.
    pub(super) attempts: Vec<LoginAttempt>,
    pub(super) session: SessionToBe,
    pub(super) who: Stranger,
}

impl Exchange {
    /// Makes the exchange in a task of its own and waits for it. The try is given back if
    /// it was right, also to somebody whose page was closed: people click twice.
    pub(super) async fn run(
        self,
        portal: &Arc<Portal>,
        spent: Spent,
    ) -> Result<Exchanged, StorageError> {
        let (tell, told) = oneshot::channel();
        let on = Arc::clone(portal);
        portal.in_flight.spawn(async move {
            let ended = self.make(&on).await;
            if matches!(ended, Ok(Exchanged::SignedIn { .. })) {
                limiter::give_back(&on, spent).await;
            }
            // Nobody listens any more if the page was closed.
            let _ = tell.send(ended);
        });
        told.await
            .unwrap_or_else(|_| Err(StorageError::Unavailable("the exchange ended".into())))
    }

    async fn make(self, portal: &Arc<Portal>) -> Result<Exchanged, StorageError> {
        let (attempt, used) = match self.use_up(portal).await? {
            Ok(consumed) => consumed,
            Err(refused) => return Ok(refused),
        };
        let (client, place) = (&self.redtrust.client, self.who.place());
        let tokens = match client.login_by_temp_token(&self.token, &place).await {
            Ok(tokens) => tokens,
            Err(error) => {
                keep(portal, used, Outcome::Failed(error.clone())).await?;
                return Ok(Exchanged::Failed(error));
            }
        };
        let session = self.session.id.clone();
        let arrival = Arrival::Redirect(Return {
            subject: self.claims.subject,
            domain: attempt.domain.clone(),
            redirect_url: attempt.redirect_url.clone(),
            session: self.session,
            attempt_id: used.clone(),
        });
        let source = &self.who.source;
        match establish(portal, &self.redtrust, tokens, arrival, source).await? {
            Established::SignedIn(sign_in) => Ok(Exchanged::SignedIn {
                session,
                attempt: Box::new(attempt),
                person: sign_in.person(),
            }),
            Established::Closed => {
                keep(portal, used, Outcome::NoConnection).await?;
                Ok(Exchanged::NoConnection)
            }
            Established::TooMany { wait } => {
                keep(portal, used, Outcome::TooMany { wait }).await?;
                Ok(Exchanged::TooMany { wait })
            }
        }
    }

    /// Marks the token and an attempt as used; answers with the attempt and the
    /// name of its use. An attempt that has led nowhere yet is preferred. All in one
    /// transaction, because strangers can cause it.
    async fn use_up(
        &self,
        portal: &Portal,
    ) -> Result<Result<(LoginAttempt, String), Exchanged>, StorageError> {
        let uses: Vec<_> = (0..TOKENS_PER_ATTEMPT)
            .flat_map(|turn| {
                let use_of = move |attempt| (use_of(attempt, turn), LoginAttempt::clone(attempt));
                self.attempts.iter().map(use_of)
            })
            .collect();
        let (connection_id, hash) = (self.redtrust.connection.id.clone(), self.token.sha256());
        let (jti, now) = (
            self.claims.jti.as_deref().map(jti_sha256),
            portal.clock.now(),
        );
        portal
            .storage
            .write(move |conn| {
                Box::pin(async move {
                    for (id, attempt) in uses {
                        let token = (&*connection_id, &hash, jti.as_ref());
                        match consume(conn, &id, token, now).await? {
                            Consumption::Consumed => return Ok(Ok((attempt, id))),
                            Consumption::AttemptUsed => {}
                            Consumption::TokenUsed => return Ok(Err(Exchanged::TokenUsed)),
                        }
                    }
                    Ok(Err(Exchanged::NoAttempt))
                })
            })
            .await
    }
}

/// Marks the use `id` of an attempt and a token of a connection as used, and a signed
/// token's `jti` too: two tokens with one `jti` count as one.
async fn consume(
    conn: &mut AnyConnection,
    id: &str,
    (connection_id, hash, jti): (&str, &[u8; 32], Option<&[u8; 32]>),
    now: Millis,
) -> Result<Consumption, StorageError> {
    let used = attempts::consume(conn, id, connection_id, hash, now).await?;
    let (Consumption::Consumed, Some(jti)) = (used, jti) else {
        return Ok(used);
    };
    let by_jti = format!("{id}/jti");
    let used = attempts::consume(conn, &by_jti, connection_id, jti, now).await?;
    if used != Consumption::Consumed {
        attempts::take_back(conn, id).await?;
    }
    Ok(used)
}

/// What came of this token if it was used before, for a browser with these
/// attempts. Waits while the exchange is under way, if not many do so already: nothing
/// else limits them.
pub(super) async fn used_before(
    portal: &Portal,
    redtrust: &Redtrust,
    token: &TempToken,
    attempts: &[LoginAttempt],
) -> Result<Option<Exchanged>, StorageError> {
    let (connection_id, hash) = (&redtrust.connection.id, token.sha256());
    let patience = Instant::now() + PATIENCE;
    let (mut place, mut pause) = (None, LOOK_AFTER);
    loop {
        let used = attempts::used(&portal.storage, &portal.keys, connection_id, &hash).await?;
        let Some(used) = used else {
            return Ok(None);
        };
        let now = portal.clock.now();
        let Some(attempt) = attempts.iter().find(|attempt| is_of(&used, attempt, now)) else {
            return Ok(Some(Exchanged::TokenUsed));
        };
        if let Some(outcome) = &used.outcome {
            return again(portal, outcome, attempt).await.map(Some);
        }
        if now.since(used.used_at) > INTERRUPTED || Instant::now() >= patience {
            return Ok(Some(Exchanged::TokenUsed));
        }
        if place.is_none() {
            let places = &portal.limiter.waiting_returns;
            match places.take(&attempt.id, 1) {
                Ok(taken) => place = Some(taken),
                Err(_) => return Ok(Some(Exchanged::TooMany { wait: CROWDED })),
            }
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// The same end as the first time. A session that was signed out of meanwhile
/// does not come back.
async fn again(
    portal: &Portal,
    outcome: &Secret,
    attempt: &LoginAttempt,
) -> Result<Exchanged, StorageError> {
    match Outcome::read(outcome) {
        Some(Outcome::Failed(error)) => Ok(Exchanged::Failed(error)),
        Some(Outcome::NoConnection) => Ok(Exchanged::NoConnection),
        Some(Outcome::TooMany { wait }) => Ok(Exchanged::TooMany { wait }),
        Some(Outcome::SignedIn { session, person }) => {
            let now = portal.clock.now();
            let lives = sessions::load(&portal.storage, &sha256(&session), now).await?;
            Ok(match lives {
                Some(_) => Exchanged::SignedIn {
                    session: Secret::new(session),
                    attempt: Box::new(attempt.clone()),
                    person,
                },
                None => Exchanged::TokenUsed,
            })
        }
        None => Ok(Exchanged::TokenUsed),
    }
}

/// Names one use of an attempt; the first is the attempt itself.
fn use_of(attempt: &LoginAttempt, turn: u32) -> String {
    match turn {
        0 => attempt.id.clone(),
        turn => format!("{}/{turn}", attempt.id),
    }
}

fn is_of(used: &Used, attempt: &LoginAttempt, now: Millis) -> bool {
    let of_this = used.attempt_id.split('/').next() == Some(&attempt.id);
    of_this && !attempt.is_expired(now)
}

/// The hash stored for a `jti`, in the same place as the hashes of whole
/// tokens.
fn jti_sha256(jti: &str) -> [u8; 32] {
    sha256(format!("jti {jti}"))
}

async fn keep(portal: &Portal, used: String, outcome: Outcome) -> Result<(), StorageError> {
    let keys = Arc::clone(&portal.keys);
    portal
        .storage
        .write(move |conn| Box::pin(async move { outcome.keep(conn, &keys, &used).await }))
        .await
}
