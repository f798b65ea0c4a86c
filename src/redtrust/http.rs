//! The HTTP client of one connection: how it is built, and how its errors are
//! classified.

use std::error::Error;
use std::io;

use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};

use super::address::Reach;
use super::error::RedtrustError;
use super::resolver::{Blocked, Resolver};
use super::settings::ClientSettings;
use super::trust;
use crate::domain::connection::Connection;

/// The client for `connection`'s server.
///
/// Connections are not reused. A server may close an idle connection just as we send on
/// it, and then we cannot know whether a create or finalize took effect. A handshake
/// costs milliseconds, these calls cost seconds. reqwest's own retries are off for the
/// same reason.
pub(super) fn client_for(
    connection: &Connection,
    settings: &ClientSettings,
) -> Result<Client, RedtrustError> {
    let reach = Reach::of(connection, settings);
    let builder = Client::builder()
        .user_agent(concat!("rubrica/", env!("CARGO_PKG_VERSION")))
        .http1_only()
        .no_proxy()
        .redirect(Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .pool_max_idle_per_host(0)
        .connect_timeout(settings.connect_timeout)
        .dns_resolver(Resolver::new(reach));
    trusting(builder, connection)?
        .build()
        .map_err(|error| RedtrustError::Tls {
            cause: chain(&error),
        })
}

/// The trusted root certificates: only the connection's own CA if it has one, otherwise
/// the machine's. Plain http needs none, so that it works on a machine without any.
fn trusting(
    builder: ClientBuilder,
    connection: &Connection,
) -> Result<ClientBuilder, RedtrustError> {
    if !connection.settings.base_url.origin().is_https() {
        return Ok(builder.tls_certs_only([]));
    }
    let Some(ca) = &connection.settings.private_ca else {
        return Ok(builder);
    };
    let config = trust::only(ca).map_err(|error| RedtrustError::Tls {
        cause: error.to_string(),
    })?;
    Ok(builder.tls_backend_preconfigured(config))
}

/// Why the TLS handshake failed, if it did.
pub(super) fn tls_error(error: &reqwest::Error) -> Option<&rustls::Error> {
    links(error).find_map(|link| link.downcast_ref())
}

/// An error of the client, and whether the server refused the TCP connection: the only
/// failure after which a call may be retried.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) error: RedtrustError,
    pub(super) refused: bool,
}

impl From<RedtrustError> for Failed {
    fn from(error: RedtrustError) -> Self {
        Self {
            error,
            refused: false,
        }
    }
}

impl From<reqwest::Error> for Failed {
    /// An error while connecting (name, TCP, TLS or their time limit) means that
    /// nothing was sent. For any later error that is unknown.
    fn from(error: reqwest::Error) -> Self {
        let error = error.without_url();
        if !error.is_connect() && !error.is_builder() {
            return if error.is_timeout() {
                RedtrustError::TimedOut.into()
            } else {
                RedtrustError::Cut.into()
            };
        }
        let cause = chain(&error);
        if let Some(Blocked(address)) = links(&error).find_map(|link| link.downcast_ref()) {
            return RedtrustError::BlockedAddress {
                address: address.to_string(),
            }
            .into();
        }
        if links(&error).any(is_tls) {
            return RedtrustError::Tls { cause }.into();
        }
        Self {
            error: RedtrustError::Unreachable { cause },
            refused: links(&error).any(is_refused),
        }
    }
}

fn is_tls(link: &(dyn Error + 'static)) -> bool {
    link.is::<rustls::Error>()
}

fn is_refused(link: &(dyn Error + 'static)) -> bool {
    link.downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

/// An error and the chain of its causes.
fn links<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |link| cause_of(*link))
}

/// The cause of an error. An `io::Error` that wraps another error leaves it out of its
/// `source`, so ask for the wrapped error.
fn cause_of<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
    {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

/// The error and its causes on one line.
fn chain(error: &reqwest::Error) -> String {
    let mut words: Vec<String> = links(error).map(ToString::to_string).collect();
    // A wrapping error often repeats the text of the wrapped one.
    words.dedup();
    words.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_that_resolves_to_a_forbidden_address_is_blocked() {
        let settings = ClientSettings::default();
        let url = "https://redtrust.example".parse().unwrap();
        let strict = Reach::new(&url, true, &settings);
        let client = Client::builder()
            .no_proxy()
            .tls_certs_only([])
            .dns_resolver(Resolver::new(strict))
            .build()
            .unwrap();
        let error = client.get("http://localhost:1/").send().await.unwrap_err();
        let failed = Failed::from(error);
        assert!(
            matches!(failed.error, RedtrustError::BlockedAddress { .. }),
            "{failed:?}"
        );
        assert!(!failed.refused);
    }
}
