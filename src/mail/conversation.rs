//! One conversation with the mail server. A mail is offered up to the point where only its
//! text is missing, which is a step of its own: in between, whoever sends writes down that
//! it was begun. What is broken off before has not been sent, and is sent again.

use std::net::IpAddr;
use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Tls, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use tokio::time::timeout;
use url::Url;

use crate::domain::mail::Reason;

/// How long each answer of the server may take.
const ANSWER: Duration = Duration::from_secs(20);

/// How long it may take once it has the whole mail, which it may examine first.
const DELIVERY: Duration = Duration::from_secs(120);

/// Where the server is, and how it is spoken to.
pub(super) struct Server {
    host: String,
    port: u16,
    tls: Tls,
    credentials: Option<Credentials>,
    /// How we call ourselves.
    name: ClientId,
}

impl Server {
    /// From `smtps://USER:PASSWORD@HOST:PORT/NAME`, or `smtp` with `tls=required` or
    /// `tls=opportunistic`. `None` if it is none of these.
    pub(super) fn of(url: &str) -> Option<Self> {
        let url = Url::parse(url).ok()?;
        let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
        let tls = url.query_pairs().find(|(key, _)| key == "tls");
        let tls = tls.map(|(_, value)| value.into_owned());
        let with_tls = || TlsParameters::new(host.clone()).ok();
        let (usual_port, tls) = match (url.scheme(), tls.as_deref()) {
            ("smtp", None) => (25, Tls::None),
            ("smtp", Some("required")) => (587, Tls::Required(with_tls()?)),
            ("smtp", Some("opportunistic")) => (587, Tls::Opportunistic(with_tls()?)),
            ("smtps", _) => (465, Tls::Wrapper(with_tls()?)),
            _ => return None,
        };
        let credentials = match url.password() {
            Some(password) => Some(Credentials::new(
                unescaped(url.username())?,
                unescaped(password)?,
            )),
            None => None,
        };
        let name = url.path().trim_matches('/');
        Some(Self {
            port: url.port().unwrap_or(usual_port),
            tls,
            credentials,
            name: if name.is_empty() {
                ClientId::default()
            } else {
                ClientId::Domain(name.to_owned())
            },
            host,
        })
    }
}

impl Server {
    /// Whether its password may leave this machine without TLS.
    pub(super) fn shows_its_password(&self) -> bool {
        let is_safe = match self.tls {
            Tls::Required(_) | Tls::Wrapper(_) => true,
            Tls::None | Tls::Opportunistic(_) => {
                let ip = self.host.parse::<IpAddr>();
                self.host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
            }
        };
        self.credentials.is_some() && !is_safe
    }
}

/// What stands in the address and does nothing: it was meant to. Never what follows a `?` if
/// it may be the rest of a password.
pub(super) fn without_effect(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let is_known = |key: &str, value: &str| {
        let may_be_plain = value == "opportunistic" && url.scheme() == "smtp";
        key == "tls" && (value == "required" || may_be_plain)
    };
    let mut parameters = url.query_pairs();
    let unknown = parameters.find(|(key, value)| !is_known(key, value));
    let is_name = |name: &str| {
        name.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    if let Some((name, _)) = unknown {
        let name = match is_name(&name) {
            true => format!("the parameter {name:?}"),
            false => "what follows the ?".to_owned(),
        };
        return Some(format!(
            "{name} has no effect here: there is tls=required and, for smtp://, tls=opportunistic"
        ));
    }
    let others = [
        (url.port() == Some(0), "nothing can listen on port 0"),
        (
            url.fragment().is_some(),
            "what follows the # has no effect: in a password write %23 for it",
        ),
        (
            !url.username().is_empty() && url.password().is_none(),
            "a user without a password has no effect: write USER:PASSWORD, or neither",
        ),
    ];
    let found = others.into_iter().find(|(is_there, _)| *is_there);
    found.map(|(_, what)| what.to_owned())
}

/// `None` if there is a % that begins no escape: it stands for itself in a password that was
/// not escaped, and whoever else reads the address may take it otherwise.
fn unescaped(text: &str) -> Option<String> {
    let is_escape = |rest: &str| {
        let mut digits = rest.bytes().take(2);
        digits.len() == 2 && digits.all(|byte| byte.is_ascii_hexdigit())
    };
    if !text.split('%').skip(1).all(is_escape) {
        return None;
    }
    let text = percent_encoding::percent_decode_str(text).decode_utf8();
    text.ok().map(std::borrow::Cow::into_owned)
}

/// Why the server has not said that it took a mail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    /// It will not take it, now or ever: another try would be the same.
    #[error("{0}")]
    Refused(String),
    /// It does not take it for now.
    #[error("{0}")]
    Later(String),
    /// It did not answer.
    #[error("{0}")]
    Broken(String),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        let mut words = error.to_string();
        words.retain(|c| !c.is_control());
        let words = words.chars().take(300).collect();
        if error.is_permanent() || error.is_client() {
            Self::Refused(words)
        } else if error.is_transient() {
            Self::Later(words)
        } else {
            Self::Broken(words)
        }
    }
}

/// The answer, unless it takes too long.
async fn answered<T>(
    within: Duration,
    answer: impl Future<Output = Result<T, Error>>,
) -> Result<T, Fault> {
    match timeout(within, answer).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(Fault::Broken(Reason::NoAnswer.to_string())),
    }
}

/// An open connection to the server.
pub(super) struct Conversation(AsyncSmtpConnection);

impl Conversation {
    /// Connects and signs in.
    pub(super) async fn open(server: &Server) -> Result<Self, Fault> {
        let wrapped = match &server.tls {
            Tls::Wrapper(tls) => Some(tls.clone()),
            _ => None,
        };
        let address = (server.host.as_str(), server.port);
        let connecting =
            AsyncSmtpConnection::connect_tokio1(address, Some(ANSWER), &server.name, wrapped, None);
        let mut connection = answered(ANSWER, connecting).await?;
        match &server.tls {
            Tls::Opportunistic(tls) if connection.can_starttls() => {
                answered(ANSWER, connection.starttls(tls.clone(), &server.name)).await?;
            }
            Tls::Required(tls) => {
                answered(ANSWER, connection.starttls(tls.clone(), &server.name)).await?;
            }
            _ => {}
        }
        if let Some(credentials) = &server.credentials {
            answered(ANSWER, connection.auth(DEFAULT_MECHANISMS, credentials)).await?;
        }
        Ok(Self(connection))
    }

    /// Says from whom to whom, until the server waits for the text.
    pub(super) async fn offer(&mut self, envelope: &Envelope) -> Result<(), Fault> {
        let everybody = envelope.from().into_iter().chain(envelope.to());
        let mut parameters = Vec::new();
        if !everybody.map(AsRef::<str>::as_ref).all(str::is_ascii) {
            if !self
                .0
                .server_info()
                .supports_feature(Extension::SmtpUtfEight)
            {
                return Err(Fault::Refused(Reason::AsciiOnly.to_string()));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        let mail = Mail::new(envelope.from().cloned(), parameters);
        answered(ANSWER, self.0.command(mail)).await?;
        for recipient in envelope.to() {
            let recipient = Rcpt::new(recipient.clone(), Vec::new());
            answered(ANSWER, self.0.command(recipient)).await?;
        }
        answered(ANSWER, self.0.command(Data)).await.map(drop)
    }

    /// Hands over the text of the mail that was offered.
    pub(super) async fn deliver(&mut self, text: &[u8]) -> Result<(), Fault> {
        answered(DELIVERY, self.0.message(text)).await.map(drop)
    }

    /// Takes leave; the server needs no answer to that.
    pub(super) async fn close(mut self) {
        let _said = timeout(Duration::from_secs(1), self.0.quit()).await;
    }
}
