//! Reads settings of a single value.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use serde::Deserialize;
use url::Url;

use super::{Complaint, ConfigError, TlsFiles};
use crate::domain::retention::Retention;
use crate::domain::string_enum::UnknownValue;
use crate::telemetry::Collector;

/// A number: as such in the file, as text in the environment.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Number {
    Whole(i64),
    /// So that it is refused in plain words.
    Fraction(f64),
    Flag(bool),
    Text(String),
}

impl Number {
    pub fn text(&self) -> String {
        match self {
            Self::Whole(number) => number.to_string(),
            Self::Fraction(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
            Self::Text(text) => text.trim().to_owned(),
        }
    }
}

/// An address to listen on.
pub(super) fn address(setting: &str, text: &str) -> Result<SocketAddr, ConfigError> {
    text.parse()
        .map_err(|_| ConfigError::invalid(setting, format!("{text:?} is not ADDRESS:PORT")))
}

/// The files for TLS: both or none.
pub(super) fn tls(
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
) -> Result<Option<TlsFiles>, ConfigError> {
    match (certificate, key) {
        (Some(certificate), Some(key)) => Ok(Some(TlsFiles { certificate, key })),
        (None, None) => Ok(None),
        _ => Err(Complaint::of_both("RUBRICA_TLS_CERT_FILE", "RUBRICA_TLS_KEY_FILE").into()),
    }
}

/// An address that the portal sends to: https, or http on this machine. A fragment is never
/// sent.
pub(super) fn endpoint(setting: &str, text: &str) -> Result<Url, ConfigError> {
    let url = Url::parse(text).ok();
    let is_safe = |url: &Url| match url.scheme() {
        "https" => true,
        "http" => matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")),
        _ => false,
    };
    let url = url.filter(is_safe).ok_or_else(|| {
        let cause = "must begin with https://, or http:// for this machine";
        ConfigError::invalid(setting, cause)
    })?;
    let has_fragment = url.fragment().is_some();
    refuse_unused(
        setting,
        &[(has_fragment, "a fragment (what follows the #)")],
    )?;
    Ok(url)
}

/// Refuses parts of an address that would do nothing, never quoting them: they may be secret.
fn refuse_unused(setting: &str, parts: &[(bool, &str)]) -> Result<(), ConfigError> {
    match parts.iter().find(|(is_there, _)| *is_there) {
        None => Ok(()),
        Some((_, what)) => {
            let cause = format!("{what} has no effect in this address: leave it out");
            Err(ConfigError::invalid(setting, cause))
        }
    }
}

/// Where traces go, if anywhere.
pub(super) fn collector(
    text: Option<&str>,
    service_name: Option<String>,
) -> Result<Option<Collector>, ConfigError> {
    let Some(text) = text else {
        return Ok(None);
    };
    let setting = "OTEL_EXPORTER_OTLP_ENDPOINT";
    let url = endpoint(setting, text)?;
    let has_user = !url.username().is_empty() || url.password().is_some();
    let unused = [
        (has_user, "a user or password"),
        (url.query().is_some(), "a query (what follows the ?)"),
    ];
    refuse_unused(setting, &unused)?;
    Ok(Some(Collector {
        url: format!("{}/v1/traces", url.as_str().trim_end_matches('/')),
        service_name: service_name.unwrap_or_else(|| "rubrica".to_owned()),
    }))
}

/// How long personal data is kept.
pub(super) fn retention(days: &Number) -> Result<Retention, ConfigError> {
    let text = days.text();
    Retention::of_days(&text).ok_or_else(|| {
        let cause = format!("{text:?} is not a number of days from 1 to 36500");
        ConfigError::invalid("RUBRICA_RETENTION_DAYS", cause)
    })
}

/// How many connections to the database one node may open.
pub(super) fn pool_size(size: &Number) -> Result<u32, ConfigError> {
    let text = size.text();
    let number = text.parse().ok();
    number
        .filter(|number| (2..=1000).contains(number))
        .ok_or_else(|| {
            let cause = format!("{text:?} is not a number from 2 to 1000");
            ConfigError::invalid("RUBRICA_POOL_SIZE", cause)
        })
}

/// The longest time for a balancer to notice.
pub const MOST_DRAIN: Duration = Duration::from_secs(60);

/// How long a node that was told to stop goes on serving, so that a balancer sees in time
/// that it is not ready. Without a setting, only where there may be other nodes.
pub(super) fn drain(seconds: Option<&Number>, database_url: &str) -> Result<Duration, ConfigError> {
    let Some(seconds) = seconds else {
        let usual = if database_url.starts_with("sqlite:") {
            0
        } else {
            5
        };
        return Ok(Duration::from_secs(usual));
    };
    let text = seconds.text();
    let drain = text.parse().ok().map(Duration::from_secs);
    drain.filter(|drain| *drain <= MOST_DRAIN).ok_or_else(|| {
        let most = MOST_DRAIN.as_secs();
        let cause = format!("{text:?} is not a number of seconds from 0 to {most}");
        ConfigError::invalid("RUBRICA_DRAIN_SECONDS", cause)
    })
}

/// One of the values of an enum, or its default.
pub(super) fn choice<T>(setting: &str, text: Option<&str>) -> Result<T, ConfigError>
where
    T: Default + FromStr<Err = UnknownValue>,
{
    let read = |text: &str| text.parse();
    let value = text.map_or_else(|| Ok(T::default()), read);
    value.map_err(|UnknownValue { given, allowed, .. }| {
        ConfigError::invalid(setting, format!("{given:?} is not one of: {allowed}"))
    })
}

/// A footer link: a web page or a `mailto:` address.
pub(super) fn link(setting: &str, text: Option<String>) -> Result<Option<String>, ConfigError> {
    let text = text.filter(|text| !text.is_empty());
    match &text {
        Some(link) if !leads_somewhere(link) => {
            let cause = format!(
                "{link:?} leads nowhere: it must be https://HOST/..., http://HOST/... or \
                 mailto:NAME@HOST, without blanks"
            );
            Err(ConfigError::invalid(setting, cause))
        }
        _ => Ok(text),
    }
}

/// Whether browsers find a page or a mailbox there, whatever page the link stands on.
fn leads_somewhere(link: &str) -> bool {
    let Ok(url) = Url::parse(link) else {
        return false;
    };
    let rest = link.get(url.scheme().len()..).unwrap_or_default();
    let is_whole = match url.scheme() {
        "https" | "http" => rest.starts_with("://") && url.has_host(),
        "mailto" => {
            let mailbox = url.path().split_once('@');
            mailbox.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
        }
        _ => false,
    };
    is_whole && !link.contains(|c: char| c.is_whitespace() || c.is_control())
}

pub(super) fn is_hidden(connection_list: Option<&str>) -> Result<bool, ConfigError> {
    match connection_list {
        None | Some("" | "shown") => Ok(false),
        Some("hidden") => Ok(true),
        Some(other) => {
            let cause = format!("{other:?} is neither shown nor hidden");
            Err(ConfigError::invalid("RUBRICA_CONNECTION_LIST", cause))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_a_page_or_a_mailbox() {
        for (text, is_good) in [
            ("https://a.example", true),
            ("HTTPS://a.example/legal?x#y", true),
            ("http://a.example:8080/", true),
            ("mailto:help@a.example?subject=rubrica", true),
            ("https://", false),
            ("https:a.example", false),
            ("https://a.example/a b", false),
            ("mailto:", false),
            ("mailto:help", false),
            ("javascript:alert(1)", false),
            ("a.example", false),
        ] {
            let read = link("RUBRICA_LEGAL_URL", Some(text.to_owned()));
            assert_eq!(read.is_ok(), is_good, "{text}: {read:?}");
            assert!(is_good || read.unwrap_err().to_string().contains(text));
        }
    }

    #[test]
    fn an_address_to_send_to_has_no_fragment_and_may_have_all_else() {
        assert!(endpoint("RUBRICA_WEBHOOK_URL", "https://u:p@a.example:1/in?b=c").is_ok());
        let read = endpoint("RUBRICA_WEBHOOK_URL", "https://a.example/in#canary");
        let told = read.unwrap_err().to_string();
        assert!(told.contains("what follows the #"), "{told}");
        assert!(!told.contains("canary"), "{told}");
    }

    #[test]
    fn parts_of_a_collectors_address_that_would_do_nothing_are_refused() {
        for (text, is_good) in [
            ("http://127.0.0.1:4318", true),
            ("https://otel.example/in/", true),
            ("https://otel.example/?api-key=canary", false),
            ("https://otel.example/#canary", false),
            ("https://u:canary@otel.example", false),
        ] {
            let read = collector(Some(text), None);
            assert_eq!(read.is_ok(), is_good, "{text}");
            let told = read.err().map(|error| error.to_string());
            assert!(!told.unwrap_or_default().contains("canary"), "{text}");
        }
    }
}
