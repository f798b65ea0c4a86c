//! Sends what is due, one after the other. A mail counts as begun from the moment when
//! only its text has to be handed over: when this process dies after that, or the
//! connection breaks, it is not known whether the server has taken it, and nobody sends it
//! again by itself. Before that, another try does no harm.

use std::sync::Arc;
use std::time::Duration;

use tracing::Instrument as _;

use super::conversation::{Conversation, Fault};
use super::sender::Sender;
use super::text::{Letterhead, letter};
use crate::domain::mail::State;
use crate::domain::millis::Millis;
use crate::i18n::Lang;
use crate::services::Portal;
use crate::services::mail::{Mail, remind};
use crate::storage::StorageError;
use crate::storage::mail::{self, Outcome};

const EVERY: Duration = Duration::from_secs(5);

/// How long other nodes leave a mail alone that one of them has in hand.
const IN_HAND: Duration = Duration::from_secs(10);

/// Longer than sending a mail takes; what was begun earlier has nobody at work on it.
const GONE_AFTER: Duration = Duration::from_secs(600);

/// A mail that could not be sent for so long is sent no more.
const TOO_LATE: Duration = Duration::from_secs(3 * 24 * 3600);

/// How long mail is listed.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

/// Runs until the process ends, which waits for the mail that is being sent.
pub async fn run(portal: Arc<Portal>, sender: Sender, head: Letterhead) {
    let with = Arc::new((sender, head));
    let mut tick = tokio::time::interval(EVERY);
    while !portal.in_flight.is_stopping() {
        tick.tick().await;
        let (portal_of_round, with) = (Arc::clone(&portal), Arc::clone(&with));
        let round = async move {
            let (sender, head) = &*with;
            if let Err(error) = send_due(&portal_of_round, sender, head).await {
                tracing::warn!(event = "mail_not_sent", %error);
            }
        };
        portal.in_flight.spawn_and_wait(round).await;
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
            let given_up = mail::give_up(conn, now - TOO_LATE, now).await?;
            Ok((mail::lapse(conn, now - GONE_AFTER, now).await?, given_up))
        })
    });
    let (lapsed, given_up) = tidied.await?;
    if lapsed > 0 {
        tracing::warn!(event = "mail_outcome_unknown", mails = lapsed);
    }
    if given_up > 0 {
        tracing::warn!(event = "mail_given_up", mails = given_up);
    }
    // A server that cannot be reached is no reason to touch a mail.
    let mut open: Option<Conversation> = None;
    while !portal.in_flight.is_stopping() && mail::is_any_due(&portal.storage, now).await? {
        let conversation = match open.take() {
            Some(conversation) => conversation,
            None => match sender.conversation().await {
                Ok(conversation) => conversation,
                Err(fault) => {
                    tracing::warn!(event = "mail_server_not_reachable", why = %fault);
                    return Ok(());
                }
            },
        };
        open = match hold(portal).await? {
            Some(mail) => {
                let kind = mail.what.kind;
                let trace = tracing::info_span!("mail", otel.kind = "internal", kind = %kind);
                let sent = one(portal, sender, head, mail, conversation);
                sent.instrument(trace).await?
            }
            // Another node was faster.
            None => Some(conversation),
        };
    }
    if let Some(conversation) = open {
        conversation.close().await;
    }
    Ok(())
}

async fn hold(portal: &Portal) -> Result<Option<Mail>, StorageError> {
    let now = portal.clock.now();
    let held = portal
        .storage
        .write(move |conn| Box::pin(async move { mail::hold(conn, now + IN_HAND, now).await }));
    held.await
}

/// Sends a mail that is in hand. Returns the conversation if it can go on.
async fn one(
    portal: &Portal,
    sender: &Sender,
    head: &Letterhead,
    mail: Mail,
    mut conversation: Conversation,
) -> Result<Option<Conversation>, StorageError> {
    let what = &mail.what;
    let lang = Lang::from_code(&what.language).unwrap_or_default();
    let message = letter(head, lang, what.kind, &what.facts)
        .map_err(|error| error.to_string())
        .and_then(|letter| sender.message(&what.id, what.recipient.as_deref(), &letter));
    let message = match message {
        Ok(message) => message,
        Err(why) => {
            settle(portal, &mail, State::Waiting, Err(Fault::Refused(why))).await?;
            return Ok(Some(conversation));
        }
    };
    if let Err(fault) = conversation.offer(message.envelope()).await {
        settle(portal, &mail, State::Waiting, Err(fault)).await?;
        return Ok(None);
    }
    let text = message.formatted();
    if !begin(portal, &what.id).await? {
        return Ok(None);
    }
    let delivered = conversation.deliver(&text).await;
    let goes_on = delivered.is_ok();
    settle(portal, &mail, State::Sending, delivered).await?;
    Ok(goes_on.then_some(conversation))
}

async fn begin(portal: &Portal, id: &str) -> Result<bool, StorageError> {
    let (id, now) = (id.to_owned(), portal.clock.now());
    let begun = portal
        .storage
        .write(move |conn| Box::pin(async move { mail::begin(conn, &id, now).await }));
    begun.await
}

/// Writes down what became of a mail that had the state `from`.
async fn settle(
    portal: &Portal,
    mail: &Mail,
    from: State,
    delivered: Result<(), Fault>,
) -> Result<(), StorageError> {
    let now = portal.clock.now();
    let (state, said) = match delivered {
        Ok(()) => (State::Sent, None),
        Err(Fault::Refused(why)) => (State::Failed, Some(why)),
        Err(Fault::Broken(why)) if from == State::Sending => (State::Unknown, Some(why)),
        Err(Fault::Later(why) | Fault::Broken(why)) => (State::Waiting, Some(why)),
    };
    let (id, kind, attempt) = (&mail.what.id, &mail.what.kind, mail.attempts);
    if state == State::Sent {
        tracing::info!(event = "mail", mail = %id, %kind, %state, attempt);
    } else {
        tracing::warn!(event = "mail", mail = %id, %kind, %state, attempt);
    }
    let outcome = Outcome {
        from,
        state,
        said,
        due_at: next(now, mail.attempts),
    };
    let id = mail.what.id.clone();
    let settled = portal
        .storage
        .write(move |conn| Box::pin(async move { mail::settle(conn, &id, &outcome, now).await }));
    settled.await
}

/// Twice as long after each attempt, at most an hour.
fn next(now: Millis, attempts: i64) -> Millis {
    let doubled = u32::try_from(attempts.clamp(0, 6)).unwrap_or(0);
    let pause = Duration::from_secs(60) * 2_u32.pow(doubled);
    now + pause.min(Duration::from_secs(3600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pauses_between_attempts_double_up_to_an_hour() {
        let minutes = |attempts| next(Millis(0), attempts).0 / 60_000;
        assert_eq!([0, 1, 5, 6, 99].map(minutes), [1, 2, 32, 60, 60]);
    }
}
