//! The client's address: the peer's, or the one that a trusted proxy reports.
//! `X-Forwarded-For` from any other peer is ignored; the first one is warned of, because
//! to a portal that does not trust its proxy everybody is the proxy.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use actix_web::HttpMessage as _;
use actix_web::HttpRequest;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::HeaderMap;
use ipnet::IpNet;

use super::state::AppState;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The header that says to which trace a request belongs.
const TRACE_PARENT: &str = "traceparent";

/// Who has opened the connection.
fn peer(req: &ServiceRequest) -> IpAddr {
    // Who asks through a socket in the file system is on this machine.
    let here = IpAddr::from(Ipv4Addr::LOCALHOST);
    req.peer_addr()
        .map_or(here, |peer| peer.ip().to_canonical())
}

/// The trace that a trusted proxy has begun; what anybody else says of it is ignored.
pub(super) fn trace_parent<'r>(req: &'r ServiceRequest, state: &AppState) -> Option<&'r str> {
    let mut said = req.headers().get_all(TRACE_PARENT);
    let (one, none) = (said.next()?, said.next());
    let is_trusted = is_trusted(&state.settings.trusted_proxies, peer(req));
    (none.is_none() && is_trusted).then(|| one.to_str().ok())?
}

/// Reads `X-Forwarded-For` from right to left and returns the first address that is
/// not a trusted proxy.
pub(super) fn client(trusted: &[IpNet], peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let mut client = peer.to_canonical();
    // Hop by hop, because a proxy may write behind what somebody else has sent: bytes that
    // are no text spoil their own hop only.
    let chain: Vec<&[u8]> = headers
        .get_all(FORWARDED_FOR)
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .collect();
    for hop in chain.iter().rev() {
        if !is_trusted(trusted, client) {
            break;
        }
        match address_in(hop.trim_ascii()) {
            Some(address) => client = address.to_canonical(),
            None => break,
        }
    }
    client
}

fn is_trusted(trusted: &[IpNet], address: IpAddr) -> bool {
    trusted.iter().any(|network| network.contains(&address))
}

/// The address of one hop; some proxies add the port, and brackets around IPv6.
fn address_in(hop: &[u8]) -> Option<IpAddr> {
    let hop = std::str::from_utf8(hop).ok()?;
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']'));
    let address = bare.unwrap_or(hop).parse::<IpAddr>().ok();
    address.or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

/// The client's address; `None` if the connection has none. Found once for a request,
/// before routing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClientAddr(pub Option<IpAddr>);

impl ClientAddr {
    /// Finds the address and keeps it for [`ClientAddr::of`].
    pub fn find(req: &ServiceRequest, state: &AppState) -> Self {
        let peer = peer(req);
        let trusted = &state.settings.trusted_proxies;
        let found = Self(Some(client(trusted, peer, req.headers())));
        if req.headers().contains_key(FORWARDED_FOR)
            && !is_trusted(trusted, peer)
            && state.untrusted_proxy.set(peer).is_ok()
        {
            tracing::warn!(
                event = "proxy_not_trusted",
                %peer,
                advice = "if this is your proxy, name it in RUBRICA_TRUSTED_PROXIES: until \
                    then everybody has its address, and shares its limits",
            );
        }
        req.extensions_mut().insert(found);
        found
    }

    /// The address of a request.
    pub fn of(req: &HttpRequest) -> Self {
        req.extensions().get().copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn client_of(proxies: &str, peer: &str, chain: impl AsRef<[u8]>) -> String {
        let mut headers = HeaderMap::new();
        headers.append(
            HeaderName::from_static(FORWARDED_FOR),
            HeaderValue::from_bytes(chain.as_ref()).unwrap(),
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

    #[test]
    fn bytes_that_are_no_text_hide_no_address_behind_them() {
        for (chain, address) in [
            (&b"\xE9, 1.2.3.4"[..], "1.2.3.4"),
            (&b"1.2.3.4\xE9,1.2.3.5"[..], "1.2.3.5"),
            (&b"1.2.3.4, \xE9"[..], "10.0.0.1"),
        ] {
            assert_eq!(client_of("10.0.0.0/8", "10.0.0.1", chain), address);
        }
    }

    #[test]
    fn i09_ports_and_brackets_of_a_hop_are_left_out() {
        for (hop, address) in [
            ("1.2.3.4:4711", "1.2.3.4"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[::ffff:1.2.3.4]:1", "1.2.3.4"),
            ("1.2.3.4:", "10.0.0.1"),
            ("[1.2.3.4", "10.0.0.1"),
        ] {
            assert_eq!(client_of("10.0.0.0/8", "10.0.0.1", hop), address, "{hop}");
        }
    }
}
