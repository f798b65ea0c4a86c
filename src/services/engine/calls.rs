//! The two calls of an issuance, and the check that an answer belongs to its
//! request.

use super::outcome::CallOutcome;
use super::worker::Worker;
use crate::domain::csr::read_csr;
use crate::domain::issuance::{Cause, Event, Issuance};
use crate::domain::order::Order;
use crate::domain::secret::Secret;
use crate::failpoints;
use crate::redtrust::{CsrCreated, Finalized, RedtrustError};
use crate::services::connections::Redtrust;
use crate::services::token_keeper::{self, TokenError};
use crate::storage::issuances::Change;

/// One of the two calls, ready to send.
pub(super) enum Call<'a> {
    /// `csr/create`.
    Create(&'a Order),
    /// `csr/finalize` with this request code.
    Finalize(&'a str),
}

impl Call<'_> {
    /// Makes the call of an issuance whose intent is already stored. A 401
    /// leads to one token refresh and one repeat; nothing else is ever
    /// repeated.
    pub(super) async fn make(&self, worker: &Worker<'_>, issuance: &Issuance) -> CallOutcome {
        let (portal, redtrust) = (worker.portal, worker.redtrust);
        let sign_in = &issuance.sign_in_id;
        let held = match token_keeper::access_token(portal, redtrust, sign_in).await {
            Ok(held) => held,
            Err(error) => return without_token(&error),
        };
        if !worker.may_send() {
            return CallOutcome::nothing_sent(Cause::Busy);
        }
        failpoints::hit(self.before_send());
        let mut answer = self.send(redtrust, &held.access).await;
        if let Err(RedtrustError::Unauthorized { .. }) = &answer {
            match token_keeper::refreshed(portal, redtrust, sign_in, held.version).await {
                Ok(fresh) if worker.may_send() => {
                    answer = self.send(redtrust, &fresh.access).await;
                }
                Ok(_) => return CallOutcome::nothing_sent(Cause::Busy),
                Err(error) => return without_token(&error),
            }
        }
        failpoints::hit(self.replied());
        answer.unwrap_or_else(|error| CallOutcome::from_error(&error))
    }

    async fn send(
        &self,
        redtrust: &Redtrust,
        access: &Secret,
    ) -> Result<CallOutcome, RedtrustError> {
        match self {
            Self::Create(order) => {
                let created = redtrust.client.csr_create(access, order).await?;
                Ok(judge_created(order, created))
            }
            Self::Finalize(request_code) => {
                let done = redtrust.client.csr_finalize(access, request_code).await?;
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
            ..Change::default()
        },
    }
}

/// Without a token nothing can be sent.
fn without_token(error: &TokenError) -> CallOutcome {
    match error {
        TokenError::SignInAgain => CallOutcome::nothing_sent(Cause::SignInAgain),
        TokenError::Redtrust(error) if error.nothing_was_sent() => CallOutcome::from_error(error),
        TokenError::Redtrust(_) => CallOutcome::nothing_sent(Cause::Unreachable),
        TokenError::Storage(_) => CallOutcome::nothing_sent(Cause::Busy),
    }
}
