//! Looks at one server step by step: name, port, certificate, answers. For testing a
//! connection.
//!
//! Addresses follow the same rules as calls, and the client is built the same way, so
//! that a test finds what a call would find. It goes past the limit and the breaker: a
//! test is made when calls fail, and must not make them fail. What the facts mean is
//! decided elsewhere.

mod calls;
mod certificate;
mod handshake;
mod html;
mod ports;
mod said;

use std::net::IpAddr;
use std::time::Duration;

use tokio::time::timeout;
use url::{Host, Url};

pub use calls::{ApiAnswer, CallFailed, Page};
pub use certificate::{Distrust, ServerCertificate};
pub use handshake::NoHandshake;
pub use ports::NoConnection;

use super::address::Reach;
use super::error::RedtrustError;
use super::http::client_for;
use super::settings::ClientSettings;
use crate::domain::connection::{BaseUrl, Connection, DEFAULT_PORT};

/// One server to look at.
#[derive(Debug)]
pub struct Probe {
    base_url: BaseUrl,
    host: Host,
    port: u16,
    reach: Reach,
    http: Result<reqwest::Client, RedtrustError>,
    temp_token_field: String,
    /// The time limit of one look below HTTP.
    connect_timeout: Duration,
}

/// Why the host gives no addresses to call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoAddress {
    /// The portal never calls this one.
    Forbidden(IpAddr),
    /// The name is not known; in the resolver's words.
    Unknown(String),
    /// The resolver did not answer in time.
    TimedOut,
}

impl Probe {
    /// A look at `connection`'s server.
    pub fn new(connection: &Connection, settings: &ClientSettings) -> Self {
        let base_url = connection.settings.base_url.clone();
        let url = Url::parse(base_url.as_str()).ok();
        let host = url.as_ref().and_then(Url::host);
        Self {
            host: host.map_or_else(|| Host::Domain(String::new()), |host| host.to_owned()),
            port: url
                .as_ref()
                .and_then(Url::port_or_known_default)
                .unwrap_or(DEFAULT_PORT),
            reach: Reach::of(connection, settings),
            http: client_for(connection, settings),
            temp_token_field: connection.settings.dialect.temp_token_field.to_string(),
            connect_timeout: settings.connect_timeout,
            base_url,
        }
    }

    /// The host as written in the base URL: a name or an address.
    pub fn host(&self) -> String {
        self.host.to_string()
    }

    /// Whether the base URL contains an address instead of a name.
    pub const fn is_literal(&self) -> bool {
        !matches!(self.host, Host::Domain(_))
    }

    /// The port in the base URL.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Whether the base URL says https.
    pub fn is_https(&self) -> bool {
        self.base_url.origin().is_https()
    }

    /// The addresses of the host, all of which may be called.
    ///
    /// # Errors
    /// [`NoAddress`]. One forbidden address refuses the whole host, as at a call.
    pub async fn addresses(&self) -> Result<Vec<IpAddr>, NoAddress> {
        let found = match &self.host {
            Host::Ipv4(address) => vec![IpAddr::from(*address)],
            Host::Ipv6(address) => vec![IpAddr::from(*address)],
            Host::Domain(name) => self.resolved(name).await?,
        };
        match found.iter().find(|address| !self.reach.permits(**address)) {
            Some(address) => Err(NoAddress::Forbidden(*address)),
            None => Ok(found),
        }
    }

    async fn resolved(&self, name: &str) -> Result<Vec<IpAddr>, NoAddress> {
        let looking = tokio::net::lookup_host((name, self.port));
        let found = timeout(self.connect_timeout, looking)
            .await
            .map_err(|_| NoAddress::TimedOut)?
            .map_err(|error| NoAddress::Unknown(error.to_string()))?;
        let mut addresses: Vec<IpAddr> = Vec::new();
        for address in found.map(|found| found.ip()) {
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
        if addresses.is_empty() {
            return Err(NoAddress::Unknown(String::new()));
        }
        Ok(addresses)
    }
}
