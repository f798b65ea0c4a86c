//! The two calls of an issuance, and the check that an answer belongs to its
//! request.

use std::time::Duration;

use super::outcome::{CallKind, CallOutcome};
use super::worker::Worker;
use crate::domain::csr::read_csr;
use crate::domain::issuance::{Cause, Event, Issuance};
use crate::domain::order::Order;
use crate::domain::tokens::TokenPair;
use crate::failpoints;
use crate::redtrust::{CsrCreated, Finalized, RedtrustError};
use crate::services::Portal;
use crate::services::connections::Redtrust;
use crate::services::token_keeper::{self, Held, TokenError};
use crate::storage::issuances::{self, Change};

/// A younger token is refused for another reason than its age.
const FRESH: Duration = Duration::from_secs(5 * 60);

/// One of the two calls, ready to send.
pub(super) enum Call<'a> {
    /// `csr/create`.
    Create(&'a Order),
    /// `csr/finalize` with this request code.
    Finalize(&'a str),
}

impl Call<'_> {
    /// Makes the call of an issuance whose intent is already stored. If its token is
    /// not accepted, whatever the code, the token is refreshed once and the call
    /// repeated once; nothing else is ever repeated.
    pub(super) async fn make(&self, worker: &Worker<'_>, issuance: &Issuance) -> CallOutcome {
        let (portal, redtrust) = (worker.portal, worker.redtrust);
        let sign_in = &issuance.sign_in_id;
        let held = match token_keeper::access_token(portal, redtrust, sign_in).await {
            Ok(held) => held,
            Err(error) => return self.without_token(&error),
        };
        if !worker.may_send() {
            return CallOutcome::nothing_sent(Cause::Busy);
        }
        failpoints::hit(self.before_send());
        let mut answer = self.send(redtrust, &held.tokens, &issuance.owner_id).await;
        if let Err(RedtrustError::Unauthorized { code, message }) = &answer {
            if held.tokens.refresh.is_none() && is_fresh(portal, &held) {
                return CallOutcome::may_not_issue(self.kind(), code, message);
            }
            match token_keeper::refreshed(portal, redtrust, sign_in, held.version).await {
                Ok(fresh) if worker.may_send() => {
                    answer = self.send(redtrust, &fresh.tokens, &issuance.owner_id).await;
                }
                Ok(_) => return CallOutcome::nothing_sent(Cause::Busy),
                // Signing in again has led here once already.
                Err(TokenError::SignInAgain)
                    if is_fresh(portal, &held)
                        && was_sent_to_sign_in(portal, &issuance.id).await =>
                {
                    return CallOutcome::may_not_issue(self.kind(), code, message);
                }
                Err(error @ TokenError::SignInAgain) => {
                    return self.without_token(&error).with_words(code, message);
                }
                Err(error) => return self.without_token(&error),
            }
        }
        failpoints::hit(self.replied());
        answer.unwrap_or_else(|error| CallOutcome::from_error(self.kind(), &error))
    }

    fn kind(&self) -> CallKind {
        match self {
            Self::Create(order) => CallKind::Create {
                own_code: order.request_code.is_some(),
            },
            Self::Finalize(_) => CallKind::Finalize,
        }
    }

    /// Without a token nothing can be sent.
    fn without_token(&self, error: &TokenError) -> CallOutcome {
        match error {
            TokenError::SignInAgain => CallOutcome::nothing_sent(Cause::SignInAgain),
            TokenError::Redtrust(error) if error.nothing_was_sent() => {
                CallOutcome::from_error(self.kind(), error)
            }
            // Redtrust cannot refresh tokens now.
            TokenError::Redtrust(_) | TokenError::Storage(_) => {
                CallOutcome::nothing_sent(Cause::Busy)
            }
        }
    }

    async fn send(
        &self,
        redtrust: &Redtrust,
        tokens: &TokenPair,
        owner_id: &str,
    ) -> Result<CallOutcome, RedtrustError> {
        match self {
            Self::Create(order) => {
                let created = redtrust.client.csr_create(tokens, order, owner_id).await?;
                Ok(judge_created(order, created))
            }
            Self::Finalize(request_code) => {
                let done = redtrust
                    .client
                    .csr_finalize(tokens, request_code, owner_id)
                    .await?;
                Ok(judge_finalized(request_code, done))
            }
        }
    }

    const fn before_send(&self) -> &'static str {
        match self {
            Self::Create(_) => "create.before_send",
            Self::Finalize(_) => "finalize.before_send",
        }
    }

    const fn replied(&self) -> &'static str {
        match self {
            Self::Create(_) => "create.replied",
            Self::Finalize(_) => "finalize.replied",
        }
    }
}

/// Checks that the answer matches the request. A missing or unreadable CSR is
/// accepted; a missing request code is not.
fn judge_created(order: &Order, created: CsrCreated) -> CallOutcome {
    if let Some(sent) = &order.request_code
        && *sent != created.request_code
    {
        return CallOutcome::mismatch(Cause::OtherRequestCode);
    }
    let facts = created.csr.as_deref().and_then(|text| read_csr(text).ok());
    let cause = facts.as_ref().and_then(|facts| {
        if !facts.has_key(&order.key) {
            Some(Cause::OtherKey)
        } else if !order.dn.matches(&facts.subject) {
            Some(Cause::OtherSubject)
        } else {
            None
        }
    });
    CallOutcome {
        event: match cause {
            Some(_) => Event::Mismatched,
            None => Event::KeyCreated,
        },
        change: Change {
            request_code: Some(created.request_code),
            csr: created.csr,
            csr_key: facts.map(|facts| facts.public_key_sha256),
            error: created.warning,
            cause,
            ..Change::default()
        },
    }
}

fn judge_finalized(request_code: &str, done: Finalized) -> CallOutcome {
    if done.request_code.is_some_and(|code| code != request_code) {
        return CallOutcome::mismatch(Cause::OtherRequestCode);
    }
    CallOutcome {
        event: Event::Issued,
        change: Change {
            certificate_id: Some(done.certificate_id),
            thumbprint: Some(done.thumbprint),
            error: done.warning,
            ..Change::default()
        },
    }
}

/// Whether Redtrust issued the token only minutes ago: then it did not expire.
fn is_fresh(portal: &Portal, held: &Held) -> bool {
    portal.clock.now().since(held.since) < FRESH
}

/// Whether the call before this one ended with a request to sign in again.
async fn was_sent_to_sign_in(portal: &Portal, id: &str) -> bool {
    let timeline = issuances::timeline(&portal.storage, id).await;
    let before = timeline.map(|timeline| timeline.into_iter().rev().nth(1));
    matches!(before, Ok(Some(entry)) if entry.cause == Some(Cause::SignInAgain))
}
