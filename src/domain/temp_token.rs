//! The temporary token in `tkn`: its form, and the checks possible before a call.
//! Whether it was already used is not known here.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::hmac;
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use serde_json::{Map, Number, Value};

use super::connection::Connection;
use super::dialect::TempTokenForm;
use super::digest::sha256;
use super::json;
use super::millis::Millis;
use super::redirect_url::RedirectUrl;
use super::secret::Secret;
use super::signing::{SigningError, mac_key};
use super::tokens::usable_subject;

/// The longest token, in bytes.
pub const MAX_LENGTH: usize = 4096;

/// The longest lifetime that a signed token may claim, in seconds.
const LONGEST_LIFE: i64 = 120;

/// The allowed clock difference, in seconds.
const LEEWAY: i64 = 30;

/// A temporary token with a valid length and alphabet. `Debug` does not reveal it.
#[derive(Clone, PartialEq, Eq)]
pub struct TempToken(Secret);

/// Why a text cannot be a temporary token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenShape {
    /// It is empty.
    #[error("the token is empty")]
    Empty,
    /// It is longer than [`MAX_LENGTH`] bytes.
    #[error("the token is longer than {MAX_LENGTH} bytes")]
    TooLong,
    /// It contains a character that no token has.
    #[error("the token contains characters that no token has")]
    Alphabet,
}

impl TempToken {
    /// The token itself, for the call that exchanges it.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// The hash that may be stored to recognize the token.
    pub fn sha256(&self) -> [u8; 32] {
        sha256(self.expose())
    }
}

impl fmt::Debug for TempToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TempToken")
    }
}

impl FromStr for TempToken {
    type Err = TokenShape;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Err(TokenShape::Empty);
        }
        if text.len() > MAX_LENGTH {
            return Err(TokenShape::TooLong);
        }
        // The unreserved characters of RFC 3986, and those of Base64.
        let known = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b);
        if !text.bytes().all(known) {
            return Err(TokenShape::Alphabet);
        }
        Ok(Self(Secret::new(text)))
    }
}

/// The claims of a token with a valid signature; empty for an opaque token.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VerifiedClaims {
    /// Who signed in.
    pub subject: Option<String>,
    /// The token's id.
    pub jti: Option<String>,
}

/// Why a signed token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TempTokenRefusal {
    /// It is not a compact JWS.
    #[error("the token is not a signed one")]
    NotAJws,
    /// It is not signed with HS256.
    #[error("the token is not signed with HS256")]
    Algorithm,
    /// The signature is wrong for every shared key that is accepted.
    #[error("the token's signature does not hold")]
    Signature,
    /// The claims cannot be read, or one is missing.
    #[error("the token's claims cannot be read")]
    Claims,
    /// It has expired.
    #[error("the token has expired")]
    Expired,
    /// It claims to be issued in the future, so one of the clocks is wrong.
    #[error("the token was issued in the future")]
    IssuedInFuture,
    /// It claims a lifetime of more than two minutes.
    #[error("the token claims too long a life")]
    LivesTooLong,
    /// It was issued for another partner.
    #[error("the token was made for another partner")]
    OtherAudience,
    /// It was issued for another redirect URL.
    #[error("the token was made for another redirect URL")]
    OtherRedirectUrl,
    /// Its issuer is not the one that the connection names.
    #[error("the token was made by another issuer")]
    OtherIssuer,
    /// The shared key is invalid; an admin has to fix it.
    #[error(transparent)]
    Key(#[from] SigningError),
}

/// Makes the checks that the connection's dialect allows.
///
/// # Errors
/// [`TempTokenRefusal`], one variant per cause.
pub fn verify(
    token: &TempToken,
    connection: &Connection,
    redirect_url: &RedirectUrl,
    now: Millis,
) -> Result<VerifiedClaims, TempTokenRefusal> {
    let jws = match (
        connection.settings.dialect.temp_token,
        Jws::split(token.expose()),
    ) {
        (TempTokenForm::Opaque, _) => return Ok(VerifiedClaims::default()),
        (TempTokenForm::Auto, Some(jws)) if jws.says_hs256() => jws,
        (TempTokenForm::Auto, _) => return Ok(VerifiedClaims::default()),
        (TempTokenForm::Signed, None) => return Err(TempTokenRefusal::NotAJws),
        (TempTokenForm::Signed, Some(jws)) => jws,
    };
    if !jws.says_hs256() {
        return Err(TempTokenRefusal::Algorithm);
    }
    let claims = jws.verified_claims(connection, now)?;
    claims.check(connection, redirect_url, now.as_secs())?;
    Ok(VerifiedClaims {
        subject: claims.sub.as_deref().and_then(usable_subject),
        jti: claims.jti,
    })
}

/// A compact JWS, parsed but not verified.
struct Jws<'a> {
    header: Map<String, Value>,
    signed: &'a str,
    payload: &'a str,
    signature: &'a str,
}

impl<'a> Jws<'a> {
    fn split(text: &'a str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        if payload.contains('.') {
            return None;
        }
        let header = BASE64URL_NOPAD.decode(header.as_bytes()).ok()?;
        Some(Self {
            header: json::read(&header).ok()?,
            signed,
            payload,
            signature,
        })
    }

    /// Whether the header says HS256 and has no critical extension (RFC 7515, 4.1.11).
    fn says_hs256(&self) -> bool {
        self.header.get("alg").and_then(Value::as_str) == Some("HS256")
            && !self.header.contains_key("crit")
    }

    /// The claims, if one of the connection's keys made the signature.
    fn verified_claims(
        &self,
        connection: &Connection,
        now: Millis,
    ) -> Result<Claims, TempTokenRefusal> {
        // Decode strictly: with two text forms of one token, its hash would not
        // recognize the second.
        let signature = BASE64URL_NOPAD
            .decode(self.signature.as_bytes())
            .map_err(|_| TempTokenRefusal::Signature)?;
        let form = connection.settings.dialect.key_encoding;
        let keys = connection.token_keys(now).map(|key| mac_key(key, form));
        let keys = keys.collect::<Result<Vec<_>, _>>()?;
        // Compares in constant time.
        let made_it = |key| hmac::verify(key, self.signed.as_bytes(), &signature).is_ok();
        if !keys.iter().any(made_it) {
            return Err(TempTokenRefusal::Signature);
        }
        let payload = BASE64URL_NOPAD
            .decode(self.payload.as_bytes())
            .map_err(|_| TempTokenRefusal::Claims)?;
        json::read(&payload).map_err(|_| TempTokenRefusal::Claims)
    }
}

/// The claims of the sandbox's tokens; others are ignored.
#[derive(Deserialize)]
struct Claims {
    iss: Option<String>,
    aud: Audience,
    sub: Option<String>,
    iat: Number,
    exp: Number,
    nbf: Option<Number>,
    jti: Option<String>,
    redirect_url: String,
}

/// RFC 7519 allows one audience or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Claims {
    fn check(
        &self,
        connection: &Connection,
        redirect_url: &RedirectUrl,
        now: i64,
    ) -> Result<(), TempTokenRefusal> {
        use TempTokenRefusal as R;
        if connection.settings.issuer.is_some() && self.iss != connection.settings.issuer {
            return Err(R::OtherIssuer);
        }
        let partner = connection.settings.partner.as_str();
        let for_us = match &self.aud {
            Audience::One(one) => one == partner,
            Audience::Several(several) => several.iter().any(|one| one == partner),
        };
        if !for_us {
            return Err(R::OtherAudience);
        }
        if self.redirect_url != redirect_url.as_str() {
            return Err(R::OtherRedirectUrl);
        }
        let (issued, expires) = (seconds(&self.iat)?, seconds(&self.exp)?);
        let from = self.nbf.as_ref().map_or(Ok(issued), seconds)?.max(issued);
        if from > now.saturating_add(LEEWAY) {
            return Err(R::IssuedInFuture);
        }
        if expires.saturating_sub(issued) > LONGEST_LIFE {
            return Err(R::LivesTooLong);
        }
        if now >= expires.saturating_add(LEEWAY) {
            return Err(R::Expired);
        }
        Ok(())
    }
}

/// A NumericDate, which may have a fraction.
fn seconds(number: &Number) -> Result<i64, TempTokenRefusal> {
    number
        .as_i64()
        .or_else(|| number.as_f64().map(|seconds| seconds.floor() as i64))
        .ok_or(TempTokenRefusal::Claims)
}

#[cfg(test)]
mod tests;
