//! The client's address: the peer's, or the one that a trusted proxy reports.
//! `X-Forwarded-For` from any other peer is ignored.

use std::future::{Ready, ready};
use std::net::IpAddr;

use actix_web::dev::Payload;
use actix_web::http::header::HeaderMap;
use actix_web::{FromRequest, HttpRequest, web};
use ipnet::IpNet;

use super::problem::AppError;
use super::state::AppState;

/// Reads `X-Forwarded-For` from right to left and returns the first address that is
/// not a trusted proxy.
fn client(trusted: &[IpNet], peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let mut client = peer.to_canonical();
    let chain: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    for hop in chain.iter().rev() {
        if !trusted.iter().any(|network| network.contains(&client)) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(address) => client = address.to_canonical(),
            Err(_) => break,
        }
    }
    client
}

/// Extractor for the client's address; `None` if the connection has no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddr(pub Option<IpAddr>);

impl FromRequest for ClientAddr {
    type Error = AppError;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(state) = req.app_data::<web::Data<AppState>>() else {
            return ready(Err(AppError::Internal));
        };
        let proxies = &state.settings.trusted_proxies;
        let peer = req.peer_addr().map(|peer| peer.ip());
        ready(Ok(Self(
            peer.map(|peer| client(proxies, peer, req.headers())),
        )))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn client_of(proxies: &str, peer: &str, chain: &'static str) -> String {
        let mut headers = HeaderMap::new();
        headers.append(
            HeaderName::from_static("x-forwarded-for"),
            HeaderValue::from_static(chain),
        );
        let networks = proxies
            .split_terminator(' ')
            .map(|net| net.parse().unwrap());
        let trusted: Vec<IpNet> = networks.collect();
        client(&trusted, peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(client_of("", "203.0.113.9", "1.2.3.4"), "203.0.113.9");
        assert_eq!(client_of("10.0.0.0/8", "11.0.0.1", "1.2.3.4"), "11.0.0.1");
    }

    #[test]
    fn a_trusted_chain_leads_to_the_first_untrusted_address() {
        let proxies = "10.0.0.0/8 fd00::/8";
        assert_eq!(
            client_of(proxies, "10.1.1.1", "6.6.6.6, 1.2.3.4"),
            "1.2.3.4"
        );
        assert_eq!(
            client_of(proxies, "fd00::1", "1.2.3.4, 10.0.0.7"),
            "1.2.3.4"
        );
        assert_eq!(client_of(proxies, "::ffff:10.0.0.1", "1.2.3.4"), "1.2.3.4");
        assert_eq!(
            client_of(proxies, "10.0.0.1", "1.2.3.4, nonsense"),
            "10.0.0.1"
        );
    }
}
