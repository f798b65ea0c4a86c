//! The signature of a login request, computed as the documents describe.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use data_encoding::{
    BASE64, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXLOWER_PERMISSIVE, HEXUPPER,
};

use super::super::refusal::Refusal;
use super::super::secrets::SharedKey;
use super::query::LoginQuery;
use rubrica_domain::dialect::{
    Dialect, KeyEncoding, SignatureEncoding, SignedMessage, UrlEncoding,
};

/// The path of login requests.
pub(crate) const LOGIN_PATH: &str = "/authclient/auth/loginrequest";

/// Whether the signature matches the content of the request. `base_url` is the scheme,
/// host and port that the client called.
pub(crate) fn is_right(query: &LoginQuery, dialect: &Dialect, base_url: &str, key: &[u8]) -> bool {
    let expected = signature(query, dialect, base_url, key);
    verify_slices_are_equal(expected.as_bytes(), query.hmac.text.as_bytes()).is_ok()
}

/// The signature of this request, as text.
pub(super) fn signature(
    query: &LoginQuery,
    dialect: &Dialect,
    base_url: &str,
    key: &[u8],
) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let signature = hmac::sign(&key, message(query, dialect, base_url).as_bytes());
    encoded(signature.as_ref(), dialect.signature_encoding)
}

/// The text form of a signature.
pub(super) fn encoded(signature: &[u8], form: SignatureEncoding) -> String {
    match form {
        SignatureEncoding::HexLower => HEXLOWER.encode(signature),
        SignatureEncoding::HexUpper => HEXUPPER.encode(signature),
        SignatureEncoding::Base64 => BASE64.encode(signature),
        SignatureEncoding::Base64Url => BASE64URL_NOPAD.encode(signature),
    }
}

/// Decodes the text of a shared key; `None` if the text does not fit the encoding.
pub(crate) fn key_bytes(text: &str, encoding: KeyEncoding) -> Option<Vec<u8>> {
    match encoding {
        KeyEncoding::Utf8 => Some(text.as_bytes().to_vec()),
        KeyEncoding::Utf16Le => Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        KeyEncoding::Hex => HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok(),
        KeyEncoding::Base64 => {
            let plain = text
                .trim_end_matches('=')
                .replace('-', "+")
                .replace('_', "/");
            BASE64_NOPAD.decode(plain.as_bytes()).ok()
        }
    }
}

/// The bytes of a shared key.
pub(super) fn secret(key: &SharedKey, dialect: &Dialect) -> Result<Vec<u8>, Refusal> {
    key_bytes(key.expose(), dialect.key_encoding)
        .ok_or_else(|| Refusal::internal("the shared key cannot be read as key_encoding says"))
}

/// What this server expects to be signed.
pub(super) fn message(query: &LoginQuery, dialect: &Dialect, base_url: &str) -> String {
    let template = match &dialect.signed_message {
        SignedMessage::Query => return signed_query(query, dialect),
        template => template.as_str(),
    };
    let mut message = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        message.push_str(before);
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        let (name, encoding) = match name.split_once(':') {
            Some((name, encoding)) => (name, encoding.parse().ok()),
            None => (name, None),
        };
        let text = match name {
            "consumer" => query.consumer.text.clone(),
            "domain" => query.domain.clone().unwrap_or_default().text,
            "redirect_url" => query.redirect_url.text.clone(),
            "redirect_url_encoded" => escaped(&query.redirect_url.text, dialect.url_encoding),
            "timestamp" => query.timestamp.text.clone(),
            "partner" => query.partner.text.clone(),
            "base_url" => base_url.to_owned(),
            "path" => LOGIN_PATH.to_owned(),
            "query" => signed_query(query, dialect),
            "lf" => "\n".to_owned(),
            _ => String::new(),
        };
        match encoding {
            Some(encoding) => message.push_str(&escaped(&text, encoding)),
            None => message.push_str(&text),
        }
        rest = tail;
    }
    message.push_str(rest);
    message
}

/// The query as sent, but with the redirect URL as this server escapes it.
fn signed_query(query: &LoginQuery, dialect: &Dialect) -> String {
    let sent = format!("&RedirectUrl={}&", query.redirect_url.raw);
    let escaped = escaped(&query.redirect_url.text, dialect.url_encoding);
    let here = format!("&RedirectUrl={escaped}&");
    query.signed_part.replacen(&sent, &here, 1)
}

/// The text as the server escapes it, whatever the client sent.
pub(super) fn escaped(text: &str, encoding: UrlEncoding) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        let stays = byte.is_ascii_alphanumeric()
            || match encoding {
                UrlEncoding::Rfc3986 => b"-._~".contains(&byte),
                UrlEncoding::DotnetLower | UrlEncoding::DotnetUpper => b"-._!*()".contains(&byte),
            };
        match encoding {
            _ if stays => escaped.push(char::from(byte)),
            UrlEncoding::Rfc3986 => escaped.push_str(&format!("%{byte:02X}")),
            _ if byte == b' ' => escaped.push('+'),
            UrlEncoding::DotnetLower => escaped.push_str(&format!("%{byte:02x}")),
            UrlEncoding::DotnetUpper => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(hmac: &str) -> LoginQuery {
        LoginQuery::parse(&format!(
            "Consumer=RA_API&Domain=corp&RedirectUrl=https%3A%2F%2Fp.example%2Fc&timestamp=1700000000&partner=ACME&hmac={hmac}"
        ))
        .unwrap()
    }

    // Made with: printf %s MESSAGE | openssl dgst -sha256 -hmac KEY
    const OF_QUERY: &str = "4eb8809913356d47c092e9f8aa09a6fabc62ad26c73e51973d1b8312ae945d6c";
    const OF_TEMPLATE: &str = "1971e896b5cbc1a0ee17c623593d9b931924ef91406c361400157f6ef54b73af";

    const HERE: &str = "http://127.0.0.1:8082";

    #[test]
    fn a_signature_made_by_openssl_is_accepted() {
        let dialect = Dialect::default();
        assert!(is_right(&query(OF_QUERY), &dialect, HERE, b"key"));
        assert!(!is_right(&query(OF_QUERY), &dialect, HERE, b"yek"));
        let upper = query(&OF_QUERY.to_uppercase());
        assert!(!is_right(&upper, &dialect, HERE, b"key"));
    }

    #[test]
    fn a_template_is_filled_in() {
        let dialect = Dialect {
            signed_message: "{partner}|{domain}|{redirect_url}|{redirect_url_encoded}|{timestamp}"
                .parse()
                .unwrap(),
            signature_encoding: SignatureEncoding::HexUpper,
            ..Dialect::default()
        };
        let upper = query(&OF_TEMPLATE.to_uppercase());
        assert!(is_right(&upper, &dialect, HERE, b"key"));
    }

    /// One case of `tests/vectors/make.sh`.
    #[derive(serde::Deserialize)]
    struct Case {
        name: String,
        base_url: String,
        shared_key: String,
        key_encoding: KeyEncoding,
        signed_message: SignedMessage,
        url_encoding: UrlEncoding,
        signature_encoding: SignatureEncoding,
        message: String,
        signature: String,
        url: String,
    }

    #[test]
    fn every_dialect_is_checked_as_openssl_signs_it() {
        let cases: Vec<Case> =
            serde_json::from_str(include_str!("../../../tests/vectors/login_urls.json")).unwrap();
        assert!(cases.len() > 50);
        for case in cases {
            let dialect = Dialect {
                signed_message: case.signed_message,
                url_encoding: case.url_encoding,
                signature_encoding: case.signature_encoding,
                ..Dialect::default()
            };
            let (_, sent) = case.url.split_once('?').unwrap();
            let query = LoginQuery::parse(sent).unwrap();
            assert_eq!(query.hmac.text, case.signature, "{}", case.name);
            let expected = message(&query, &dialect, &case.base_url);
            assert_eq!(expected, case.message, "{}", case.name);
            let key = key_bytes(&case.shared_key, case.key_encoding).unwrap();
            assert!(
                is_right(&query, &dialect, &case.base_url, &key),
                "{}",
                case.name
            );
        }
    }

    #[test]
    fn a_key_is_read_in_each_encoding() {
        assert_eq!(key_bytes("ff", KeyEncoding::Utf8).unwrap(), b"ff");
        assert_eq!(key_bytes("é", KeyEncoding::Utf16Le).unwrap(), [0xE9, 0]);
        assert_eq!(key_bytes("fF", KeyEncoding::Hex).unwrap(), [0xFF]);
        assert_eq!(
            key_bytes("_-8=", KeyEncoding::Base64).unwrap(),
            [0xFF, 0xEF]
        );
        assert_eq!(key_bytes("xyz", KeyEncoding::Hex), None);
    }
}
