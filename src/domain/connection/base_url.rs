//! The address of a Redtrust server.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::origin::{Origin, OriginError, authority};

/// The port of a base URL that does not contain one.
pub const DEFAULT_PORT: u16 = 8082;

/// The address of a Redtrust server: only scheme, host and port.
///
/// A text without a port means port 8082, the server's own default; so
/// `https://host` and `https://host:443` are two different servers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct BaseUrl {
    /// `scheme://host:port`, always with the port.
    text: String,
    origin: Origin,
}

/// Why a text is not a base URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlError {
    /// It is empty.
    #[error("the address is missing")]
    Empty,
    /// Not an absolute URL with a host.
    #[error("the address is not a whole URL such as https://host:8082")]
    NotAUrl,
    /// Neither https nor http on this machine.
    #[error("the address must begin with https:// (http:// only for localhost)")]
    NotHttps,
    /// A user name or password before the host.
    #[error("the address must not contain a user name")]
    UserInfo,
    /// A path after host and port.
    #[error("the address must end after host and port")]
    Path,
    /// A query after `?`.
    #[error("the address must not contain ?")]
    Query,
    /// A fragment after `#`.
    #[error("the address must not contain #")]
    Fragment,
}

impl BaseUrl {
    /// The value in a new form: no address yet.
    pub(super) fn blank() -> Self {
        Self {
            text: String::new(),
            origin: Origin::of_this_machine(DEFAULT_PORT),
        }
    }

    /// `scheme://host:port` without a slash at the end, always with the port.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The origin as browsers write it: without the scheme's default port.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The URL of a path on this server.
    pub fn join(&self, path: &str) -> String {
        let slash = if path.starts_with('/') { "" } else { "/" };
        format!("{}{slash}{path}", self.text)
    }
}

impl FromStr for BaseUrl {
    type Err = BaseUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        use BaseUrlError as E;
        let text = text.trim();
        if text.is_empty() {
            return Err(E::Empty);
        }
        // The parser would repair blanks, backslashes and a missing `//`; we
        // refuse them.
        if text.contains(|c: char| c.is_whitespace() || c == '\\') || !text.contains("://") {
            return Err(E::NotAUrl);
        }
        let mut url = Url::parse(text).map_err(|_| E::NotAUrl)?;
        let authority = authority(text);
        if !names_port(authority) {
            url.set_port(Some(DEFAULT_PORT)).map_err(|()| E::NotAUrl)?;
        }
        let origin = Origin::of(&url).map_err(|error| match error {
            OriginError::NotHttps => E::NotHttps,
            _ => E::NotAUrl,
        })?;
        if authority.contains('@') {
            return Err(E::UserInfo);
        }
        if url.fragment().is_some() {
            return Err(E::Fragment);
        }
        if url.query().is_some() {
            return Err(E::Query);
        }
        if url.path() != "/" {
            return Err(E::Path);
        }
        let port = url.port_or_known_default().unwrap_or(DEFAULT_PORT);
        let host = url.host_str().unwrap_or_default();
        Ok(Self {
            text: format!("{}://{host}:{port}", url.scheme()),
            origin,
        })
    }
}

/// Whether a port is written. The parsed URL cannot tell: it drops the default
/// port.
fn names_port(authority: &str) -> bool {
    let after_host = authority
        .rsplit_once(']')
        .map_or(authority, |(_, after)| after);
    after_host
        .rsplit_once(':')
        .is_some_and(|(_, port)| !port.is_empty())
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<BaseUrl> for String {
    fn from(base: BaseUrl) -> Self {
        base.text
    }
}

impl TryFrom<String> for BaseUrl {
    type Error = BaseUrlError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(text: &str) -> BaseUrl {
        text.parse()
            .unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn a_base_url_is_scheme_host_and_port() {
        for (typed, kept, origin) in [
            (
                "https://rt.example:8082",
                "https://rt.example:8082",
                "https://rt.example:8082",
            ),
            (
                " HTTPS://RT.example:9/ ",
                "https://rt.example:9",
                "https://rt.example:9",
            ),
            (
                "https://rt.example",
                "https://rt.example:8082",
                "https://rt.example:8082",
            ),
            (
                "https://rt.example:443",
                "https://rt.example:443",
                "https://rt.example",
            ),
            (
                "https://[2001:db8::1]:443/",
                "https://[2001:db8::1]:443",
                "https://[2001:db8::1]",
            ),
            (
                "https://[2001:db8::1]",
                "https://[2001:db8::1]:8082",
                "https://[2001:db8::1]:8082",
            ),
            (
                "http://127.0.0.1:80",
                "http://127.0.0.1:80",
                "http://127.0.0.1",
            ),
            (
                "https://red_trust.example",
                "https://red_trust.example:8082",
                "https://red_trust.example:8082",
            ),
            (
                "https://año.example",
                "https://xn--ao-zja.example:8082",
                "https://xn--ao-zja.example:8082",
            ),
        ] {
            let base = base(typed);
            assert_eq!(
                (base.as_str(), base.origin().as_str()),
                (kept, origin),
                "{typed}"
            );
            assert_eq!(
                kept.parse::<BaseUrl>(),
                Ok(base),
                "what is stored reads back"
            );
        }
    }

    #[test]
    fn each_breach_of_a_base_url_has_its_name() {
        use BaseUrlError as E;
        for (text, why) in [
            ("", E::Empty),
            ("rt.example:8082", E::NotAUrl),
            ("https:rt.example", E::NotAUrl),
            ("https:\\\\rt.example", E::NotAUrl),
            ("https://rt.ex\tample", E::NotAUrl),
            ("https://", E::NotAUrl),
            ("https://*.example", E::NotAUrl),
            ("https://rt.example;script-src", E::NotAUrl),
            ("https://rt.example'", E::NotAUrl),
            ("https://rt.example:99999", E::NotAUrl),
            ("http://rt.example:8082", E::NotHttps),
            ("http://localhost.example", E::NotHttps),
            ("http://[::ffff:127.0.0.1]:8082", E::NotHttps),
            ("ftp://rt.example", E::NotHttps),
            ("https://u@rt.example", E::UserInfo),
            ("https://@rt.example", E::UserInfo),
            ("https://rt.example/raapi", E::Path),
            ("https://rt.example//", E::Path),
            ("https://rt.example/?", E::Query),
            ("https://rt.example/#", E::Fragment),
        ] {
            assert_eq!(text.parse::<BaseUrl>(), Err(why), "{text:?}");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for local in [
            "http://localhost:8082",
            "http://redtrust.localhost",
            "http://127.9.9.9:1",
            "http://[::1]:8082",
        ] {
            assert!(
                base(local).origin().is_loopback() && !base(local).origin().is_https(),
                "{local}"
            );
        }
        assert!(!base("https://rt.example").origin().is_loopback());
    }

    #[test]
    fn a_path_is_joined_with_one_slash() {
        let base = base("https://rt.example/");
        assert_eq!(base.join("/raapi/v1"), "https://rt.example:8082/raapi/v1");
        assert_eq!(base.join("raapi/v1"), "https://rt.example:8082/raapi/v1");
    }
}
