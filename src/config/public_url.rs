//! The origin at which browsers reach the portal.

use std::fmt;
use std::str::FromStr;

use crate::domain::origin::{Origin, OriginError};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(Origin);

impl PublicUrl {
    /// The demo's origin: localhost and this port.
    pub fn of_this_machine(port: u16) -> Self {
        Self(Origin::of_this_machine(port))
    }

    /// The origin as browsers write it, without a trailing slash.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether a `Host` header names this origin; the scheme's default port may be
    /// given or left out.
    pub fn is_host(&self, host: &str) -> bool {
        let default_port = if self.is_https() { ":443" } else { ":80" };
        let host = host.strip_suffix(default_port).unwrap_or(host);
        host.eq_ignore_ascii_case(self.0.authority())
    }

    /// With https, cookies are `Secure` and have the prefix `__Host-`.
    pub fn is_https(&self) -> bool {
        self.0.is_https()
    }

    /// Adds the prefix `__Host-` if the origin is https.
    pub fn cookie_name(&self, name: &str) -> String {
        if self.is_https() {
            format!("__Host-{name}")
        } else {
            name.to_owned()
        }
    }

    /// Whether the origin can be reached only from the same machine.
    pub const fn is_loopback(&self) -> bool {
        self.0.is_loopback()
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for PublicUrl {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_header_names_the_origin_with_or_without_the_usual_port() {
        let https: PublicUrl = "https://portal.example/".parse().unwrap();
        assert!(https.is_host("portal.example") && https.is_host("PORTAL.example:443"));
        assert!(!https.is_host("portal.example:80") && !https.is_host("evil.example"));
        assert!(!https.is_host("portal.example.evil") && !https.is_host(""));
        let local = PublicUrl::of_this_machine(8080);
        assert!(local.is_host("localhost:8080") && !local.is_host("localhost"));
    }

    #[test]
    fn only_https_cookies_have_the_prefix() {
        let https: PublicUrl = "https://a.example".parse().unwrap();
        assert_eq!(https.cookie_name("rubrica"), "__Host-rubrica");
        assert_eq!(
            PublicUrl::of_this_machine(1).cookie_name("rubrica"),
            "rubrica"
        );
    }
}
