//! What URLs of connections and redirects have in common: the host.

use url::{Host, Url};

/// Whether the host is this very machine, where plain http is no risk:
/// `localhost`, 127.0.0.0/8 or `[::1]`. Other names that happen to lead there
/// do not count, a resolver may change its mind.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The part of the text between `//` and the next `/`, `?`, `#` or `\`, as written.
pub(super) fn authority(text: &str) -> &str {
    let after = text.split_once("//").map_or("", |(_, after)| after);
    after
        .split(['/', '?', '#', '\\'])
        .next()
        .unwrap_or_default()
}
