//! The SMTP client: what came of a mail, in the three cases that differ for whoever
//! decides whether it may be sent again.

use std::time::Duration;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::Error;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use super::text::Letter;
use crate::config::MailConfig;

/// How long each answer of the server may take.
const ANSWER: Duration = Duration::from_secs(20);

/// Why mail cannot be sent at all, as one sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// Never with the address itself: it may hold a password.
    #[error("RUBRICA_SMTP_URL: {0}")]
    Url(String),
    #[error("RUBRICA_MAIL_FROM: {0}")]
    From(String),
}

/// What became of a mail that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sent {
    /// The server has accepted it.
    Accepted,
    /// The server will not take it, now or ever: sending it again would be the same.
    Refused(String),
    /// The server has not taken it yet.
    Later(String),
    /// The connection broke: the server may have taken it.
    Unknown(String),
}

/// Speaks to one SMTP server.
pub struct Sender {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    alerts_to: Vec<String>,
}

impl Sender {
    /// # Errors
    /// [`MailError`] if the settings are no SMTP address or no e-mail address.
    pub fn new(config: &MailConfig) -> Result<Self, MailError> {
        let url = config.smtp_url.expose();
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|_| MailError::Url("must be smtps://USER:PASSWORD@HOST".to_owned()))?;
        Ok(Self {
            transport: transport.timeout(Some(ANSWER)).build(),
            from: config.from.parse().map_err(|_| {
                MailError::From("must be an address, or a name and <address>".to_owned())
            })?,
            alerts_to: config.policy.alerts_to.clone(),
        })
    }

    /// Whether the server can be reached, and knows us.
    pub(super) async fn is_reachable(&self) -> Result<(), String> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("the server does not answer".to_owned()),
            Err(error) => Err(in_words(&error)),
        }
    }

    /// Sends a letter; `recipient` `None` goes to those whom the configuration names.
    pub(super) async fn send(&self, id: &str, recipient: Option<&str>, letter: &Letter) -> Sent {
        let message = match self.message(id, recipient, letter) {
            Ok(message) => message,
            Err(why) => return Sent::Refused(why),
        };
        match self.transport.send(message).await {
            Ok(_) => Sent::Accepted,
            Err(error) if error.is_permanent() || error.is_client() => {
                Sent::Refused(in_words(&error))
            }
            Err(error) if error.is_transient() => Sent::Later(in_words(&error)),
            Err(error) => Sent::Unknown(in_words(&error)),
        }
    }

    /// The same id whenever and wherever it is sent.
    fn message(
        &self,
        id: &str,
        recipient: Option<&str>,
        letter: &Letter,
    ) -> Result<Message, String> {
        let domain = self.from.email.domain();
        let mut message = Message::builder()
            .from(self.from.clone())
            .subject(letter.subject.clone())
            .message_id(Some(format!("<{id}@{domain}>")));
        let recipients = match recipient {
            Some(one) => vec![one],
            None => self.alerts_to.iter().map(String::as_str).collect(),
        };
        if recipients.is_empty() {
            return Err("RUBRICA_MAIL_ALERTS_TO names nobody".to_owned());
        }
        for recipient in recipients {
            let recipient = recipient
                .parse()
                .map_err(|_| "no usable address".to_owned())?;
            message = message.to(Mailbox::new(None, recipient));
        }
        let both = MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone());
        let mut message = message.multipart(both).map_err(|error| error.to_string())?;
        // So that nobody's holiday notice answers it (RFC 3834).
        let name = HeaderName::new_from_ascii_str("Auto-Submitted");
        let value = HeaderValue::new(name, "auto-generated".to_owned());
        message.headers_mut().insert_raw(value);
        Ok(message)
    }
}

fn in_words(error: &Error) -> String {
    let mut words = error.to_string();
    words.retain(|c| !c.is_control());
    words.chars().take(300).collect()
}
