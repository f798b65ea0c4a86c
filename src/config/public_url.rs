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

    /// The name of a cookie, with the prefix `__Host-` if the origin is https.
    pub fn cookie_name(&self, name: &str) -> String {
        let prefix = if self.is_https() { "__Host-" } else { "" };
        format!("{prefix}{}", self.with_port(name))
    }

    /// A browser sends the cookies of a host to every port of it, so an unusual port
    /// follows the first word of the name: two portals on one host do not overwrite
    /// each other's cookies.
    fn with_port(&self, name: &str) -> String {
        let Some(port) = self.unusual_port() else {
            return name.to_owned();
        };
        match name.split_once('-') {
            Some((first, rest)) => format!("{first}-{port}-{rest}"),
            None => format!("{name}-{port}"),
        }
    }

    /// The port, unless it is the scheme's default or, on http, the demo's 8080.
    fn unusual_port(&self) -> Option<&str> {
        let (_, port) = self.0.authority().rsplit_once(':')?;
        let is_port = port.bytes().all(|byte| byte.is_ascii_digit());
        let is_demos = !self.is_https() && port == "8080";
        (is_port && !is_demos).then_some(port)
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
    fn an_unusual_port_is_part_of_every_cookies_name() {
        for (origin, name, cookie) in [
            ("https://a.example:8443", "rubrica", "__Host-rubrica-8443"),
            ("https://a.example:8080", "rubrica", "__Host-rubrica-8080"),
            ("https://a.example:8443", "lang", "__Host-lang-8443"),
            (
                "http://localhost:8081",
                "rubrica-admin",
                "rubrica-8081-admin",
            ),
            (
                "http://localhost",
                "rubrica-attempt-AB",
                "rubrica-attempt-AB",
            ),
            ("http://[::1]", "rubrica", "rubrica"),
            ("http://[::1]:9", "rubrica", "rubrica-9"),
        ] {
            let origin: PublicUrl = origin.parse().unwrap();
            assert_eq!(origin.cookie_name(name), cookie, "{origin}");
        }
    }

    #[test]
    fn only_https_cookies_have_the_prefix() {
        let https: PublicUrl = "https://a.example".parse().unwrap();
        assert_eq!(https.cookie_name("rubrica"), "__Host-rubrica");
        let demo = PublicUrl::of_this_machine(8080);
        assert_eq!(demo.cookie_name("rubrica"), "rubrica");
    }
}
