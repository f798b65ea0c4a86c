//! The signature of a login request, computed as the documents describe.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use data_encoding::{
    BASE64, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXLOWER_PERMISSIVE, HEXUPPER,
};

use super::query::LoginQuery;
use crate::domain::dialect::{Dialect, KeyEncoding, SignatureEncoding, SignedMessage, UrlEncoding};

/// Whether the signature matches the content of the request.
pub(in crate::sandbox) fn is_right(query: &LoginQuery, dialect: &Dialect, key: &[u8]) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let signature = hmac::sign(&key, message(query, dialect).as_bytes());
    let expected = match dialect.signature_encoding {
        SignatureEncoding::HexLower => HEXLOWER.encode(signature.as_ref()),
        SignatureEncoding::HexUpper => HEXUPPER.encode(signature.as_ref()),
        SignatureEncoding::Base64 => BASE64.encode(signature.as_ref()),
        SignatureEncoding::Base64Url => BASE64URL_NOPAD.encode(signature.as_ref()),
    };
    verify_slices_are_equal(expected.as_bytes(), query.hmac.text.as_bytes()).is_ok()
}

/// Decodes the text of a shared key; `None` if the text does not fit the encoding.
pub(in crate::sandbox) fn key_bytes(text: &str, encoding: KeyEncoding) -> Option<Vec<u8>> {
    match encoding {
        KeyEncoding::Utf8 => Some(text.as_bytes().to_vec()),
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

fn message(query: &LoginQuery, dialect: &Dialect) -> String {
    let escaped = escaped(&query.redirect_url.text, dialect.url_encoding);
    let template = match &dialect.signed_message {
        SignedMessage::Query => {
            let sent = format!("&RedirectUrl={}&", query.redirect_url.raw);
            let here = format!("&RedirectUrl={escaped}&");
            return query.signed_part.replacen(&sent, &here, 1);
        }
        SignedMessage::Template(template) => template,
    };
    let mut message = String::new();
    let mut rest = template.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        message.push_str(before);
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        message.push_str(match name {
            "consumer" => &query.consumer.text,
            "domain" => query.domain.as_ref().map_or("", |domain| &domain.text),
            "redirect_url" => &query.redirect_url.text,
            "redirect_url_encoded" => &escaped,
            "timestamp" => &query.timestamp.text,
            "partner" => &query.partner.text,
            _ => "",
        });
        rest = tail;
    }
    message.push_str(rest);
    message
}

/// The text as the server escapes it, whatever the client sent.
fn escaped(text: &str, encoding: UrlEncoding) -> String {
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

    #[test]
    fn a_signature_made_by_openssl_is_accepted() {
        let dialect = Dialect::default();
        assert!(is_right(&query(OF_QUERY), &dialect, b"key"));
        assert!(!is_right(&query(OF_QUERY), &dialect, b"yek"));
        assert!(!is_right(
            &query(&OF_QUERY.to_uppercase()),
            &dialect,
            b"key"
        ));
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
        assert!(is_right(
            &query(&OF_TEMPLATE.to_uppercase()),
            &dialect,
            b"key"
        ));
    }

    #[test]
    fn a_key_is_read_in_each_encoding() {
        assert_eq!(key_bytes("ff", KeyEncoding::Utf8).unwrap(), b"ff");
        assert_eq!(key_bytes("fF", KeyEncoding::Hex).unwrap(), [0xFF]);
        assert_eq!(
            key_bytes("_-8=", KeyEncoding::Base64).unwrap(),
            [0xFF, 0xEF]
        );
        assert_eq!(key_bytes("xyz", KeyEncoding::Hex), None);
    }
}
