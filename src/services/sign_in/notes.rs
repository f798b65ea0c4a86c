//! Keeps failed sign-ins for the admins, and when signing in last worked. Only what
//! carries a genuine attempt is kept, and not more often than a few times a minute,
//! so that strangers can neither fill nor empty the list.

use std::sync::Arc;
use std::time::Duration;

use super::refusal::{Refusal, cause_of_call};
use crate::domain::error_class::ErrorClass;
use crate::domain::login_attempt::LoginAttempt;
use crate::domain::millis::Millis;
use crate::domain::sign_in_failure::{Cause, Facts, Failure, Method, Said, Signed, TokenLook};
use crate::redtrust::RedtrustError;
use crate::services::connections::Redtrust;
use crate::services::{Portal, ids};
use crate::storage::sign_in_failures;

const MINUTE: Duration = Duration::from_secs(60);
/// Failures kept within a minute, for each connection and node.
const A_MINUTE: usize = 10;

/// The query that came back from Redtrust.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arrived {
    /// The token.
    pub tkn: Option<String>,
    /// The names of all parameters.
    pub parameters: Vec<String>,
}

/// Notes the refusal of a return from Redtrust, if it is one for the admins.
pub(super) fn refused(
    portal: &Arc<Portal>,
    redtrust: &Redtrust,
    attempt: &LoginAttempt,
    arrived: &Arrived,
    refusal: &Refusal,
) {
    let Some(cause) = refusal.cause() else {
        return;
    };
    let facts = Facts {
        signed: Signed::of(&redtrust.connection, attempt),
        token: arrived.tkn.as_deref().map(TokenLook::of),
        parameters: arrived.parameters.clone(),
        ..of_call(portal, redtrust, refusal.error())
    };
    failed(portal, redtrust, Method::Redirect, cause, facts);
}

/// Notes a failed direct sign-in.
pub(super) fn refused_directly(portal: &Arc<Portal>, redtrust: &Redtrust, error: &RedtrustError) {
    let cause = match error.class() {
        // What only the person can do something about.
        Some(
            ErrorClass::BadToken
            | ErrorClass::ChangePassword
            | ErrorClass::WrongPin
            | ErrorClass::MustWait
            | ErrorClass::Other,
        ) => Cause::Credentials,
        _ => cause_of_call(error),
    };
    let facts = of_call(portal, redtrust, Some(error));
    failed(portal, redtrust, Method::Direct, cause, facts);
}

/// Notes that somebody signed in: about once a minute, and at once after a failure.
pub(super) fn worked(portal: &Arc<Portal>, redtrust: &Redtrust) {
    let now = portal.clock.now();
    if !redtrust.successes.allows(now, 1, MINUTE) {
        return;
    }
    let (on, id) = (Arc::clone(portal), redtrust.connection.id.clone());
    portal.in_flight.spawn(async move {
        let noted = on.storage.write(move |conn| {
            Box::pin(async move { sign_in_failures::note_success(conn, &id, now).await })
        });
        if let Err(error) = noted.await {
            tracing::warn!(event = "sign_in_not_noted", %error);
        }
    });
}

fn failed(portal: &Arc<Portal>, redtrust: &Redtrust, method: Method, cause: Cause, facts: Facts) {
    let now = portal.clock.now();
    if !redtrust.failures.allows(now, A_MINUTE, MINUTE) {
        return;
    }
    redtrust.successes.reset();
    let failure = Failure {
        connection_id: redtrust.connection.id.clone(),
        method,
        at: now,
        cause,
        facts,
    };
    let on = Arc::clone(portal);
    portal.in_flight.spawn(async move {
        let id = ids::new_id();
        let noted = on.storage.write(move |conn| {
            Box::pin(async move { sign_in_failures::note(conn, &id, &failure).await })
        });
        if let Err(error) = noted.await {
            tracing::warn!(event = "failure_not_noted", %error);
        }
    });
}

/// What a call has shown, and the server's clock.
fn of_call(portal: &Portal, redtrust: &Redtrust, error: Option<&RedtrustError>) -> Facts {
    let there = redtrust.client.time_there();
    let ahead = |there: Millis| there.0.saturating_sub(portal.clock.now().0);
    // `Date` has whole seconds.
    let ahead = there.map(ahead).filter(|ahead| ahead.abs() >= 2_000);
    let (said, error) = match error {
        Some(
            RedtrustError::Rejected { code, message, .. }
            | RedtrustError::Unauthorized { code, message },
        ) => {
            let (code, message) = (code.clone(), message.clone());
            (Some(Said { code, message }), None)
        }
        other => (None, other.map(ToString::to_string)),
    };
    Facts {
        said,
        error,
        ahead,
        ..Facts::default()
    }
}
