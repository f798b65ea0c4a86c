//! Who writes to whom: makes messages of letters, and opens conversations.

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};

use super::conversation::{Conversation, Fault, Server, without_effect};
use super::text::Letter;
use crate::config::{Complaint, MailConfig};
use crate::domain::mail::Reason;

/// The server at this address. A complaint never quotes it: it may hold a password.
fn server(url: &str) -> Result<Server, Complaint> {
    if let Some(cause) = without_effect(url) {
        return Err(Complaint::of("RUBRICA_SMTP_URL", cause));
    }
    let cause = match Server::of(url) {
        Some(server) if !server.shows_its_password() => return Ok(server),
        Some(_) => {
            "the password would go over the network as anybody can read it: use smtps://, or \
             smtp:// with ?tls=required"
        }
        None => {
            "must be smtps://USER:PASSWORD@HOST:PORT or smtp://HOST, with %25 for a % in the \
             password"
        }
    };
    Err(Complaint::of("RUBRICA_SMTP_URL", cause))
}

/// Speaks to one SMTP server.
pub struct Sender {
    server: Server,
    from: Mailbox,
    alerts_to: Vec<String>,
}

impl Sender {
    /// # Errors
    /// All settings that are no SMTP address, or no e-mail address.
    pub fn new(config: &MailConfig) -> Result<Self, Vec<Complaint>> {
        let alerts_to = config.policy.alerts_to.clone();
        let server = server(config.smtp_url.expose());
        let from = config.from.parse::<Mailbox>().map_err(|_| {
            let cause = "must be an address, or a name and <address>";
            Complaint::of("RUBRICA_MAIL_FROM", cause)
        });
        let bad = alerts_to
            .iter()
            .filter(|one| one.parse::<Address>().is_err());
        let bad = bad.map(|one| {
            let cause = format!("{one:?} is no e-mail address");
            Complaint::of("RUBRICA_MAIL_ALERTS_TO", cause)
        });
        let bad: Vec<Complaint> = bad.collect();
        match (server, from) {
            (Ok(server), Ok(from)) if bad.is_empty() => Ok(Self {
                server,
                from,
                alerts_to,
            }),
            (server, from) => {
                let wrong = server.err().into_iter().chain(from.err());
                Err(wrong.chain(bad).collect())
            }
        }
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
