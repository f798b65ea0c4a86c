//! The URL that Redtrust redirects the browser to: an exact string registered there by
//! an admin. The portal's own paths are handled elsewhere.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::Url;

use super::origin::{authority, is_loopback};
use super::string_enum::string_enum;

/// The longest redirect URL, in bytes.
pub const MAX_LENGTH: usize = 2048;

/// A redirect URL, kept exactly as written. The registered, sent and received URLs are
/// compared as strings, so only a text that every URL parser leaves unchanged is
/// accepted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct RedirectUrl(Url);

/// Why a text is not a valid redirect URL; one variant per rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RedirectUrlError {
    /// It is empty.
    #[error("the redirect URL is missing")]
    Empty,
    /// It is longer than [`MAX_LENGTH`] bytes.
    #[error("the redirect URL is longer than {MAX_LENGTH} bytes")]
    TooLong,
    /// It is not an absolute URL with a host.
    #[error("the redirect URL is not a whole URL with a host")]
    NotAUrl,
    /// It is neither https nor http to loopback.
    #[error("the redirect URL must begin with https:// (http:// only for localhost)")]
    NotHttps,
    /// It has a user name or password before the host.
    #[error("the redirect URL must not contain a user name or an @ before the host")]
    UserInfo,
    /// It has a fragment (`#`), which browsers never send.
    #[error("the redirect URL must not contain #")]
    Fragment,
    /// It has a query (`?`): how Redtrust appends `tkn` to one is not public.
    #[error("the redirect URL must not contain ?")]
    Query,
    /// It has an asterisk: Redtrust compares whole strings, not patterns.
    #[error("the redirect URL must not contain *")]
    Wildcard,
    /// A browser or server would change it.
    #[error("the redirect URL must be written as browsers write it: {normal}")]
    NotNormal {
        /// The normalized form, as a URL parser writes it.
        normal: String,
    },
}

impl RedirectUrl {
    /// The exact string.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The path, starting with `/`.
    pub fn path(&self) -> &str {
        self.0.path()
    }
}

impl FromStr for RedirectUrl {
    type Err = RedirectUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        use RedirectUrlError as E;
        if text.trim().is_empty() {
            return Err(E::Empty);
        }
        if text.len() > MAX_LENGTH {
            return Err(E::TooLong);
        }
        let url = Url::parse(text).map_err(|_| E::NotAUrl)?;
        if !url.has_host() {
            return Err(E::NotAUrl);
        }
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            _ => return Err(E::NotHttps),
        }
        // The parsed URL does not show empty user info, so check the text too.
        if !url.username().is_empty() || url.password().is_some() || authority(text).contains('@') {
            return Err(E::UserInfo);
        }
        if url.fragment().is_some() {
            return Err(E::Fragment);
        }
        if url.query().is_some() {
            return Err(E::Query);
        }
        if text.contains('*') {
            return Err(E::Wildcard);
        }
        if url.as_str() != text {
            return Err(E::NotNormal { normal: url.into() });
        }
        Ok(Self(url))
    }
}

impl fmt::Display for RedirectUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<RedirectUrl> for String {
    fn from(url: RedirectUrl) -> Self {
        url.0.into()
    }
}

impl TryFrom<String> for RedirectUrl {
    type Error = RedirectUrlError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

string_enum! {
    /// The state of a redirect URL. The text form is stored.
    pub enum RedirectUrlState as "state of a redirect URL" {
        /// Entered in the portal only.
        Draft = "draft",
        /// An admin has confirmed that it is registered in Redtrust.
        Registered = "registered",
        /// A real sign-in has returned to it.
        Confirmed = "confirmed",
        /// No longer used.
        Disabled = "disabled",
    }
}

impl RedirectUrlState {
    /// Whether people may sign in through it.
    pub const fn lets_sign_in(self) -> bool {
        matches!(self, Self::Registered | Self::Confirmed)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::RedirectUrlError as E;
    use super::*;

    #[test]
    fn a_good_redirect_url_is_kept_byte_for_byte() {
        for text in [
            "https://portal.example/callback/acme",
            "https://portal.example:8443/",
            "https://xn--ao-zja.example/callback/a",
            "https://portal.example/a%20b//c",
            "http://localhost:8080/callback/demo",
            "http://127.0.0.1:8080/callback/demo",
            "http://[::1]:8080/callback/demo",
        ] {
            let url: RedirectUrl = text.parse().unwrap();
            assert_eq!(url.as_str(), text);
            assert_eq!(url.to_string(), text);
        }
        let url: RedirectUrl = "https://portal.example:8443/callback/a".parse().unwrap();
        assert_eq!(url.path(), "/callback/a");
    }

    #[test]
    fn each_broken_rule_has_its_own_error() {
        let long = format!("https://portal.example/{}", "a".repeat(MAX_LENGTH));
        for (text, why) in [
            ("", E::Empty),
            (" ", E::Empty),
            (long.as_str(), E::TooLong),
            ("portal.example/callback", E::NotAUrl),
            ("/callback/acme", E::NotAUrl),
            ("//evil", E::NotAUrl),
            ("https://", E::NotAUrl),
            ("https://a b/", E::NotAUrl),
            ("javascript:alert(1)", E::NotAUrl),
            ("data:text/html,x", E::NotAUrl),
            ("http://portal.example/callback", E::NotHttps),
            ("http://localhost.evil.example/", E::NotHttps),
            ("ftp://portal.example/", E::NotHttps),
            ("file://localhost/etc/passwd", E::NotAUrl),
            ("https://user@portal.example/", E::UserInfo),
            ("https://user:pass@portal.example/", E::UserInfo),
            ("https://@portal.example/", E::UserInfo),
            ("https://portal.example@evil.example/", E::UserInfo),
            ("https://portal.example/#", E::Fragment),
            ("https://portal.example/callback#x", E::Fragment),
            ("https://portal.example/callback?x=1", E::Query),
            ("https://portal.example/callback?", E::Query),
            ("https://*.example/callback", E::Wildcard),
            ("https://portal.example/callback/*", E::Wildcard),
        ] {
            assert_eq!(text.parse::<RedirectUrl>(), Err(why), "{text:?}");
        }
    }

    #[test]
    fn what_a_parser_would_change_is_refused_and_its_normal_form_shown() {
        for (text, normal) in [
            ("https://portal.example", "https://portal.example/"),
            ("HTTPS://portal.example/", "https://portal.example/"),
            ("https://Portal.Example/", "https://portal.example/"),
            ("https://portal.example:443/", "https://portal.example/"),
            ("https://portal.example/a/../b", "https://portal.example/b"),
            (
                "https://portal.example/%2e%2e/b",
                "https://portal.example/b",
            ),
            ("https://portal.example/a b", "https://portal.example/a%20b"),
            ("https:/\\portal.example/", "https://portal.example/"),
            (" https://portal.example/", "https://portal.example/"),
            ("https://portal.ex\tample/", "https://portal.example/"),
            ("https://año.example/", "https://xn--ao-zja.example/"),
            ("https://2130706433/", "https://127.0.0.1/"),
            ("https://0x7f.1/", "https://127.0.0.1/"),
        ] {
            let normal = normal.to_owned();
            assert_eq!(
                text.parse::<RedirectUrl>(),
                Err(E::NotNormal { normal }),
                "{text:?}"
            );
        }
    }

    #[test]
    fn only_registered_and_confirmed_let_people_sign_in() {
        for state in RedirectUrlState::ALL {
            assert_eq!(state.to_string().parse(), Ok(*state));
            let good = [RedirectUrlState::Registered, RedirectUrlState::Confirmed];
            assert_eq!(state.lets_sign_in(), good.contains(state), "{state}");
        }
        assert!("active".parse::<RedirectUrlState>().is_err());
    }

    #[test]
    fn a_redirect_url_in_json_is_checked_too() {
        assert!(serde_json::from_str::<RedirectUrl>("\"https://a.example/\"").is_ok());
        assert!(serde_json::from_str::<RedirectUrl>("\"https://a.example/#\"").is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_kept_unchanged_or_refused(
            text in prop_oneof![any::<String>(), "https?://[-a-zA-Z0-9.:@/\\\\?#*%\\[\\] ]{0,40}"],
        ) {
            if let Ok(url) = text.parse::<RedirectUrl>() {
                prop_assert_eq!(url.as_str(), text.as_str());
                prop_assert!(!text.contains(['#', '?', '*', '@', '\\', ' ']) || url.path().contains('@'));
            }
        }

        #[test]
        fn a_normal_form_that_is_shown_can_be_entered(text in "https://[a-zA-Z.]{1,12}/[a-z/.% ]{0,12}") {
            if let Err(E::NotNormal { normal }) = text.parse::<RedirectUrl>() {
                prop_assert!(normal.parse::<RedirectUrl>().is_ok(), "{}", normal);
            }
        }
    }
}
