//! Origins of web servers, and two rules for all addresses: which hosts are
//! this machine, and which characters a host may contain.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// Scheme, host and port as browsers write them, without the scheme's default
/// port. `https` anywhere; `http` only on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Origin {
    text: String,
    loopback: bool,
}

/// Why a text is not an origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// Not a URL with a host.
    #[error("is not a URL; write it as https://portal.example")]
    NotAUrl,
    /// Plain http to another machine.
    #[error("must begin with https:// (http:// only for localhost)")]
    NotHttps,
    /// More than scheme, host and port.
    #[error("must be an origin only, without path, query, fragment or user name")]
    MoreThanOrigin,
}

impl Origin {
    /// `http://localhost:PORT`.
    pub fn of_this_machine(port: u16) -> Self {
        Self {
            text: format!("http://localhost:{port}"),
            loopback: true,
        }
    }

    /// The origin of a URL, ignoring path, query and fragment.
    ///
    /// # Errors
    /// [`OriginError::NotAUrl`] or [`OriginError::NotHttps`].
    pub(super) fn of(url: &Url) -> Result<Self, OriginError> {
        let host = url.host_str().unwrap_or_default();
        let is_reached = url.port() != Some(0);
        if host.is_empty() || !host.bytes().all(is_host_byte) || !is_reached {
            return Err(OriginError::NotAUrl);
        }
        let loopback = is_loopback(url);
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            _ => return Err(OriginError::NotHttps),
        }
        Ok(Self {
            text: url.origin().ascii_serialization(),
            loopback,
        })
    }

    /// The origin without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Host and port, as in a `Host` header.
    pub fn authority(&self) -> &str {
        authority(&self.text)
    }

    /// Whether the scheme is https.
    pub fn is_https(&self) -> bool {
        self.text.starts_with("https:")
    }

    /// Whether the host is this machine.
    pub const fn is_loopback(&self) -> bool {
        self.loopback
    }
}

/// Characters of a host. The parser accepts others with a meaning in headers,
/// such as `;` and `*`, and origins become part of the content security policy.
/// `_` is not valid in host names but common in private networks.
const fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':' | b'[' | b']')
}

/// Whether the host is this machine, where plain http is no risk: `localhost`
/// and names below it (RFC 6761, 6.3), 127.0.0.0/8 or `[::1]`. Other names that
/// resolve to it do not count, because a resolver's answer may change.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The part of the text between `//` and the next `/`, `?`, `#` or `\`, as
/// written.
pub(super) fn authority(text: &str) -> &str {
    let after = text.split_once("//").map_or("", |(_, after)| after);
    after
        .split(['/', '?', '#', '\\'])
        .next()
        .unwrap_or_default()
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let url = Url::parse(text).map_err(|_| OriginError::NotAUrl)?;
        let origin = Self::of(&url)?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        // Empty user info is lost when the URL is parsed, so we look at the
        // text.
        if !bare || authority(text).contains('@') {
            return Err(OriginError::MoreThanOrigin);
        }
        // The parser would repair blanks, backslashes and a missing `//`; we
        // refuse them.
        if text.contains(|c: char| c.is_whitespace() || c == '\\') || !text.contains("://") {
            return Err(OriginError::NotAUrl);
        }
        Ok(origin)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.text
    }
}

impl TryFrom<String> for Origin {
    type Error = OriginError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_kept_as_browsers_write_it() {
        for (typed, kept) in [
            ("https://sso.acme.example", "https://sso.acme.example"),
            (" HTTPS://B.example:8443/ ", "https://b.example:8443"),
            ("https://portal.example:443", "https://portal.example"),
            (
                "https://red_trust.acme.example",
                "https://red_trust.acme.example",
            ),
            ("https://[2001:db8::1]:8082", "https://[2001:db8::1]:8082"),
            ("https://año.example", "https://xn--ao-zja.example"),
            ("http://localhost:80", "http://localhost"),
        ] {
            let origin: Origin = typed.parse().unwrap();
            assert_eq!(origin.as_str(), kept, "{typed}");
            assert_eq!(kept.parse(), Ok(origin));
        }
        let origin: Origin = "https://a.example:8443".parse().unwrap();
        assert_eq!(origin.authority(), "a.example:8443");
    }

    #[test]
    fn nothing_else_gets_into_a_header() {
        use OriginError as E;
        for (text, why) in [
            ("", E::NotAUrl),
            ("*", E::NotAUrl),
            ("portal", E::NotAUrl),
            ("https://portal.example:0", E::NotAUrl),
            ("https:", E::NotAUrl),
            ("https:a.example", E::NotAUrl),
            ("https:\\\\a.example", E::NotAUrl),
            ("https://a.ex\tample", E::NotAUrl),
            ("https://a.example;", E::NotAUrl),
            ("https://*.example", E::NotAUrl),
            ("https://a.example'", E::NotAUrl),
            ("https://sso/path;script-src *", E::MoreThanOrigin),
            ("'unsafe-inline'", E::NotAUrl),
            ("javascript:alert(1)", E::NotAUrl),
            ("http://a.example", E::NotHttps),
            ("http://localhost.example", E::NotHttps),
            ("ftp://a.example", E::NotHttps),
            ("https://a.example/x", E::MoreThanOrigin),
            ("https://a.example/?q", E::MoreThanOrigin),
            ("https://a.example/#f", E::MoreThanOrigin),
            ("https://u@a.example", E::MoreThanOrigin),
            ("https://@a.example", E::MoreThanOrigin),
        ] {
            assert_eq!(text.parse::<Origin>(), Err(why), "{text:?}");
        }
    }

    #[test]
    fn this_machine_is_the_same_for_everybody_who_asks() {
        for local in [
            "http://localhost:8080",
            "http://LOCALHOST",
            "http://localhost.",
            "http://portal.localhost:8080",
            "http://127.0.0.1:8080",
            "http://127.9.9.9",
            "http://[::1]:8080",
        ] {
            assert!(local.parse::<Origin>().unwrap().is_loopback(), "{local}");
        }
        for beyond in [
            "https://portal.example",
            "https://localhost.example",
            "https://notlocalhost",
        ] {
            assert!(!beyond.parse::<Origin>().unwrap().is_loopback(), "{beyond}");
        }
    }
}
