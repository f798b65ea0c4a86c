//! Finds out from one login URL that works, and the shared key, what its maker signs:
//! tries every message that the documents leave possible, under every reading of the
//! key. Every dialect it can find can be written in a connection's settings.

mod escaping;
mod key;
mod near;
mod oddity;
mod parts;
mod signature;
mod space;
mod trial;

use std::collections::HashSet;

use aws_lc_rs::hmac;
use toml::Value;

pub use self::key::{KeyDifference, compare_keys, oddities as key_oddities, without_blanks};
pub use self::near::Mistake;
pub use self::oddity::Oddity;
pub use self::space::Size;

use self::escaping::Escaping;
use self::key::Reading;
use self::signature::Signature;
use self::space::{Extent, Space};
use self::trial::{Hit, Trial};
use super::dialect::{Dialect, SignedMessage, UrlEncoding};
use super::login_url::{LoginUrl, LoginUrlError, ParameterName};
use super::millis::Millis;
use super::secret::Secret;
use super::signing::Parts;

/// The length of an HMAC-SHA256 in bytes.
const SHA256: usize = 32;

/// What an example tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings {
    /// Every dialect that reproduces the signature and that differs from the others in
    /// what it would sign, simplest first.
    pub found: Vec<Found>,
    /// What this example leaves open.
    pub open: Vec<Open>,
    /// What is unusual in the URL, and in the key if nothing was found.
    pub odd: Vec<Oddity>,
    /// If nothing was found: mistakes that explain the signature.
    pub mistakes: Vec<Mistake>,
    /// HMACs computed.
    pub tried: u64,
    /// Ways in which the key's text was read.
    pub key_readings: usize,
    /// What the messages were made of.
    pub size: Size,
}

/// A dialect that reproduces the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Only what concerns signing; the rest has its defaults.
    pub dialect: Dialect,
    /// The message of the example.
    pub message: String,
    /// The shared key as it must be stored.
    pub key: Secret,
    /// Whether that differs from the given text: blanks, quotes or line ends are gone.
    pub key_cleaned: bool,
}

/// Something that the example cannot tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Open {
    /// The redirect URL has no character that would tell these apart.
    UrlEncoding(Vec<UrlEncoding>),
    /// It has no domain, so whether the domain is signed is unknown.
    Domain,
}

impl Found {
    /// The settings of a connection that make its dialect this one.
    pub fn settings(&self) -> [(&'static str, String); 5] {
        let dialect = &self.dialect;
        [
            ("signed_message", dialect.signed_message.to_string()),
            ("url_encoding", dialect.url_encoding.to_string()),
            ("signature_encoding", dialect.signature_encoding.to_string()),
            ("timestamp_unit", dialect.timestamp_unit.to_string()),
            ("key_encoding", dialect.key_encoding.to_string()),
        ]
    }

    /// The same as lines of a configuration file.
    pub fn toml(&self) -> String {
        let line = |(key, value): (&str, String)| format!("{key} = {}", Value::from(value));
        let lines = self.settings().map(line);
        format!("[connection.dialect]\n{}", lines.join("\n"))
    }
}

impl Open {
    /// Its name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UrlEncoding(_) => "url_encoding",
            Self::Domain => "domain",
        }
    }
}

/// Searches for the dialect of a login URL that works.
///
/// # Errors
/// [`LoginUrlError`] if there is no signature or no timestamp.
pub fn find(url: &LoginUrl, key: &Secret, now: Millis) -> Result<Findings, LoginUrlError> {
    let filled = |name| url.get(name).filter(|one| !one.text.is_empty());
    let sent = filled(ParameterName::Hmac).ok_or(LoginUrlError::NoSignature)?;
    filled(ParameterName::Timestamp).ok_or(LoginUrlError::NoTimestamp)?;
    let readings = key::readings(key);
    let space = Space::of(url);
    let mut findings = Findings {
        odd: oddity::of_url(url, now),
        key_readings: readings.len(),
        size: space.size(),
        ..Findings::default()
    };
    let Some(signature) = signature::read(&sent.raw) else {
        findings.odd.push(Oddity::SignatureUnreadable);
        return Ok(findings);
    };
    findings.odd.extend(signature.odd.iter().cloned());
    if signature.bytes.len() == SHA256 {
        let trials = trials(&space, &readings, &signature.bytes);
        findings.tried = trials.iter().map(|trial| trial.tried).sum();
        let hits: Vec<_> = trials.into_iter().flat_map(|trial| trial.hits).collect();
        findings.take(url, &signature, &hits);
    }
    if findings.found.is_empty() && findings.mistakes.is_empty() {
        let (mistakes, tried) = near::mistakes(url, &readings, &signature.bytes);
        findings.mistakes = mistakes;
        findings.tried += tried;
        findings.odd.extend(key::oddities(key));
    }
    Ok(findings)
}

/// Walks through the whole space, with each half of the readings in a thread of its own.
fn trials<'a>(space: &Space, readings: &'a [Reading], signature: &'a [u8]) -> Vec<Trial<'a>> {
    let halves = readings.chunks(readings.len().div_ceil(2).max(1));
    std::thread::scope(|scope| {
        let running: Vec<_> = halves
            .map(|half| {
                scope.spawn(move || {
                    let mut trial = Trial::new(hmac::HMAC_SHA256, half, signature);
                    space.each(Extent::Whole, &mut |message, template| {
                        trial.test(message, template);
                    });
                    trial
                })
            })
            .collect();
        let ended = running.into_iter().filter_map(|one| one.join().ok());
        ended.collect()
    })
}

impl Findings {
    fn take(&mut self, url: &LoginUrl, signature: &Signature, hits: &[Hit<'_>]) {
        let time = oddity::read_timestamp(url.text(ParameterName::Timestamp));
        let Some((_, timestamp_unit)) = time else {
            self.mistakes
                .extend(hits.first().map(|_| Mistake::TimestampForm));
            return;
        };
        let found = hits.iter().filter_map(|hit| {
            Some(Found {
                dialect: Dialect {
                    signed_message: message_of(&hit.template)?,
                    url_encoding: parts::own_encoding(url).unwrap_or_default(),
                    signature_encoding: signature.encoding,
                    timestamp_unit,
                    key_encoding: hit.reading.encoding,
                    ..Dialect::default()
                },
                message: hit.message.clone(),
                key: hit.reading.text.clone(),
                key_cleaned: hit.reading.cleaned,
            })
        });
        let mut found: Vec<_> = found.collect();
        found.sort_by_key(|one| {
            let message = &one.dialect.signed_message;
            (*message != SignedMessage::Query, message.as_str().len())
        });
        // Two dialects that sign the same for every connection like the example's are
        // one, such as with the domain's name and the partner's if they are equal.
        let mut known = HashSet::new();
        found.retain(|one| known.insert(signed_here(url, &one.dialect)));
        self.open = open(url, &found);
        self.found = found;
    }
}

/// `None` for a template that cannot be written, since the example has braces.
fn message_of(template: &str) -> Option<SignedMessage> {
    match template {
        "{query}" => Some(SignedMessage::Query),
        template => template.parse().ok(),
    }
}

/// What our signer would sign with the values of the example.
fn signed_here(url: &LoginUrl, dialect: &Dialect) -> String {
    let domain = url.text(ParameterName::Domain);
    let parts = Parts {
        base: &url.base_url,
        domain: Some(domain).filter(|domain| !domain.is_empty()),
        redirect_url: url.text(ParameterName::RedirectUrl),
        url_encoding: dialect.url_encoding,
        timestamp: url
            .text(ParameterName::Timestamp)
            .parse()
            .unwrap_or_default(),
        partner: url.text(ParameterName::Partner),
    };
    parts.message(&dialect.signed_message, &parts.unsigned())
}

fn open(url: &LoginUrl, found: &[Found]) -> Vec<Open> {
    let mut open = Vec::new();
    if found.is_empty() {
        return open;
    }
    if let Some(redirect_url) = url.get(ParameterName::RedirectUrl)
        && let Escaping::Known(encodings) = escaping::of(redirect_url)
        && encodings.len() > 1
    {
        open.push(Open::UrlEncoding(encodings));
    }
    let tells = |one: &Found| {
        let message = one.dialect.signed_message.as_str();
        message.contains("query") || message.contains("{domain")
    };
    if url.text(ParameterName::Domain).is_empty() && !found.iter().any(tells) {
        open.push(Open::Domain);
    }
    open
}

#[cfg(test)]
mod tests;
