//! Every point that the Redtrust documents leave open, as an enum with its
//! default.
//!
//! The portal reads a connection's [`Dialect`] to know what its server expects;
//! the sandbox follows the same settings. Only plain values live here: nothing
//! in this file signs, encodes or sends. Source of each point:
//! `redtrust-ra-api.md`, lines marked \[open\].

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::string_enum::string_enum;

mod signed_message;

pub use signed_message::{BadTemplate, Form, PLACEHOLDERS, Piece, SignedMessage, Template, Value};

string_enum! {
    /// How `RedirectUrl` is escaped in the login URL. \[open\]
    #[derive(Default)]
    pub enum UrlEncoding as "url_encoding" {
        /// RFC 3986: all but the unreserved characters, upper-case hexadecimal.
        #[default]
        Rfc3986 = "rfc3986",
        /// As .NET's `HttpUtility.UrlEncode`: lower-case hexadecimal, `+` for a
        /// blank, `!*()` as they are, `~` escaped.
        DotnetLower = "dotnet-lower",
        /// As .NET's `WebUtility.UrlEncode`: the same in upper case.
        DotnetUpper = "dotnet-upper",
    }
}

string_enum! {
    /// Text form of the HMAC-SHA256 signature in the login URL. \[open\]
    #[derive(Default)]
    pub enum SignatureEncoding as "signature_encoding" {
        /// Lower-case hexadecimal.
        #[default]
        HexLower = "hex",
        /// Upper-case hexadecimal.
        HexUpper = "HEX",
        /// Base64, RFC 4648 section 4, padded; percent-encoded in the URL.
        Base64 = "base64",
        /// Base64url, RFC 4648 section 5, without padding.
        Base64Url = "base64url",
    }
}

string_enum! {
    /// Unit of the `timestamp` parameter. \[open\]
    #[derive(Default)]
    pub enum TimestampUnit as "timestamp_unit" {
        /// Seconds since 1970-01-01T00:00:00Z.
        #[default]
        Seconds = "seconds",
        /// Milliseconds since 1970-01-01T00:00:00Z.
        Milliseconds = "milliseconds",
    }
}

string_enum! {
    /// How the shared key's text becomes bytes. \[open\]
    #[derive(Default)]
    pub enum KeyEncoding as "key_encoding" {
        /// The UTF-8 bytes of the text itself.
        #[default]
        Utf8 = "utf8",
        /// The text's UTF-16 code units, low byte first: .NET's `Encoding.Unicode`.
        Utf16Le = "utf16le",
        /// Hexadecimal digits, decoded.
        Hex = "hex",
        /// Base64 (either alphabet, padding optional), decoded.
        Base64 = "base64",
    }
}

string_enum! {
    /// What the temporary token in `tkn` is. \[open\]
    #[derive(Default)]
    pub enum TempTokenForm as "temp_token" {
        /// A compact JWS, HS256 under the shared key; every claim is checked
        /// before any call is made.
        Signed = "signed",
        /// Unknown format: only size, alphabet and single use are checked.
        #[default]
        Opaque = "opaque",
        /// A JWS that declares HS256 is verified; anything else is opaque.
        Auto = "auto",
    }
}

string_enum! {
    /// Whether the client chooses the `requestCode` of `csr/create`. \[open\]
    #[derive(Default)]
    pub enum ClientRequestCode as "client_request_code" {
        /// The server generates it.
        #[default]
        Off = "off",
        /// Generated and stored before the call, so that a lost answer can be
        /// recovered.
        Send = "send",
    }
}

/// The name of a JSON field: 1 to 64 letters, digits, `_` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct FieldName(String);

/// Why a text is not a field name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadFieldName {
    /// It is empty.
    #[error("temp_token_field: a name")]
    Empty,
    /// Too long, or contains a character that is not allowed.
    #[error("temp_token_field: at most 64 letters, digits, hyphens and underscores")]
    Characters,
}

impl FieldName {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for FieldName {
    type Err = BadFieldName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let known = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        if text.is_empty() {
            return Err(BadFieldName::Empty);
        }
        if text.len() > 64 || !text.bytes().all(known) {
            return Err(BadFieldName::Characters);
        }
        Ok(Self(text.to_owned()))
    }
}

impl From<FieldName> for String {
    fn from(name: FieldName) -> Self {
        name.0
    }
}

impl TryFrom<String> for FieldName {
    type Error = BadFieldName;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// All open points of one connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Dialect {
    /// What the HMAC signs.
    pub signed_message: SignedMessage,
    /// How `RedirectUrl` is escaped.
    pub url_encoding: UrlEncoding,
    /// Text form of the signature.
    pub signature_encoding: SignatureEncoding,
    /// Unit of `timestamp`.
    pub timestamp_unit: TimestampUnit,
    /// How the shared key's text becomes bytes.
    pub key_encoding: KeyEncoding,
    /// Form of the temporary token.
    pub temp_token: TempTokenForm,
    /// Name of the field for the token in `login_by_temp_token`.
    pub temp_token_field: FieldName,
    /// Whether `csr/create` sends a request code generated by us.
    pub client_request_code: ClientRequestCode,
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            signed_message: SignedMessage::default(),
            url_encoding: UrlEncoding::default(),
            signature_encoding: SignatureEncoding::default(),
            timestamp_unit: TimestampUnit::default(),
            key_encoding: KeyEncoding::default(),
            temp_token: TempTokenForm::default(),
            temp_token_field: FieldName("tempToken".to_owned()),
            client_request_code: ClientRequestCode::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_value_names_the_setting_and_what_is_allowed() {
        let error = "octal".parse::<KeyEncoding>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "key_encoding: \"octal\" is not one of: utf8 utf16le hex base64"
        );
    }
}
