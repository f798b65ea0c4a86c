//! Compares the signer with openssl's results, and with itself.

use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::connection::{Partner, sample};
use crate::dialect::{Dialect, PLACEHOLDERS};
use crate::secret::Secret;

/// One case of `tests/vectors/make.sh`.
#[derive(Deserialize)]
struct Case {
    name: String,
    base_url: String,
    domain: Option<String>,
    partner: String,
    redirect_url: RedirectUrl,
    shared_key: Secret,
    now: Millis,
    signed_message: SignedMessage,
    url_encoding: UrlEncoding,
    signature_encoding: SignatureEncoding,
    timestamp_unit: TimestampUnit,
    key_encoding: KeyEncoding,
    message: String,
    signature: String,
    url: String,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../../../tests/vectors/login_urls.json")).unwrap()
}

impl Case {
    fn connection(&self) -> Connection {
        let mut connection = with(self.domain.clone(), self.partner.parse().unwrap());
        connection.shared_key = self.shared_key.clone();
        connection.settings.base_url = self.base_url.parse().unwrap();
        connection.settings.dialect = Dialect {
            signed_message: self.signed_message.clone(),
            url_encoding: self.url_encoding,
            signature_encoding: self.signature_encoding,
            timestamp_unit: self.timestamp_unit,
            key_encoding: self.key_encoding,
            ..Dialect::default()
        };
        connection
    }
}

fn with(domain: Option<String>, partner: Partner) -> Connection {
    let mut connection = sample();
    connection.settings.domain = domain;
    connection.settings.partner = partner;
    connection
}

fn callback() -> RedirectUrl {
    "https://portal.example/callback/acme".parse().unwrap()
}

#[test]
fn every_dialect_signs_as_openssl_does() {
    for case in cases() {
        let (connection, name) = (case.connection(), &case.name);
        let signed = sign(&connection, &case.redirect_url, case.now).unwrap();
        assert_eq!(signed.message, case.message, "{name}");
        assert_eq!(signed.signature, case.signature, "{name}");
        assert_eq!(signed.url, case.url, "{name}");
        let short = login_url(&connection, &case.redirect_url, case.now);
        assert_eq!(short, Ok(case.url), "{name}");
    }
}

#[test]
fn the_vectors_cover_every_dialect() {
    let cases = cases();
    let all = |wanted: &dyn Fn(&Case) -> bool| cases.iter().any(wanted);
    for key in KeyEncoding::ALL {
        for encoding in SignatureEncoding::ALL {
            for unit in TimestampUnit::ALL {
                assert!(all(&|c| c.key_encoding == *key
                    && c.signature_encoding == *encoding
                    && c.timestamp_unit == *unit));
            }
        }
    }
    for form in UrlEncoding::ALL {
        assert!(all(&|c| c.url_encoding == *form));
    }
    let has = |placeholder: &str| {
        let placeholder = format!("{{{placeholder}}}");
        all(&|c| c.signed_message.as_str().contains(&placeholder))
    };
    for placeholder in PLACEHOLDERS {
        assert!(has(placeholder), "{placeholder}");
    }
    for value in ["consumer", "domain", "redirect_url", "partner"] {
        for form in UrlEncoding::ALL {
            assert!(has(&format!("{value}:{form}")), "{value}:{form}");
        }
    }
    for domain in [
        None,
        Some("x&RedirectUrl=https://evil"),
        Some("+"),
        Some("%26"),
    ] {
        assert!(all(&|c| c.domain.as_deref() == domain));
    }
}

#[test]
fn the_url_is_written_without_growing() {
    // The reserved capacity is enough, so it is the only allocation.
    for case in cases() {
        let connection = case.connection();
        let parts = Parts::of(&connection, &case.redirect_url, case.now);
        let mut url = parts.unsigned();
        let room = url.capacity();
        push_signature(&mut url, case.signature_encoding, &[0xFF; 32]);
        if !case.name.starts_with("hostile") {
            assert_eq!(url.capacity(), room, "{}", case.name);
        }
    }
}

#[test]
fn an_empty_domain_is_left_out_altogether() {
    let connection = with(Some(String::new()), sample().settings.partner);
    let url = login_url(&connection, &callback(), Millis::from_secs(1)).unwrap();
    assert!(url.contains("?Consumer=RA_API&RedirectUrl="), "{url}");
}

fn with_key(form: KeyEncoding, text: &str) -> Connection {
    let mut connection = sample();
    connection.shared_key = Secret::new(text);
    connection.settings.dialect.key_encoding = form;
    connection
}

#[test]
fn a_keys_text_becomes_bytes_as_the_dialect_says() {
    for (form, text, bytes) in [
        (KeyEncoding::Utf8, "ñ ", "ñ ".as_bytes()),
        (
            KeyEncoding::Utf16Le,
            "ñ🔑",
            &[0xF1, 0, 0x3D, 0xD8, 0x11, 0xDD],
        ),
        (KeyEncoding::Hex, "00fFAb", &[0, 0xFF, 0xAB]),
        (KeyEncoding::Hex, " 00ff\n", &[0, 0xFF]),
        (KeyEncoding::Base64, "+/8=", &[0xFB, 0xFF]),
        (KeyEncoding::Base64, "-_8", &[0xFB, 0xFF]),
    ] {
        let key = key_bytes(text, form).unwrap();
        assert_eq!(key.as_slice(), bytes, "{form} {text:?}");
    }
}

#[test]
fn a_key_of_the_wrong_form_signs_nothing() {
    for (form, text) in [
        (KeyEncoding::Hex, "0"),
        (KeyEncoding::Hex, "zz"),
        (KeyEncoding::Hex, "００"),
        (KeyEncoding::Base64, "A"),
        (KeyEncoding::Base64, "A=A="),
        (KeyEncoding::Base64, "ñ"),
    ] {
        let refused = login_url(&with_key(form, text), &callback(), Millis(0));
        assert_eq!(refused, Err(SigningError::KeyEncoding(form)), "{text:?}");
    }
    for form in KeyEncoding::ALL {
        let refused = login_url(&with_key(*form, ""), &callback(), Millis(0));
        assert_eq!(refused, Err(SigningError::EmptyKey), "{form}");
    }
}

proptest! {
    #[test]
    fn a10_signed_bytes_are_sent_bytes_whatever_the_values(
        domain in proptest::option::of(any::<String>()),
        partner in "\\PC{1,40}",
        seconds in any::<i64>(),
    ) {
        let Ok(partner) = partner.parse::<Partner>() else {
            return Ok(());
        };
        let connection = with(domain.clone(), partner.clone());
        let signed = sign(&connection, &callback(), Millis(seconds)).unwrap();
        let (_, query) = signed.url.split_once('?').unwrap();
        let (sent, hmac) = query.rsplit_once("&hmac=").unwrap();
        prop_assert_eq!(sent, &signed.message);
        prop_assert_eq!(hmac, &signed.signature);
        prop_assert!(signed.url.bytes().all(|b| b.is_ascii_graphic()));
        // Parsed as a server would, every parameter is one unchanged value.
        let pairs: Vec<(String, String)> =
            url::form_urlencoded::parse(sent.as_bytes()).into_owned().collect();
        let mut expected = vec![("Consumer".to_owned(), CONSUMER.to_owned())];
        expected.extend(domain.filter(|d| !d.is_empty()).map(|d| ("Domain".to_owned(), d)));
        expected.push(("RedirectUrl".to_owned(), callback().to_string()));
        expected.push(("timestamp".to_owned(), signed.timestamp.to_string()));
        expected.push(("partner".to_owned(), partner.to_string()));
        prop_assert_eq!(pairs, expected);
    }

    #[test]
    fn every_template_that_can_be_read_signs(
        template in "([a-z{}:|]|\\{(consumer|domain:rfc3986|query|path|lf|timestamp)\\}){0,6}",
        domain in any::<String>(),
    ) {
        let mut connection = with(Some(domain), sample().settings.partner);
        if let Ok(message) = template.parse() {
            connection.settings.dialect.signed_message = message;
            prop_assert!(login_url(&connection, &callback(), Millis(0)).is_ok());
        }
    }
}
