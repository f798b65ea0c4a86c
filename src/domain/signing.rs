//! The login URL and its signature. It depends on the dialect, but not on browsers,
//! storage or the sandbox.

use std::fmt::Write as _;

use aws_lc_rs::hmac;
use data_encoding::{
    BASE64, BASE64_NOPAD, BASE64URL_NOPAD, Encoding, HEXLOWER, HEXLOWER_PERMISSIVE, HEXUPPER,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use super::connection::Connection;
use super::dialect::{
    Form, KeyEncoding, Piece, SignatureEncoding, SignedMessage, TimestampUnit, UrlEncoding, Value,
};
use super::millis::Millis;
use super::redirect_url::RedirectUrl;
use super::secret::Secret;

/// The path of Redtrust's sign-in page.
pub const LOGIN_PATH: &str = "/authclient/auth/loginrequest";

/// The value of `Consumer`.
pub const CONSUMER: &str = "RA_API";

/// Everything except the unreserved characters of RFC 3986.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What .NET's `UrlEncode` escapes, if the blank is written as `+` afterwards.
const DOTNET: &AsciiSet = &ENCODED
    .remove(b'!')
    .remove(b'*')
    .remove(b'(')
    .remove(b')')
    .add(b'~');

/// Why nothing could be signed; an admin has to fix it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SigningError {
    /// There is no shared key.
    #[error("the shared key is empty")]
    EmptyKey,
    /// The shared key does not have the encoding that the dialect names.
    #[error("the shared key is not written as {0}")]
    KeyEncoding(KeyEncoding),
}

/// A login URL and the values used to make it, so that people can compare them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedLogin {
    /// The whole URL with the signature.
    pub url: String,
    /// The message that was signed.
    pub message: String,
    /// The signature as text, before percent-encoding.
    pub signature: String,
    /// The timestamp as sent, in the dialect's unit.
    pub timestamp: i64,
}

/// The URL at which a person signs in to `connection` and is sent back to
/// `redirect_url`.
///
/// # Errors
/// [`SigningError`] if the connection's key is invalid.
pub fn login_url(
    connection: &Connection,
    redirect_url: &RedirectUrl,
    now: Millis,
) -> Result<String, SigningError> {
    let parts = Parts::of(connection, redirect_url, now);
    let mut url = parts.unsigned();
    let signature = parts.signature(connection, &url)?;
    push_signature(
        &mut url,
        connection.settings.dialect.signature_encoding,
        signature.as_ref(),
    );
    Ok(url)
}

/// Like [`login_url`], but also returns the message and the signature.
///
/// # Errors
/// [`SigningError`], as for [`login_url`].
pub fn sign(
    connection: &Connection,
    redirect_url: &RedirectUrl,
    now: Millis,
) -> Result<SignedLogin, SigningError> {
    let parts = Parts::of(connection, redirect_url, now);
    let mut url = parts.unsigned();
    let message = parts.message(&connection.settings.dialect.signed_message, &url);
    let signature = parts.signature(connection, &url)?;
    push_signature(
        &mut url,
        connection.settings.dialect.signature_encoding,
        signature.as_ref(),
    );
    Ok(SignedLogin {
        url,
        message,
        signature: encoding(connection.settings.dialect.signature_encoding)
            .encode(signature.as_ref()),
        timestamp: parts.timestamp,
    })
}

/// The bytes of a shared key, decoded as the dialect says.
///
/// # Errors
/// [`SigningError`] if the text is empty or does not have that encoding.
pub fn shared_key_bytes(connection: &Connection) -> Result<Zeroizing<Vec<u8>>, SigningError> {
    let form = connection.settings.dialect.key_encoding;
    key_bytes(connection.shared_key.expose(), form)
}

/// The bytes of a key's text; errors as of [`shared_key_bytes`].
pub(super) fn key_bytes(text: &str, form: KeyEncoding) -> Result<Zeroizing<Vec<u8>>, SigningError> {
    let bad = |_| SigningError::KeyEncoding(form);
    let bytes = Zeroizing::new(match form {
        KeyEncoding::Utf8 => text.as_bytes().to_vec(),
        KeyEncoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        KeyEncoding::Hex => HEXLOWER_PERMISSIVE
            .decode(text.trim().as_bytes())
            .map_err(bad)?,
        KeyEncoding::Base64 => {
            let standard: Zeroizing<String> = Zeroizing::new(
                text.trim()
                    .trim_end_matches('=')
                    .chars()
                    .map(|c| match c {
                        '-' => '+',
                        '_' => '/',
                        other => other,
                    })
                    .collect(),
            );
            BASE64_NOPAD.decode(standard.as_bytes()).map_err(bad)?
        }
    });
    if bytes.is_empty() {
        return Err(SigningError::EmptyKey);
    }
    Ok(bytes)
}

/// A shared key, ready for HMAC-SHA256.
pub(super) fn mac_key(key: &Secret, form: KeyEncoding) -> Result<hmac::Key, SigningError> {
    // The usual encoding needs no copy of the key.
    if form == KeyEncoding::Utf8 {
        let key = key.expose().as_bytes();
        if key.is_empty() {
            return Err(SigningError::EmptyKey);
        }
        return Ok(hmac::Key::new(hmac::HMAC_SHA256, key));
    }
    let key = key_bytes(key.expose(), form)?;
    Ok(hmac::Key::new(hmac::HMAC_SHA256, &key))
}

/// The parts of a login URL without the signature.
pub(super) struct Parts<'a> {
    pub(super) base: &'a str,
    pub(super) domain: Option<&'a str>,
    pub(super) redirect_url: &'a str,
    pub(super) url_encoding: UrlEncoding,
    pub(super) timestamp: i64,
    pub(super) partner: &'a str,
}

impl<'a> Parts<'a> {
    fn of(connection: &'a Connection, redirect_url: &'a RedirectUrl, now: Millis) -> Self {
        Self {
            base: connection.settings.base_url.as_str(),
            domain: connection
                .settings
                .domain
                .as_deref()
                .filter(|d| !d.is_empty()),
            redirect_url: redirect_url.as_str(),
            url_encoding: connection.settings.dialect.url_encoding,
            timestamp: match connection.settings.dialect.timestamp_unit {
                TimestampUnit::Seconds => now.as_secs(),
                TimestampUnit::Milliseconds => now.0,
            },
            partner: connection.settings.partner.as_str(),
        }
    }

    /// The whole signed message; `unsigned` is what [`Self::unsigned`] returned.
    pub(super) fn message(&self, message: &SignedMessage, unsigned: &str) -> String {
        let mut whole = String::new();
        self.each_piece(message, unsigned, |piece| whole.push_str(piece));
        whole
    }

    /// The URL up to `&hmac=`, which is excluded. The signed bytes are taken from this
    /// text, so that they cannot differ from the bytes sent.
    pub(super) fn unsigned(&self) -> String {
        let lengths =
            self.domain.map_or(0, str::len) + self.redirect_url.len() + self.partner.len();
        // Names, number and signature, plus space for typical percent-encoding.
        let mut url = String::with_capacity(self.base.len() + lengths * 3 / 2 + 280);
        url.push_str(self.base);
        url.push_str(LOGIN_PATH);
        url.push_str("?Consumer=");
        url.push_str(CONSUMER);
        if let Some(domain) = self.domain {
            url.push_str("&Domain=");
            push_encoded(&mut url, domain);
        }
        url.push_str("&RedirectUrl=");
        escape(self.redirect_url, self.url_encoding, |piece| {
            url.push_str(piece);
        });
        url.push_str("&timestamp=");
        push_number(&mut url, self.timestamp);
        url.push_str("&partner=");
        push_encoded(&mut url, self.partner);
        url
    }

    /// Passes the signed message to `take` in pieces.
    fn each_piece(&self, message: &SignedMessage, unsigned: &str, mut take: impl FnMut(&str)) {
        let query = unsigned.split_once('?').map_or("", |(_, query)| query);
        let template = match message {
            SignedMessage::Query => return take(query),
            SignedMessage::Template(template) => template,
        };
        for piece in template.pieces() {
            match piece {
                Piece::Text(text) => take(text),
                Piece::Value(value, form) => self.value(*value, *form, &mut take),
                Piece::Timestamp => {
                    let mut number = String::new();
                    push_number(&mut number, self.timestamp);
                    take(&number);
                }
                Piece::BaseUrl => take(self.base),
                Piece::Path => take(LOGIN_PATH),
                Piece::Query => take(query),
            }
        }
    }

    fn value(&self, value: Value, form: Form, take: &mut impl FnMut(&str)) {
        let text = match value {
            Value::Consumer => CONSUMER,
            Value::Domain => self.domain.unwrap_or_default(),
            Value::RedirectUrl => self.redirect_url,
            Value::Partner => self.partner,
        };
        match form {
            Form::Bare => take(text),
            Form::AsSent => escape(text, self.url_encoding, take),
            Form::Escaped(encoding) => escape(text, encoding, take),
        }
    }

    fn signature(
        &self,
        connection: &Connection,
        unsigned: &str,
    ) -> Result<hmac::Tag, SigningError> {
        let form = connection.settings.dialect.key_encoding;
        let mut mac = hmac::Context::with_key(&mac_key(&connection.shared_key, form)?);
        self.each_piece(
            &connection.settings.dialect.signed_message,
            unsigned,
            |piece| {
                mac.update(piece.as_bytes());
            },
        );
        Ok(mac.sign())
    }
}

/// The text as the encoding escapes it.
pub(super) fn escaped(text: &str, encoding: UrlEncoding) -> String {
    let mut escaped = String::new();
    escape(text, encoding, |piece| escaped.push_str(piece));
    escaped
}

/// Passes the escaped text to `take` in pieces: an escape such as `%2F`, or
/// characters that need none.
fn escape(text: &str, encoding: UrlEncoding, mut take: impl FnMut(&str)) {
    let set = match encoding {
        UrlEncoding::Rfc3986 => ENCODED,
        UrlEncoding::DotnetLower | UrlEncoding::DotnetUpper => DOTNET,
    };
    for piece in utf8_percent_encode(text, set) {
        match encoding {
            UrlEncoding::DotnetLower | UrlEncoding::DotnetUpper if piece == "%20" => take("+"),
            UrlEncoding::DotnetLower if piece.starts_with('%') => {
                take(&piece.to_ascii_lowercase());
            }
            _ => take(piece),
        }
    }
}

fn push_encoded(url: &mut String, value: &str) {
    url.extend(utf8_percent_encode(value, ENCODED));
}

fn push_number(url: &mut String, number: i64) {
    // Writing to a String cannot fail.
    let _ = write!(url, "{number}");
}

fn push_signature(url: &mut String, form: SignatureEncoding, signature: &[u8]) {
    // The longest form has 64 digits.
    let mut buffer = [0_u8; 64];
    let encoding = encoding(form);
    url.push_str("&hmac=");
    if let Some(room) = buffer.get_mut(..encoding.encode_len(signature.len())) {
        push_encoded(url, encoding.encode_mut_str(signature, room));
    }
}

fn encoding(form: SignatureEncoding) -> Encoding {
    match form {
        SignatureEncoding::HexLower => HEXLOWER,
        SignatureEncoding::HexUpper => HEXUPPER,
        SignatureEncoding::Base64 => BASE64,
        SignatureEncoding::Base64Url => BASE64URL_NOPAD,
    }
}

#[cfg(test)]
mod tests;
