//! When nothing reproduces the signature: whether one of the usual mistakes does.

use aws_lc_rs::hmac::{self, Algorithm};
use zeroize::Zeroizing;

use super::key::Reading;
use super::oddity::read_timestamp;
use super::parts::own_encoding;
use super::space::{Extent, Space};
use super::trial::Trial;
use crate::dialect::{KeyEncoding, TimestampUnit};
use crate::login_url::{LoginUrl, ParameterName, decoded};
use crate::secret::Secret;
use crate::signing::escaped;

/// A mistake in the example: with it undone, the signature is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistake {
    /// What was signed has the partner in other letters than the URL.
    PartnerCase {
        /// The partner as it was signed.
        signed: String,
    },
    /// What was signed has the domain in other letters than the URL.
    DomainCase {
        /// The domain as it was signed.
        signed: String,
    },
    /// The timestamp was signed in another unit than the URL has.
    TimestampUnit {
        /// The unit that was signed.
        signed: TimestampUnit,
    },
    /// The timestamp is of a form that no dialect has.
    TimestampForm,
    /// The redirect URL was signed with another end: one slash more or less.
    RedirectUrlSlash {
        /// The redirect URL as it was signed.
        signed: String,
    },
    /// The redirect URL was escaped once more after signing.
    RedirectUrlTwice,
    /// The program that signed has a line end behind the key.
    KeyLineEnd,
    /// The program that signed has the key in other letters.
    KeyCase,
    /// HMAC with another hash than SHA-256.
    OtherHash(&'static str),
    /// The signature's end is missing.
    SignatureCut,
}

impl Mistake {
    /// Its name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::PartnerCase { .. } => "partner_case",
            Self::DomainCase { .. } => "domain_case",
            Self::TimestampUnit { .. } => "timestamp_unit",
            Self::TimestampForm => "timestamp_form",
            Self::RedirectUrlSlash { .. } => "redirect_url_slash",
            Self::RedirectUrlTwice => "redirect_url_twice",
            Self::KeyLineEnd => "key_line_end",
            Self::KeyCase => "key_case",
            Self::OtherHash(_) => "other_hash",
            Self::SignatureCut => "signature_cut",
        }
    }
}

/// The mistakes that explain the signature, and how many HMACs were computed.
pub(super) fn mistakes(
    url: &LoginUrl,
    readings: &[Reading],
    signature: &[u8],
) -> (Vec<Mistake>, u64) {
    let mut found = Vec::new();
    let mut tried = 0;
    let mut explains = |url: &LoginUrl, readings: &[Reading], algorithm, extent| {
        let mut trial = Trial::new(algorithm, readings, signature);
        Space::of(url).each(extent, &mut |message, template| {
            trial.test(message, template);
        });
        tried += trial.tried;
        !trial.hits.is_empty()
    };
    if let Some((algorithm, mistake)) = other_length(signature.len()) {
        // Under SHA-256 a signature of this length is only the beginning of one.
        if explains(url, readings, algorithm, Extent::Fronts) {
            found.push(mistake);
        }
        return (found, tried);
    }
    for (other, mistake) in other_urls(url) {
        // The most frequent ones are worth a longer search.
        let extent = match mistake {
            Mistake::PartnerCase { .. } | Mistake::TimestampUnit { .. } => Extent::Fronts,
            _ => Extent::Plain,
        };
        if explains(&other, readings, hmac::HMAC_SHA256, extent) {
            found.push(mistake);
        }
    }
    for (others, mistake) in other_keys(readings) {
        if explains(url, &others, hmac::HMAC_SHA256, Extent::Plain) {
            found.push(mistake);
        }
    }
    (found, tried)
}

/// What a signature of another length than SHA-256's may be.
fn other_length(bytes: usize) -> Option<(Algorithm, Mistake)> {
    match bytes {
        32 => None,
        20 => Some((
            hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            Mistake::OtherHash("SHA-1"),
        )),
        48 => Some((hmac::HMAC_SHA384, Mistake::OtherHash("SHA-384"))),
        64 => Some((hmac::HMAC_SHA512, Mistake::OtherHash("SHA-512"))),
        _ => Some((hmac::HMAC_SHA256, Mistake::SignatureCut)),
    }
}

/// The URL as it would be without one of the mistakes.
fn other_urls(url: &LoginUrl) -> Vec<(LoginUrl, Mistake)> {
    let mut found = Vec::new();
    let mut add = |name, signed: String, mistake: fn(String) -> Mistake| {
        let is_other = !signed.is_empty() && signed != url.text(name);
        if is_other && let Some(other) = with(url, name, &signed) {
            found.push((other, mistake(signed)));
        }
    };
    let partner = url.text(ParameterName::Partner);
    let domain = url.text(ParameterName::Domain);
    for change in [str::to_uppercase as fn(&str) -> String, str::to_lowercase] {
        add(ParameterName::Partner, change(partner), |signed| {
            Mistake::PartnerCase { signed }
        });
        add(ParameterName::Domain, change(domain), |signed| {
            Mistake::DomainCase { signed }
        });
    }
    let redirect_url = url.text(ParameterName::RedirectUrl);
    let slash = match redirect_url.strip_suffix('/') {
        Some(without) => without.to_owned(),
        None => format!("{redirect_url}/"),
    };
    add(ParameterName::RedirectUrl, slash, |signed| {
        Mistake::RedirectUrlSlash { signed }
    });
    let again = decoded(redirect_url);
    add(ParameterName::RedirectUrl, again, |_| {
        Mistake::RedirectUrlTwice
    });
    if let Some((time, unit)) = read_timestamp(url.text(ParameterName::Timestamp)) {
        match unit {
            TimestampUnit::Seconds => add(ParameterName::Timestamp, time.0.to_string(), |_| {
                Mistake::TimestampUnit {
                    signed: TimestampUnit::Milliseconds,
                }
            }),
            TimestampUnit::Milliseconds => {
                add(ParameterName::Timestamp, time.as_secs().to_string(), |_| {
                    Mistake::TimestampUnit {
                        signed: TimestampUnit::Seconds,
                    }
                });
            }
        }
    }
    found
}

/// The URL with another value for one parameter, escaped like the redirect URL.
fn with(url: &LoginUrl, name: ParameterName, text: &str) -> Option<LoginUrl> {
    let encoding = own_encoding(url).unwrap_or_default();
    let mut other = url.clone();
    let parameter = other.parameters.iter_mut().find(|one| one.is(name))?;
    parameter.raw = escaped(text, encoding);
    parameter.text = text.to_owned();
    Some(other)
}

/// Keys as another program may have them by mistake.
fn other_keys(readings: &[Reading]) -> Vec<(Vec<Reading>, Mistake)> {
    let Some(key) = readings.first().map(|reading| reading.text.expose()) else {
        return Vec::new();
    };
    let text = |text: String| Reading {
        bytes: Zeroizing::new(text.as_bytes().to_vec()),
        encoding: KeyEncoding::Utf8,
        text: Secret::new(text),
        cleaned: true,
    };
    let ends = ["\n", "\r\n"].map(|end| text(format!("{key}{end}")));
    let cases = [key.to_uppercase(), key.to_lowercase()].map(text);
    vec![
        (ends.into(), Mistake::KeyLineEnd),
        (cases.into(), Mistake::KeyCase),
    ]
}
