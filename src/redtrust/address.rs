//! Which addresses may be called. An admin chooses the base URL, and the owner of a DNS
//! zone chooses the addresses of a name. Neither may use the portal to reach servers
//! that only this machine can reach (SSRF).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use url::{Host, Url};

use super::settings::{ClientSettings, Networks};
use crate::domain::connection::{BaseUrl, Connection};

/// Which addresses one connection may call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reach {
    networks: Networks,
    /// The base URL itself names this machine.
    names_loopback: bool,
    /// The operator wrote the connection down.
    is_in_file: bool,
    /// False for plain http, which may only call loopback.
    elsewhere: bool,
}

/// The address written in the base URL if it must not be called. Other host names are
/// checked at each call, when they are resolved.
pub fn refused_literal(connection: &Connection, settings: &ClientSettings) -> Option<IpAddr> {
    let address = literal(&connection.settings.base_url)?;
    (!Reach::of(connection, settings).permits(address)).then_some(address)
}

/// The host if it is an address, or `localhost`. The URL parser has already normalized
/// decimal, octal and short forms.
fn literal(base_url: &BaseUrl) -> Option<IpAddr> {
    match Url::parse(base_url.as_str()).ok()?.host()? {
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
        Host::Domain(_) if base_url.origin().is_loopback() => Some(Ipv4Addr::LOCALHOST.into()),
        Host::Domain(_) => None,
    }
}

impl Reach {
    /// What this connection may call.
    pub(super) fn of(connection: &Connection, settings: &ClientSettings) -> Self {
        let base_url = &connection.settings.base_url;
        Self::new(base_url, connection.is_in_file(), settings)
    }

    pub(super) fn new(base_url: &BaseUrl, is_in_file: bool, settings: &ClientSettings) -> Self {
        Self {
            networks: settings.networks.clone(),
            names_loopback: base_url.origin().is_loopback(),
            is_in_file,
            elsewhere: base_url.origin().is_https(),
        }
    }

    /// Whether `address` may be called. This machine may be only by a URL that says so:
    /// another name that resolves to it was not meant for it.
    pub(super) fn permits(&self, address: IpAddr) -> bool {
        let listed = |nets: &[IpNet]| nets.iter().any(|net| net.contains(&address));
        match (kind(address), &self.networks) {
            (Kind::Loopback, Networks::Usual { loopback }) => {
                self.names_loopback && (*loopback || self.is_in_file)
            }
            (Kind::Loopback, Networks::Listed(nets)) => self.names_loopback && listed(nets),
            (Kind::Private, Networks::Usual { .. }) | (Kind::Public, _) => self.elsewhere,
            (Kind::Private, Networks::Listed(nets)) => self.elsewhere && listed(nets),
            (Kind::Never, _) => false,
        }
    }
}

/// The classes of addresses that the rules distinguish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Loopback,
    Private,
    Public,
    /// Addresses at which no Redtrust server can be.
    Never,
}

/// Cloud metadata services outside the link-local range.
const METADATA: [IpAddr; 4] = [
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)),
];

fn kind(address: IpAddr) -> Kind {
    if METADATA.contains(&address) {
        return Kind::Never;
    }
    match address {
        IpAddr::V4(address) => kind_v4(address),
        IpAddr::V6(address) => kind_v6(address),
    }
}

fn kind_v4(address: Ipv4Addr) -> Kind {
    match address.octets() {
        [127, ..] => Kind::Loopback,
        // Carriers and clouds use 100.64/10 as private space (RFC 6598).
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [100, 64..=127, ..] => Kind::Private,
        // "This" network, link-local, protocol assignments, the three documentation
        // ranges, 6to4 relays, benchmarks, multicast, reserved.
        [0, ..]
        | [169, 254, ..]
        | [192, 0, 0 | 2, _]
        | [198, 51, 100, _]
        | [203, 0, 113, _]
        | [192, 88, 99, _]
        | [198, 18 | 19, ..]
        | [224..=255, ..] => Kind::Never,
        _ => Kind::Public,
    }
}

fn kind_v6(address: Ipv6Addr) -> Kind {
    if address.is_loopback() {
        return Kind::Loopback;
    }
    match address.segments() {
        [0xfc00..=0xfdff, ..] => Kind::Private,
        // NAT64 (RFC 6052): how an IPv6-only network reaches an IPv4 server. Only
        // public IPv4 addresses are allowed.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let [a, b] = high.to_be_bytes();
            let [c, d] = low.to_be_bytes();
            match kind(Ipv4Addr::new(a, b, c, d).into()) {
                Kind::Public => Kind::Public,
                _ => Kind::Never,
            }
        }
        // Benchmarks, ORCHID and Teredo in 2001::/23; documentation; 6to4.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] => {
            Kind::Never
        }
        [0x2000..=0x3fff, ..] => Kind::Public,
        // Unspecified, IPv4-mapped and -compatible, link-local, site-local, multicast
        // and unassigned.
        _ => Kind::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(networks: &[&str]) -> ClientSettings {
        let networks = networks.iter().map(|net| net.parse().unwrap());
        ClientSettings {
            networks: Networks::Listed(networks.collect()),
            ..ClientSettings::default()
        }
    }

    fn reach(base_url: &str, settings: &ClientSettings) -> Reach {
        Reach::new(&base_url.parse().unwrap(), false, settings)
    }

    fn refused(base_url: &str, settings: &ClientSettings) -> bool {
        let base_url = base_url.parse().unwrap();
        let address = literal(&base_url).unwrap();
        !Reach::new(&base_url, true, settings).permits(address)
    }

    #[test]
    fn addresses_that_no_server_has_are_refused_under_all_settings() {
        let reach = reach("https://redtrust.example", &listing(&["0.0.0.0/0", "::/0"]));
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "169.254.169.254",
            "169.254.170.2",
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.192",
            "192.0.2.1",
            "198.51.100.7",
            "203.0.113.9",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:8.8.8.8",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001:db8::1",
            "3fff::1",
            "2002:7f00:1::",
            "2001::1",
            "fd00:ec2::254",
            "fd20:ce::254",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b::a00:1",
            "100::1",
        ] {
            assert!(!reach.permits(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn a_server_in_the_customers_own_network_is_reached_unless_the_operator_says_no() {
        let on = ClientSettings::default();
        let (off, some) = (listing(&[]), listing(&["10.1.0.0/16"]));
        for address in [
            "10.1.2.3",
            "172.16.0.1",
            "172.31.9.9",
            "192.168.1.1",
            "100.64.0.1",
            "fd12::1",
        ] {
            let address = address.parse().unwrap();
            assert!(reach("https://a.example", &on).permits(address));
            assert!(!reach("https://a.example", &off).permits(address));
            let is_listed = address.to_string().starts_with("10.1.");
            assert_eq!(
                reach("https://a.example", &some).permits(address),
                is_listed
            );
        }
        for address in ["8.8.8.8", "172.32.0.1", "2606:4700::1", "64:ff9b::808:808"] {
            let address = address.parse().unwrap();
            assert!(reach("https://a.example", &off).permits(address));
        }
    }

    #[test]
    fn i19_loopback_is_reached_only_by_a_url_that_says_so_and_where_the_operator_does() {
        let demo = ClientSettings {
            networks: Networks::Usual { loopback: true },
            ..ClientSettings::default()
        };
        let (usual, listed) = (
            ClientSettings::default(),
            listing(&["127.0.0.0/8", "::1/128"]),
        );
        let local = "http://localhost:8082".parse().unwrap();
        for address in ["127.0.0.1", "127.9.9.9", "::1"] {
            let address = address.parse().unwrap();
            for settings in [&demo, &listed] {
                assert!(!reach("https://redtrust.example", settings).permits(address));
                assert!(reach("http://localhost:8082", settings).permits(address));
                assert!(reach("http://127.0.0.1:8082", settings).permits(address));
            }
            assert!(!Reach::new(&local, false, &usual).permits(address));
            assert!(Reach::new(&local, true, &usual).permits(address));
            assert!(!Reach::new(&local, true, &listing(&["10.0.0.0/8"])).permits(address));
        }
    }

    #[test]
    fn plain_http_never_leaves_this_machine() {
        let reach = reach("http://localhost:8082", &listing(&["0.0.0.0/0"]));
        assert!(!reach.permits("10.0.0.1".parse().unwrap()));
        assert!(!reach.permits("8.8.8.8".parse().unwrap()));
    }

    #[test]
    fn disguised_literals_are_recognized() {
        let settings = ClientSettings::default();
        for url in [
            "https://169.254.169.254",
            "https://2852039166",
            "https://0251.0376.0251.0376",
            "https://0xa9fea9fe",
            "https://[::ffff:169.254.169.254]",
            "https://[::]",
            "https://0",
            "https://169.254.43518",
        ] {
            assert!(refused(url, &settings), "{url}");
        }
        assert!(!refused("https://192.168.7.7:8082", &settings));
        assert!(refused(
            "https://192.168.7.7:8082",
            &listing(&["10.0.0.0/8"])
        ));
        assert!(refused("http://localhost:8082", &listing(&[])));
    }
}
