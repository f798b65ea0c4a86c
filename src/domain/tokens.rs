//! The result of a sign-in: an access token, and possibly a refresh token and the
//! expiry.

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde_json::{Map, Value};

use super::characters::is_printable;
use super::json;
use super::millis::Millis;
use super::secret::Secret;

/// Whole numbers below this are seconds (until the year 5138), others milliseconds.
const FIRST_MILLISECONDS: i64 = 100_000_000_000;

/// The answer of every call that signs in or refreshes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenPair {
    /// The access token, sent as a Bearer token.
    pub access: Secret,
    /// The token that is exchanged for a new pair.
    pub refresh: Option<Secret>,
    /// When the access token expires, if the server said so in a known format.
    pub expires_at: Option<Millis>,
}

/// The claims that may name the person, in the order in which they are believed: those
/// of OpenID Connect and of .NET, short and as a URI.
const SUBJECT_CLAIMS: [&str; 6] = [
    "sub",
    "unique_name",
    "name",
    "nameid",
    "preferred_username",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
];

/// Reads `expiration`, whose format is not public: RFC 3339, `YYYY-MM-DD HH:MM:SS`
/// (UTC), both with up to nine digits of a fraction (.NET writes seven), Unix seconds or
/// milliseconds. `None` means unknown: then the first 401
/// triggers a refresh.
pub fn parse_expiration(text: &str) -> Option<Millis> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        let number = text.parse::<i64>().ok()?;
        return Some(if number < FIRST_MILLISECONDS {
            Millis::from_secs(number)
        } else {
            Millis(number)
        });
    }
    let at = text.parse::<Timestamp>().ok().or_else(|| {
        let written = text.parse::<DateTime>().ok()?;
        Offset::UTC.to_timestamp(written).ok()
    })?;
    Some(Millis(at.as_millisecond()))
}

/// The person an access token was issued to: the first usable text among
/// [`SUBJECT_CLAIMS`].
///
/// The signature is not checked. The token came directly from the server over TLS in
/// the answer to our own call, which proves its origin as well as a signature would
/// (OpenID Connect Core 3.1.3.7 allows the same). Never read a token from any other
/// source here.
pub fn subject_of(access: &Secret) -> Option<String> {
    let mut parts = access.expose().split('.');
    let (_header, payload, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    let payload = BASE64URL_NOPAD
        .decode(payload.trim_end_matches('=').as_bytes())
        .ok()?;
    let claims = json::read::<Map<String, Value>>(&payload).ok()?;
    SUBJECT_CLAIMS
        .iter()
        .filter_map(|claim| claims.get(*claim)?.as_str())
        .find_map(usable_subject)
}

/// A subject that may be stored and shown: 1 to 255 visible characters, not all of them
/// blank. Nothing is trimmed: with another blank it is another user.
pub fn usable_subject(text: &str) -> Option<String> {
    let usable =
        !text.trim().is_empty() && text.chars().count() <= 255 && text.chars().all(is_printable);
    usable.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_known_form_of_an_expiration_is_the_same_moment() {
        for text in [
            "2025-11-24T16:00:00Z",
            "2025-11-24T17:00:00+01:00",
            "2025-11-24T16:00:00.000Z",
            "2025-11-24T16:00:00.0000000Z",
            "2025-11-24T17:00:00.0000000+01:00",
            "2025-11-24T16:00:00.0000000",
            "2025-11-24 16:00:00.0000000",
            "2025-11-24T16:00:00",
            "2025-11-24 16:00:00",
            " 2025-11-24 16:00:00 ",
            "1764000000",
            "1764000000000",
        ] {
            assert_eq!(
                parse_expiration(text),
                Some(Millis::from_secs(1_764_000_000)),
                "{text}"
            );
        }
    }

    #[test]
    fn the_seven_digits_that_dotnet_writes_are_a_fraction() {
        let text = "2025-11-24T16:00:00.1234567Z";
        assert_eq!(parse_expiration(text), Some(Millis(1_764_000_000_123)));
    }

    #[test]
    fn an_expiration_that_cannot_be_read_is_unknown() {
        for text in [
            "",
            " ",
            "soon",
            "-1",
            "1e9",
            "24/11/2025",
            "2025-13-01 00:00:00",
            "9".repeat(30).as_str(),
        ] {
            assert_eq!(parse_expiration(text), None, "{text}");
        }
    }

    fn token(claims: &str) -> Secret {
        Secret::new(format!(
            "e30.{}.c2ln",
            BASE64URL_NOPAD.encode(claims.as_bytes())
        ))
    }

    #[test]
    fn the_subject_is_the_first_usable_claim() {
        for (claims, subject) in [
            (r#"{"sub":"ana","name":"Ana"}"#, Some("ana")),
            (
                r#"{"unique_name":"corp\\ana","name":"Ana"}"#,
                Some("corp\\ana"),
            ),
            (r#"{"sub":7,"name":" Ana Núñez "}"#, Some(" Ana Núñez ")),
            (r#"{"sub":"","name":"Ana"}"#, Some("Ana")),
            (r#"{"nameid":"42","preferred_username":"ana"}"#, Some("42")),
            (r#"{"preferred_username":"ana"}"#, Some("ana")),
            (
                r#"{"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name":"ana"}"#,
                Some("ana"),
            ),
            (r#"{"sub":"a\u0000b"}"#, None),
            (r#"{"sub":"a\nb"}"#, None),
            (r#"{"sub":"a\u202eb"}"#, None),
            (r#"{"aud":"x"}"#, None),
            ("[]", None),
            ("", None),
        ] {
            assert_eq!(subject_of(&token(claims)).as_deref(), subject, "{claims}");
        }
        assert!(subject_of(&token(&format!(r#"{{"sub":"{}"}}"#, "ñ".repeat(255)))).is_some());
        assert!(subject_of(&token(&format!(r#"{{"sub":"{}"}}"#, "ñ".repeat(256)))).is_none());
        assert_eq!(subject_of(&Secret::new("opaque")), None);
    }

    #[test]
    fn tokens_are_never_printed() {
        let pair = TokenPair {
            access: Secret::new("canary"),
            refresh: Some(Secret::new("canary")),
            expires_at: None,
        };
        assert!(!format!("{pair:?}").contains("canary"));
    }

    proptest! {
        #[test]
        fn whatever_the_server_says_is_read_or_unknown(text in any::<String>()) {
            let _ = parse_expiration(&text);
            let _ = subject_of(&Secret::new(text.clone()));
            let _ = subject_of(&token(&text));
        }
    }
}
