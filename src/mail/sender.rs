//! Who writes to whom: makes messages of letters, and opens conversations.

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};

use super::conversation::{Conversation, Fault, Server};
use super::text::Letter;
use crate::config::MailConfig;
use crate::domain::mail::Reason;

/// Why mail cannot be sent at all, as one sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// Never with the address itself: it may hold a password.
    #[error("RUBRICA_SMTP_URL: {0}")]
    Url(String),
    #[error("RUBRICA_MAIL_FROM: {0}")]
    From(String),
    #[error("RUBRICA_MAIL_ALERTS_TO: {0:?} is no e-mail address")]
    AlertsTo(String),
}

/// Speaks to one SMTP server.
pub struct Sender {
    server: Server,
    from: Mailbox,
    alerts_to: Vec<String>,
}

impl Sender {
    /// # Errors
    /// [`MailError`] if the settings are no SMTP address or no e-mail address.
    pub fn new(config: &MailConfig) -> Result<Self, MailError> {
        let url = config.smtp_url.expose();
        let server = Server::of(url).ok_or_else(|| {
            MailError::Url("must be smtps://USER:PASSWORD@HOST:PORT or smtp://HOST".to_owned())
        })?;
        if server.shows_its_password() {
            return Err(MailError::Url(
                "the password would go over the network as anybody can read it: use smtps://, or \
                 smtp:// with ?tls=required"
                    .to_owned(),
            ));
        }
        let addresses = &config.policy.alerts_to;
        if let Some(wrong) = addresses.iter().find(|one| one.parse::<Address>().is_err()) {
            return Err(MailError::AlertsTo(wrong.clone()));
        }
        Ok(Self {
            server,
            from: config.from.parse().map_err(|_| {
                MailError::From("must be an address, or a name and <address>".to_owned())
            })?,
            alerts_to: config.policy.alerts_to.clone(),
        })
    }

    /// Connects to the server, and shows who we are.
    pub(super) async fn conversation(&self) -> Result<Conversation, Fault> {
        Conversation::open(&self.server).await
    }

    /// A letter as it goes out, with the same id whenever and wherever it is sent;
    /// `recipient` `None` goes to those whom the configuration names.
    pub(super) fn message(
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
            return Err(Reason::NobodyNamed.to_string());
        }
        for recipient in recipients {
            let recipient = recipient
                .parse()
                .map_err(|_| Reason::NoAddress.to_string())?;
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
