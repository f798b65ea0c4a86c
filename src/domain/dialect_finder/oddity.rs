//! What is unusual in an example and its key, though it may work.

use super::escaping::{self, Escaping};
use crate::dialect::TimestampUnit;
use crate::login_url::{LoginUrl, ParameterName};
use crate::millis::Millis;
use crate::signing::{CONSUMER, LOGIN_PATH};

/// Something unusual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Oddity {
    /// `http://` instead of `https://`.
    Http,
    /// No scheme and host.
    NoHost,
    /// No port: then browsers call 443, and Redtrust listens on 8082.
    NoPort,
    /// Neither 8082 nor 8083.
    Port(String),
    /// Another path than the documented one.
    Path(String),
    /// Not the documented order, with the signature at the end.
    Order,
    /// Names in other letters than the documented ones.
    Names(Vec<String>),
    /// A parameter comes twice, or is none of the documented ones.
    Unknown(Vec<String>),
    /// A parameter is missing or empty.
    Missing(ParameterName),
    /// `Consumer` is not `RA_API`.
    Consumer(String),
    /// `partner` has small letters.
    PartnerCase(String),
    /// The redirect URL is not an absolute URL.
    RedirectUrlRelative(String),
    /// The redirect URL is not escaped, or not as any known function does it.
    RedirectUrlEscaping,
    /// The redirect URL is escaped twice.
    RedirectUrlTwice,
    /// `timestamp` is in milliseconds.
    Milliseconds,
    /// `timestamp` is not a number of seconds or milliseconds.
    TimestampForm(String),
    /// The URL was made so many days ago.
    TimestampPast(i64),
    /// The URL is made so many days from now.
    TimestampFuture(i64),
    /// The signature is in none of the known forms.
    SignatureUnreadable,
    /// The signature has another length than SHA-256's 32 bytes.
    SignatureLength {
        /// Its length.
        bytes: usize,
        /// The hash whose HMAC has this length.
        hash: Option<&'static str>,
    },
    /// Hexadecimal in capital and small letters at once.
    SignatureMixedCase,
    /// Base64 without padding, or Base64url with it.
    SignaturePadding,
    /// A `+` that is not escaped, which servers read as a blank.
    SignaturePlus,
    /// A blank where Base64 has `+`.
    SignatureBlank,
    /// Blanks, quotes or a byte order mark around the key.
    KeyAround,
    /// Blanks or hidden characters inside the key.
    KeyBlankInside,
    /// An odd number of hexadecimal digits.
    KeyHexOdd {
        /// How many.
        digits: usize,
    },
    /// Hexadecimal digits but for a few characters.
    KeyHexForeign {
        /// How many other characters.
        foreign: usize,
    },
    /// Base64 of a length that does not exist.
    KeyBase64Length {
        /// Its characters.
        digits: usize,
    },
    /// Decoded it has a number of bytes that is unusual for keys.
    KeyBytes {
        /// How many.
        bytes: usize,
    },
}

const DAY: i64 = 24 * 3600;

impl Oddity {
    /// Its name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::NoHost => "no_host",
            Self::NoPort => "no_port",
            Self::Port(_) => "port",
            Self::Path(_) => "path",
            Self::Order => "order",
            Self::Names(_) => "names",
            Self::Unknown(_) => "unknown_parameter",
            Self::Missing(_) => "missing",
            Self::Consumer(_) => "consumer",
            Self::PartnerCase(_) => "partner_case",
            Self::RedirectUrlRelative(_) => "redirect_url_relative",
            Self::RedirectUrlEscaping => "redirect_url_escaping",
            Self::RedirectUrlTwice => "redirect_url_twice",
            Self::Milliseconds => "milliseconds",
            Self::TimestampForm(_) => "timestamp_form",
            Self::TimestampPast(_) => "timestamp_past",
            Self::TimestampFuture(_) => "timestamp_future",
            Self::SignatureUnreadable => "signature_unreadable",
            Self::SignatureLength { .. } => "signature_length",
            Self::SignatureMixedCase => "signature_mixed_case",
            Self::SignaturePadding => "signature_padding",
            Self::SignaturePlus => "signature_plus",
            Self::SignatureBlank => "signature_blank",
            Self::KeyAround => "key_around",
            Self::KeyBlankInside => "key_blank_inside",
            Self::KeyHexOdd { .. } => "key_hex_odd",
            Self::KeyHexForeign { .. } => "key_hex_foreign",
            Self::KeyBase64Length { .. } => "key_base64_length",
            Self::KeyBytes { .. } => "key_bytes",
        }
    }

    /// Whether it is a damage of the key: characters that are missing or wrong.
    pub const fn is_damage_of_key(&self) -> bool {
        matches!(
            self,
            Self::KeyHexOdd { .. }
                | Self::KeyHexForeign { .. }
                | Self::KeyBase64Length { .. }
                | Self::KeyBytes { .. }
        )
    }
}

/// What is unusual in the URL, apart from its signature.
pub(super) fn of_url(url: &LoginUrl, now: Millis) -> Vec<Oddity> {
    let mut odd = of_address(url);
    odd.extend(of_names(url));
    for name in [
        ParameterName::Consumer,
        ParameterName::RedirectUrl,
        ParameterName::Partner,
    ] {
        if url.text(name).is_empty() {
            odd.push(Oddity::Missing(name));
        }
    }
    if url
        .get(ParameterName::Domain)
        .is_some_and(|domain| domain.text.is_empty())
    {
        odd.push(Oddity::Missing(ParameterName::Domain));
    }
    let consumer = url.text(ParameterName::Consumer);
    if !consumer.is_empty() && consumer != CONSUMER {
        odd.push(Oddity::Consumer(consumer.to_owned()));
    }
    let partner = url.text(ParameterName::Partner);
    if partner != partner.to_uppercase() {
        odd.push(Oddity::PartnerCase(partner.to_owned()));
    }
    odd.extend(of_redirect_url(url));
    odd.extend(of_timestamp(url.text(ParameterName::Timestamp), now));
    odd
}

fn of_address(url: &LoginUrl) -> Vec<Oddity> {
    let mut odd = Vec::new();
    let Some((scheme, host)) = url.base_url.split_once("://") else {
        odd.push(Oddity::NoHost);
        return odd;
    };
    if scheme.eq_ignore_ascii_case("http") {
        odd.push(Oddity::Http);
    }
    // Behind the brackets of an IPv6 address.
    let end = host.rsplit(']').next().unwrap_or(host);
    match end.split_once(':').map(|(_, port)| port) {
        None | Some("") => odd.push(Oddity::NoPort),
        Some("8082" | "8083") => {}
        Some(port) => odd.push(Oddity::Port(port.to_owned())),
    }
    if url.path != LOGIN_PATH {
        odd.push(Oddity::Path(url.path.clone()));
    }
    odd
}

fn of_names(url: &LoginUrl) -> Vec<Oddity> {
    let mut odd = Vec::new();
    let mut places = Vec::new();
    let (mut others, mut unknown) = (Vec::new(), Vec::new());
    for parameter in &url.parameters {
        let place = ParameterName::ALL
            .iter()
            .position(|name| parameter.is(*name));
        match place {
            Some(place) if !places.contains(&place) => places.push(place),
            _ => unknown.push(parameter.name.clone()),
        }
        let is_documented = |name: &ParameterName| name.as_str() == parameter.name;
        if place.is_some() && !ParameterName::ALL.iter().any(is_documented) {
            others.push(parameter.name.clone());
        }
    }
    if !places.is_sorted() {
        odd.push(Oddity::Order);
    }
    if !others.is_empty() {
        odd.push(Oddity::Names(others));
    }
    if !unknown.is_empty() {
        odd.push(Oddity::Unknown(unknown));
    }
    odd
}

fn of_redirect_url(url: &LoginUrl) -> Option<Oddity> {
    let given = url.get(ParameterName::RedirectUrl)?;
    let is_absolute = given.text.contains("://");
    match escaping::of(given) {
        _ if !is_absolute && given.text.to_ascii_lowercase().contains("%3a%2f%2f") => {
            Some(Oddity::RedirectUrlTwice)
        }
        _ if !is_absolute && !given.text.is_empty() => {
            Some(Oddity::RedirectUrlRelative(given.text.clone()))
        }
        Escaping::Unknown => Some(Oddity::RedirectUrlEscaping),
        Escaping::Known(_) => None,
    }
}

fn of_timestamp(text: &str, now: Millis) -> Vec<Oddity> {
    let mut odd = Vec::new();
    let Some((made, unit)) = read_timestamp(text) else {
        odd.push(Oddity::TimestampForm(text.to_owned()));
        return odd;
    };
    if unit == TimestampUnit::Milliseconds {
        odd.push(Oddity::Milliseconds);
    }
    match now.as_secs().saturating_sub(made.as_secs()) / DAY {
        0 => {}
        days if days > 0 => odd.push(Oddity::TimestampPast(days)),
        days => odd.push(Oddity::TimestampFuture(-days)),
    }
    odd
}

/// The time that a timestamp means, and its unit: its size tells which. `None` for
/// other forms, such as a date or .NET's ticks.
pub(super) fn read_timestamp(text: &str) -> Option<(Millis, TimestampUnit)> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // As seconds this would be in the year 5138, as milliseconds it is in 1973.
    const TURN: i64 = 100_000_000_000;
    match text.parse::<i64>().ok()? {
        seconds if seconds < TURN => Some((Millis::from_secs(seconds), TimestampUnit::Seconds)),
        millis if millis < TURN * 1000 => Some((Millis(millis), TimestampUnit::Milliseconds)),
        _ => None,
    }
}
