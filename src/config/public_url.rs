//! The origin under which browsers reach the portal.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

/// `https://host` or, for loopback only, `http://host`; a port where it is not
/// the usual one. No path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    authority: String,
    https: bool,
    loopback: bool,
}

/// Why a text is no public URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PublicUrlError {
    /// Not a URL at all.
    #[error("is not a URL; write it as https://portal.example")]
    NotAUrl,
    /// Plain http beyond this machine.
    #[error("must begin with https:// (http:// only for localhost)")]
    NotHttps,
    /// More than scheme, host and port.
    #[error("must be an origin only, without path, query, fragment or user name")]
    MoreThanOrigin,
}

impl PublicUrl {
    /// What the demo is reached at: this machine, this port.
    pub fn of_this_machine(port: u16) -> Self {
        let authority = format!("localhost:{port}");
        Self {
            origin: format!("http://{authority}"),
            authority,
            https: false,
            loopback: true,
        }
    }

    /// The origin as a browser writes it, without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.origin
    }

    /// Whether a `Host` header names this origin, with or without the port
    /// that its scheme has anyway.
    pub fn is_host(&self, host: &str) -> bool {
        let default_port = if self.https { ":443" } else { ":80" };
        let host = host.strip_suffix(default_port).unwrap_or(host);
        host.eq_ignore_ascii_case(&self.authority)
    }

    /// Cookies are `Secure` and wear `__Host-`.
    pub const fn is_https(&self) -> bool {
        self.https
    }

    /// `name`, with the prefix that browsers hold to where https allows it.
    pub fn cookie_name(&self, name: &str) -> String {
        if self.https {
            format!("__Host-{name}")
        } else {
            name.to_owned()
        }
    }

    /// Whether only this machine can reach it.
    pub const fn is_loopback(&self) -> bool {
        self.loopback
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

impl FromStr for PublicUrl {
    type Err = PublicUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text.trim()).map_err(|_| PublicUrlError::NotAUrl)?;
        let loopback = match url.host().ok_or(PublicUrlError::NotAUrl)? {
            Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
        };
        let https = url.scheme() == "https";
        let plain_is_fine = loopback && url.scheme() == "http";
        if !https && !plain_is_fine {
            return Err(PublicUrlError::NotHttps);
        }
        let bare = matches!(url.path(), "" | "/")
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if !bare {
            return Err(PublicUrlError::MoreThanOrigin);
        }
        let origin = url.origin().ascii_serialization();
        let authority = origin
            .split_once("://")
            .map_or_else(String::new, |(_, authority)| authority.to_owned());
        Ok(Self {
            origin,
            authority,
            https,
            loopback,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_an_origin_and_nothing_more() {
        let url: PublicUrl = "https://Portal.example:443/".parse().unwrap();
        assert_eq!(url.as_str(), "https://portal.example");
        for more in [
            "https://a.example/x",
            "https://a.example/?q",
            "https://u@a.example",
        ] {
            assert_eq!(
                more.parse::<PublicUrl>(),
                Err(PublicUrlError::MoreThanOrigin)
            );
        }
    }

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
    fn only_https_cookies_wear_the_prefix() {
        let https: PublicUrl = "https://a.example".parse().unwrap();
        assert_eq!(https.cookie_name("rubrica"), "__Host-rubrica");
        assert_eq!(
            PublicUrl::of_this_machine(1).cookie_name("rubrica"),
            "rubrica"
        );
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        assert!("http://localhost:8080".parse::<PublicUrl>().is_ok());
        assert!("http://127.0.0.1:8080".parse::<PublicUrl>().is_ok());
        assert!("http://[::1]:8080".parse::<PublicUrl>().is_ok());
        assert_eq!(
            "http://portal.example".parse::<PublicUrl>(),
            Err(PublicUrlError::NotHttps)
        );
        assert_eq!("portal".parse::<PublicUrl>(), Err(PublicUrlError::NotAUrl));
    }
}
