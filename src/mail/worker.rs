//! Sends what is due, one after the other. A mail is claimed before it is sent: when this
//! process dies in between, or the connection breaks, it is not known whether the server
//! has taken it, and nobody sends it again by itself.

use std::sync::Arc;
use std::time::Duration;

use super::sender::{Sender, Sent};
use super::text::{Letterhead, letter};
use crate::domain::mail::State;
use crate::domain::millis::Millis;
use crate::i18n::Lang;
use crate::services::Portal;
use crate::services::mail::{Mail, remind};
use crate::storage::{StorageError, mail};

const EVERY: Duration = Duration::from_secs(5);

/// Longer than sending a mail takes; what was begun earlier has nobody at work on it.
const GONE_AFTER: Duration = Duration::from_secs(600);

/// A mail that could not be sent for so long is sent no more.
const TOO_LATE: Duration = Duration::from_secs(3 * 24 * 3600);

/// How long mail is listed.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

/// Runs until the process ends.
pub async fn run(portal: Arc<Portal>, sender: Sender, head: Letterhead) {
    let mut tick = tokio::time::interval(EVERY);
    loop {
        tick.tick().await;
        if let Err(error) = send_due(&portal, &sender, &head).await {
            tracing::warn!(event = "mail_not_sent", %error);
        }
    }
}

/// Orders the reminders that are due and sends what waits.
///
/// # Errors
/// [`StorageError`]; what the mail server says is no error.
pub async fn send_due(
    portal: &Portal,
    sender: &Sender,
    head: &Letterhead,
) -> Result<(), StorageError> {
    remind(portal).await?;
    let now = portal.clock.now();
    let tidied = portal.storage.write(move |conn| {
        Box::pin(async move {
            mail::purge(conn, now - KEPT).await?;
            mail::lapse(conn, now - GONE_AFTER, now).await
        })
    });
    let lapsed = tidied.await?;
    if lapsed > 0 {
        tracing::warn!(event = "mail_outcome_unknown", mails = lapsed);
    }
    if !mail::is_any_due(&portal.storage, now).await? {
        return Ok(());
    }
    // A server that cannot be reached must not use up a mail's one attempt.
    if let Err(why) = sender.is_reachable().await {
        tracing::warn!(event = "mail_server_not_reachable", %why);
        return Ok(());
    }
    while let Some(mail) = claim(portal).await? {
        let goes_on = one(portal, sender, head, mail).await?;
        if !goes_on {
            return Ok(());
        }
    }
    Ok(())
}

async fn claim(portal: &Portal) -> Result<Option<Mail>, StorageError> {
    let now = portal.clock.now();
    let claimed = portal
        .storage
        .write(move |conn| Box::pin(async move { mail::claim(conn, now).await }));
    claimed.await
}

/// Sends a claimed mail. Returns whether the server is there for the next one.
async fn one(
    portal: &Portal,
    sender: &Sender,
    head: &Letterhead,
    mail: Mail,
) -> Result<bool, StorageError> {
    let what = &mail.what;
    let lang = Lang::from_code(&what.language).unwrap_or_default();
    let outcome = match letter(head, lang, what.kind, &what.facts) {
        Ok(letter) => {
            sender
                .send(&what.id, what.recipient.as_deref(), &letter)
                .await
        }
        Err(error) => Sent::Refused(error.to_string()),
    };
    let now = portal.clock.now();
    let (state, said, due_at) = match outcome {
        Sent::Accepted => (State::Sent, None, now),
        Sent::Refused(why) => (State::Failed, Some(why), now),
        Sent::Later(why) if now.since(mail.created_at) > TOO_LATE => {
            (State::Failed, Some(why), now)
        }
        Sent::Later(why) => (State::Waiting, Some(why), next(now, mail.attempts)),
        Sent::Unknown(why) => (State::Unknown, Some(why), now),
    };
    tracing::info!(event = "mail", mail = %what.id, kind = %what.kind, state = %state);
    let (id, stays) = (what.id.clone(), state != State::Unknown);
    let settled = portal.storage.write(move |conn| {
        Box::pin(async move { mail::settle(conn, &id, state, said.as_deref(), due_at, now).await })
    });
    settled.await?;
    Ok(stays)
}

/// Twice as long after each attempt, at most an hour.
fn next(now: Millis, attempts: i64) -> Millis {
    let doubled = u32::try_from(attempts.clamp(0, 6)).unwrap_or(0);
    now + Duration::from_secs(60) * 2_u32.pow(doubled)
}
