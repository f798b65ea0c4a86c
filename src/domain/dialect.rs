//! Every point the Redtrust documents leave open, as an enum with its default.
//!
//! The portal reads a connection's [`Dialect`] to know how to speak; the sandbox
//! obeys the same settings. Only plain values live here: nothing in this file
//! signs, encodes or sends. Source of each point: `redtrust-ra-api.md`, lines
//! marked \[open\].

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A text that names no value of a dialect setting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {given:?} is not one of: {allowed}")]
pub struct UnknownDialectValue {
    /// The setting's name, as in the configuration file.
    pub setting: &'static str,
    /// What was written.
    pub given: String,
    /// What may be written.
    pub allowed: &'static str,
}

/// Declares an enum whose values have one text form each, used alike in the
/// configuration file, in JSON and in forms.
macro_rules! setting {
    ($(#[$meta:meta])* $name:ident, $setting:literal, default $default:ident {
        $($(#[$vmeta:meta])* $variant:ident = $text:literal),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// Every value, in the order a form offers them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The text form, as in the configuration file.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl Default for $name {
            fn default() -> Self { Self::$default }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.as_str()) }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self { value.as_str().to_owned() }
        }

        impl FromStr for $name {
            type Err = UnknownDialectValue;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|v| v.as_str() == text).ok_or_else(|| UnknownDialectValue {
                    setting: $setting,
                    given: text.to_owned(),
                    allowed: concat!($($text, " "),+).trim_ascii_end(),
                })
            }
        }

        impl TryFrom<String> for $name {
            type Error = UnknownDialectValue;
            fn try_from(text: String) -> Result<Self, Self::Error> { text.parse() }
        }
    };
}

setting! {
    /// Text form of the HMAC-SHA256 signature in the login URL. \[open\]
    SignatureEncoding, "signature_encoding", default HexLower {
        /// Lower-case hexadecimal.
        HexLower = "hex",
        /// Upper-case hexadecimal.
        HexUpper = "HEX",
        /// Base64, RFC 4648 section 4, padded; percent-encoded in the URL.
        Base64 = "base64",
        /// Base64url, RFC 4648 section 5, without padding.
        Base64Url = "base64url",
    }
}

setting! {
    /// Unit of the `timestamp` parameter. \[open\]
    TimestampUnit, "timestamp_unit", default Seconds {
        /// Seconds since 1970-01-01T00:00:00Z.
        Seconds = "seconds",
        /// Milliseconds since 1970-01-01T00:00:00Z.
        Milliseconds = "milliseconds",
    }
}

setting! {
    /// How the shared key's text becomes bytes. \[open\]
    KeyEncoding, "key_encoding", default Utf8 {
        /// The UTF-8 bytes of the text itself.
        Utf8 = "utf8",
        /// Hexadecimal digits, decoded.
        Hex = "hex",
        /// Base64 (either alphabet, padding optional), decoded.
        Base64 = "base64",
    }
}

setting! {
    /// What the temporary token in `tkn` is. \[open\]
    TempTokenForm, "temp_token", default Opaque {
        /// A compact JWS, HS256 under the shared key; every claim is checked before a call goes out.
        Signed = "signed",
        /// Nothing is known but size, alphabet and single use.
        Opaque = "opaque",
        /// A JWS that says HS256 is verified, anything else is opaque.
        Auto = "auto",
    }
}

setting! {
    /// Whether the client chooses the `requestCode` of `csr/create`. \[open\]
    ClientRequestCode, "client_request_code", default Off {
        /// The server makes it.
        Off = "off",
        /// Made and stored before the call, so that a lost answer can be recovered.
        Send = "send",
    }
}

/// The message that the login URL's HMAC signs. \[open\]
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum SignedMessage {
    /// The query string exactly as sent, from `Consumer=` up to, but without, `&hmac=`.
    #[default]
    Query,
    /// A text with placeholders from [`SignedMessage::PLACEHOLDERS`].
    Template(String),
}

impl SignedMessage {
    /// What may stand between braces in a template.
    pub const PLACEHOLDERS: &'static [&'static str] = &[
        "consumer",
        "domain",
        "redirect_url",
        "redirect_url_encoded",
        "timestamp",
        "partner",
    ];

    /// The text form: `query`, or the template itself.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Query => "query",
            Self::Template(template) => template,
        }
    }
}

impl fmt::Display for SignedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<SignedMessage> for String {
    fn from(value: SignedMessage) -> Self {
        value.as_str().to_owned()
    }
}

/// Why a text is neither `query` nor a usable template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadTemplate {
    /// A brace is not closed, or closed without being opened.
    #[error("signed_message: a brace without its partner")]
    Unbalanced,
    /// A name between braces that means nothing.
    #[error("signed_message: {{{0}}} is not a placeholder")]
    UnknownPlaceholder(String),
    /// Without the timestamp the signature would be good for ever.
    #[error("signed_message: a template must contain {{timestamp}}")]
    NoTimestamp,
}

impl FromStr for SignedMessage {
    type Err = BadTemplate;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "query" {
            return Ok(Self::Query);
        }
        let mut rest = text;
        let mut has_timestamp = false;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, tail) = after.split_once('}').ok_or(BadTemplate::Unbalanced)?;
            if before.contains('}') {
                return Err(BadTemplate::Unbalanced);
            }
            if !Self::PLACEHOLDERS.contains(&name) {
                return Err(BadTemplate::UnknownPlaceholder(name.to_owned()));
            }
            has_timestamp |= name == "timestamp";
            rest = tail;
        }
        if rest.contains('}') {
            return Err(BadTemplate::Unbalanced);
        }
        if !has_timestamp {
            return Err(BadTemplate::NoTimestamp);
        }
        Ok(Self::Template(text.to_owned()))
    }
}

impl TryFrom<String> for SignedMessage {
    type Error = BadTemplate;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// All open points of one connection together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Dialect {
    /// What the HMAC signs.
    pub signed_message: SignedMessage,
    /// Text form of the signature.
    pub signature_encoding: SignatureEncoding,
    /// Unit of `timestamp`.
    pub timestamp_unit: TimestampUnit,
    /// How the shared key's text becomes bytes.
    pub key_encoding: KeyEncoding,
    /// Form of the temporary token.
    pub temp_token: TempTokenForm,
    /// Name of the field that carries it in `login_by_temp_token`.
    pub temp_token_field: String,
    /// Whether `csr/create` sends a request code of ours.
    pub client_request_code: ClientRequestCode,
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            signed_message: SignedMessage::default(),
            signature_encoding: SignatureEncoding::default(),
            timestamp_unit: TimestampUnit::default(),
            key_encoding: KeyEncoding::default(),
            temp_token: TempTokenForm::default(),
            temp_token_field: "tempToken".to_owned(),
            client_request_code: ClientRequestCode::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_reads_back_what_it_writes() {
        for value in SignatureEncoding::ALL {
            assert_eq!(value.as_str().parse(), Ok(*value));
        }
        for value in KeyEncoding::ALL {
            assert_eq!(value.as_str().parse(), Ok(*value));
        }
        for value in TempTokenForm::ALL {
            assert_eq!(value.as_str().parse(), Ok(*value));
        }
        for value in TimestampUnit::ALL {
            assert_eq!(value.as_str().parse(), Ok(*value));
        }
        for value in ClientRequestCode::ALL {
            assert_eq!(value.as_str().parse(), Ok(*value));
        }
    }

    #[test]
    fn an_unknown_value_names_the_setting_and_what_is_allowed() {
        let error = "octal".parse::<KeyEncoding>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "key_encoding: \"octal\" is not one of: utf8 hex base64"
        );
    }

    #[test]
    fn a_template_is_checked_when_it_is_read() {
        assert_eq!("query".parse(), Ok(SignedMessage::Query));
        assert!("{partner}{timestamp}".parse::<SignedMessage>().is_ok());
        assert_eq!(
            "{partner}".parse::<SignedMessage>(),
            Err(BadTemplate::NoTimestamp)
        );
        assert_eq!(
            "{timestamp".parse::<SignedMessage>(),
            Err(BadTemplate::Unbalanced)
        );
        assert_eq!(
            "{timestamp}}".parse::<SignedMessage>(),
            Err(BadTemplate::Unbalanced)
        );
        assert_eq!(
            "{timestamp}{x}".parse::<SignedMessage>(),
            Err(BadTemplate::UnknownPlaceholder("x".into()))
        );
    }
}
