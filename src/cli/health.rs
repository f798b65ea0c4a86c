//! `rubrica health`: whether a portal is ready, as the exit status; for containers and
//! scripts.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use clap::Args;
use reqwest::redirect::Policy;
use reqwest::{ClientBuilder, Url};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::{CliError, ConfigArgs, say};
use crate::config::{Config, Listen, read_file};
use crate::redtrust::trusting_exactly;
use crate::web::routes;

/// A database that hangs is answered for within two seconds.
const WITHIN: Duration = Duration::from_secs(5);

/// The longest line of an answer that is shown.
const LONGEST: usize = 200;

#[derive(Debug, Args)]
pub(super) struct HealthArgs {
    /// What to ask; without it, /readyz of the address that the portal listens on
    url: Option<String>,
    #[command(flatten)]
    config: ConfigArgs,
}

/// Succeeds if the answer is 200.
pub(super) async fn run(args: HealthArgs) -> Result<(), CliError> {
    // A page that leads elsewhere says nothing about this portal.
    let client = ClientBuilder::new().no_proxy().timeout(WITHIN);
    let mut client = client.redirect(Policy::none());
    let settings = args.config.settings()?.well_written()?;
    let mut socket_asked = None;
    let url = match (args.url, settings.listen()?) {
        (Some(url), _) => question(&url)?,
        (None, Listen::Tcp(address)) if settings.tls_cert_file.is_some() => {
            let (known, url) = by_name(client, settings.config()?, reached_at(address))?;
            client = known;
            url
        }
        (None, Listen::Tcp(address)) => format!("http://{}/readyz", reached_at(address)),
        (None, Listen::Unix(socket)) => {
            socket_asked = Some(format!("unix:{}", socket.display()));
            client = client.unix_socket(socket);
            "http://localhost/readyz".to_owned()
        }
    };
    if !url.starts_with("https:") {
        // A container may have no root certificates.
        client = client.tls_certs_only([]);
    }
    let client = client.build().map_err(CliError::failed)?;
    let answer = client.get(&url).send().await;
    let asked = socket_asked.unwrap_or(url);
    let answer =
        answer.map_err(|error| CliError::Failed(format!("{asked}: {}", causes(&error))))?;
    let status = answer.status();
    let text = answer.text().await.unwrap_or_default();
    let first = text.trim().lines().next().unwrap_or_default();
    let words: String = first.chars().take(LONGEST).collect();
    if status == 200 {
        return say(&words);
    }
    Err(CliError::Failed(format!("{asked}: {status}: {words}")))
}

/// The address to ask: of an origin alone, /readyz.
fn question(given: &str) -> Result<String, CliError> {
    let url = given.parse::<Url>().ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
    let mut url = url.ok_or_else(|| {
        CliError::Configuration(format!(
            "{given:?} is no address: write it with http:// or https:// before the host"
        ))
    })?;
    if url.path() == "/" {
        url.set_path(routes::READYZ);
    }
    Ok(url.to_string())
}

/// With TLS it is asked by the name of its certificate, which is trusted for this question
/// whoever has signed it.
fn by_name(
    client: ClientBuilder,
    config: Config,
    address: SocketAddr,
) -> Result<(ClientBuilder, String), CliError> {
    let (Some(public_url), Some(files)) = (config.public_url, config.tls) else {
        return Err(CliError::configuration("RUBRICA_PUBLIC_URL is not set"));
    };
    let mut url: Url = public_url.as_str().parse().map_err(CliError::failed)?;
    let name = url.host_str().unwrap_or_default().to_owned();
    url.set_path(routes::READYZ);
    if url.set_port(Some(address.port())).is_err() {
        return Err(CliError::configuration("RUBRICA_PUBLIC_URL takes no port"));
    }
    let own = read_file(&files.certificate).map_err(CliError::failed)?;
    let own = CertificateDer::pem_slice_iter(&own).map(|one| one.map(|one| one.to_vec()));
    let own = own.collect::<Result<_, _>>().map_err(CliError::failed)?;
    let tls = trusting_exactly(own).map_err(CliError::failed)?;
    let client = client
        .resolve(&name, address)
        .tls_backend_preconfigured(tls);
    Ok((client, url.to_string()))
}

/// Where a server that listens on this address is found from this machine.
fn reached_at(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

/// The innermost cause says what happened.
fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    innermost.to_string()
}
