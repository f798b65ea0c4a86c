//! Failed sign-ins as an admin sees them: the cause, and facts that help to find the
//! mistake. Nothing in them lets anybody sign in.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::connection::Connection;
use super::dialect::TimestampUnit;
use super::login_attempt::LoginAttempt;
use super::millis::Millis;
use super::signing;
use super::string_enum::string_enum;

string_enum! {
    /// How somebody tried to sign in.
    pub enum Method as "method" {
        /// On Redtrust's own page.
        Redirect = "redirect",
        /// With an application user's password.
        Direct = "direct",
    }
}

string_enum! {
    /// Why a sign-in failed.
    pub enum Cause as "cause" {
        /// Redtrust sent the browser back without a token, as after a cancellation.
        TokenMissing = "token_missing",
        /// What came back has a length or characters that no token has.
        TokenShape = "token_shape",
        /// The token is not of the form that the connection expects.
        TokenForm = "token_form",
        /// The token was not signed with the shared key.
        TokenSignature = "token_signature",
        /// The token's claims cannot be read.
        TokenClaims = "token_claims",
        /// The token had expired when it came back.
        TokenExpired = "token_expired",
        /// The token's times cannot be right here: a clock is wrong.
        TokenClock = "token_clock",
        /// The token was made for another partner name.
        TokenAudience = "token_audience",
        /// The token was made by another issuer.
        TokenIssuer = "token_issuer",
        /// The token was made for another redirect URL.
        TokenRedirectUrl = "token_redirect_url",
        /// The person took longer than an attempt lives.
        AttemptExpired = "attempt_expired",
        /// The redirect URL was disabled or replaced meanwhile.
        RedirectUrl = "redirect_url",
        /// The shared key cannot be used with the connection's dialect.
        SharedKey = "shared_key",
        /// Redtrust did not accept the token.
        Rejected = "redtrust_rejected",
        /// Redtrust did not accept user name and password.
        Credentials = "credentials",
        /// No connection to Redtrust could be made.
        Unreachable = "redtrust_unreachable",
        /// Redtrust's certificate is not trusted.
        Tls = "redtrust_tls",
        /// Too many calls were under way or had failed.
        Busy = "redtrust_busy",
        /// Redtrust did not answer in time.
        NoAnswer = "redtrust_no_answer",
        /// Redtrust's answer could not be used.
        BadAnswer = "redtrust_bad_answer",
    }
}

impl Cause {
    /// Whether it says something about the connection, and not only about what one
    /// person did.
    pub const fn is_the_connections(self) -> bool {
        !matches!(
            self,
            Self::TokenMissing | Self::AttemptExpired | Self::Credentials
        )
    }
}

/// One failed sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The connection's id.
    pub connection_id: String,
    /// How somebody tried.
    pub method: Method,
    /// When it failed.
    pub at: Millis,
    /// Why.
    pub cause: Cause,
    /// What is known about it.
    pub facts: Facts,
}

/// What is known about a failed sign-in; each fact only where it exists.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// What the portal had signed when it sent the browser to Redtrust.
    pub signed: Option<Signed>,
    /// The shape of the token that came back.
    pub token: Option<TokenLook>,
    /// The names of the query parameters that came back.
    pub parameters: Vec<String>,
    /// What Redtrust said.
    pub said: Option<Said>,
    /// What went wrong with the call, in technical English.
    pub error: Option<String>,
    /// By how many milliseconds Redtrust's clock is ahead of ours.
    pub ahead: Option<i64>,
}

/// The signed message of a login URL, without its signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The text that was signed.
    pub message: String,
    /// The timestamp as sent.
    pub timestamp: i64,
    /// Its unit.
    pub unit: TimestampUnit,
    /// The time that it stands for.
    pub at: Millis,
    /// The redirect URL, decoded.
    pub redirect_url: String,
    /// The partner's name.
    pub partner: String,
    /// The domain, if the connection has one.
    pub domain: Option<String>,
}

impl Signed {
    /// What was signed for an attempt, by the connection's present settings; `None`
    /// if nothing can be signed with them.
    pub fn of(connection: &Connection, attempt: &LoginAttempt) -> Option<Self> {
        let settings = &connection.settings;
        let signed = signing::sign(connection, &attempt.redirect_url, attempt.started_at).ok()?;
        Some(Self {
            message: signed.message,
            timestamp: signed.timestamp,
            unit: settings.dialect.timestamp_unit,
            at: attempt.started_at,
            redirect_url: attempt.redirect_url.as_str().to_owned(),
            partner: settings.partner.to_string(),
            domain: settings.domain.clone(),
        })
    }
}

/// What Redtrust said, in its language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Its `errorCode`.
    pub code: String,
    /// Its `message`.
    pub message: String,
}

string_enum! {
    /// The smallest alphabet that all characters of a token are of.
    pub enum Alphabet as "alphabet" {
        /// `0` to `9`.
        Digits = "digits",
        /// Hexadecimal digits.
        Hex = "hex",
        /// Letters, digits, `-` and `_`, besides dots between parts.
        Base64Url = "base64url",
        /// Letters, digits, `+`, `/` and `=`.
        Base64 = "base64",
        /// What RFC 3986 allows without escapes, and Base64.
        Unreserved = "unreserved",
        /// There are other characters.
        Other = "other",
    }
}

/// What a token looks like; from this the token cannot be guessed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenLook {
    /// Its length in characters.
    pub length: usize,
    /// Its alphabet.
    pub alphabet: Alphabet,
    /// How many parts its dots separate.
    pub parts: usize,
    /// The algorithm that it names, if it is a JWS.
    pub algorithm: Option<String>,
}

impl TokenLook {
    /// The look of this text.
    pub fn of(text: &str) -> Self {
        let all = |fits: fn(char) -> bool| text.chars().all(fits);
        Self {
            length: text.chars().count(),
            alphabet: if all(|c| c.is_ascii_digit()) {
                Alphabet::Digits
            } else if all(|c| c.is_ascii_hexdigit()) {
                Alphabet::Hex
            } else if all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
                Alphabet::Base64Url
            } else if all(|c| c.is_ascii_alphanumeric() || "+/=".contains(c)) {
                Alphabet::Base64
            } else if all(|c| c.is_ascii_alphanumeric() || "-._~+/=".contains(c)) {
                Alphabet::Unreserved
            } else {
                Alphabet::Other
            },
            parts: text.split('.').count(),
            algorithm: algorithm_of(text),
        }
    }
}

/// `alg` of a JWS' header, if it looks like the name of an algorithm.
fn algorithm_of(text: &str) -> Option<String> {
    let (header, _) = text.split_once('.')?;
    let header = BASE64URL_NOPAD.decode(header.as_bytes()).ok()?;
    let header: Value = serde_json::from_slice(&header).ok()?;
    let name = header.get("alg")?.as_str()?;
    let is_name = name.len() <= 20 && name.chars().all(|c| c.is_ascii_alphanumeric());
    is_name.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_described_without_being_told() {
        for (text, alphabet, parts) in [
            ("0123456789", Alphabet::Digits, 1),
            ("0123abcDEF", Alphabet::Hex, 1),
            ("abc-XYZ_.z", Alphabet::Base64Url, 2),
            ("abc+XYZ/==", Alphabet::Base64, 1),
            ("abc+XYZ/.~", Alphabet::Unreserved, 2),
            ("abc XYZ<>!", Alphabet::Other, 1),
        ] {
            let look = TokenLook::of(text);
            assert_eq!(
                (look.length, look.alphabet, look.parts),
                (10, alphabet, parts)
            );
            assert_eq!(look.algorithm, None);
        }
        // {"alg":"RS256"}
        let jws = TokenLook::of("eyJhbGciOiJSUzI1NiJ9.e30.c2ln");
        assert_eq!(jws.algorithm.as_deref(), Some("RS256"));
        assert_eq!(jws.parts, 3);
    }
}
