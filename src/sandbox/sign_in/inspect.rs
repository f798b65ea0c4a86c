//! Says what is right and wrong about a login URL that a program made. When the
//! signature is wrong, it tries the usual mistakes, and the fewest that explain it are
//! told. Other ways to sign are for `rubrica find-dialect`.

use aws_lc_rs::hmac::{self as mac, HMAC_SHA256};

use super::hmac::{encoded, escaped, is_right, key_bytes, message};
use super::query::LoginQuery;
use rubrica_domain::dialect::{
    Dialect, KeyEncoding, SignatureEncoding, SignedMessage, UrlEncoding,
};

/// A mistake in what was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mistake {
    Message,
    Escaping,
    TimestampUnit,
    Partner,
    KeyEncoding,
    KeyBlank,
    KeyCase,
    KeyCut,
    SignatureForm,
}

/// The signature of a login URL, and what this server expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signature {
    pub(crate) message: String,
    pub(crate) expected: String,
    pub(crate) is_right: bool,
    /// If it is wrong: the fewest mistakes that explain it, and what must have been
    /// signed. `None` if no usual mistake does.
    pub(crate) explained: Option<(Vec<Mistake>, String)>,
}

/// Messages that programs sign.
const MESSAGES: [&str; 12] = [
    "query",
    "{path}?{query}",
    "{base_url}{path}?{query}",
    "Consumer={consumer}&Domain={domain}&RedirectUrl={redirect_url}&timestamp={timestamp}&partner={partner}",
    "Consumer={consumer}&RedirectUrl={redirect_url}&timestamp={timestamp}&partner={partner}",
    "{consumer}{domain}{redirect_url}{timestamp}{partner}",
    "{consumer}{redirect_url}{timestamp}{partner}",
    "{consumer}|{domain}|{redirect_url}|{timestamp}|{partner}",
    "{partner}{timestamp}{redirect_url}",
    "{partner}{timestamp}",
    "{timestamp}{partner}",
    "{redirect_url}{timestamp}",
];

/// Compares the signature with the one that is due. `base_url` is the scheme, host and
/// port that the URL names.
pub(crate) fn signature(
    query: &LoginQuery,
    dialect: &Dialect,
    base_url: &str,
    key: &str,
) -> Option<Signature> {
    let bytes = key_bytes(key, dialect.key_encoding)?;
    let due = message(query, dialect, base_url);
    let tag = mac::sign(&mac::Key::new(HMAC_SHA256, &bytes), due.as_bytes());
    let is_right = is_right(query, dialect, base_url, &bytes);
    Some(Signature {
        expected: encoded(tag.as_ref(), dialect.signature_encoding),
        message: due,
        is_right,
        explained: match is_right {
            true => None,
            false => explain(query, dialect, base_url, key),
        },
    })
}

fn explain(
    query: &LoginQuery,
    dialect: &Dialect,
    base_url: &str,
    key: &str,
) -> Option<(Vec<Mistake>, String)> {
    let keys = keys(key, dialect.key_encoding);
    let mut best: Option<(Vec<Mistake>, String)> = None;
    for (signed, by_message) in messages(query, dialect, base_url) {
        for (bytes, by_key) in &keys {
            let tag = mac::sign(&mac::Key::new(HMAC_SHA256, bytes), signed.as_bytes());
            let Some(by_form) = form(tag.as_ref(), &query.hmac.text, dialect) else {
                continue;
            };
            let mistakes = [by_message.as_slice(), by_key, &by_form].concat();
            if best
                .as_ref()
                .is_none_or(|(fewest, _)| mistakes.len() < fewest.len())
            {
                best = Some((mistakes, signed.clone()));
            }
        }
    }
    best
}

/// The mistake in the text form, if this is the signature at all.
fn form(tag: &[u8], given: &str, dialect: &Dialect) -> Option<Vec<Mistake>> {
    let form = SignatureEncoding::ALL
        .iter()
        .find(|form| encoded(tag, **form) == given)?;
    Some(match *form == dialect.signature_encoding {
        true => Vec::new(),
        false => vec![Mistake::SignatureForm],
    })
}

/// Every message that may have been signed, with the mistakes in it.
fn messages(query: &LoginQuery, dialect: &Dialect, base_url: &str) -> Vec<(String, Vec<Mistake>)> {
    let mut found = Vec::new();
    let others = MESSAGES
        .iter()
        .filter_map(|text| text.parse::<SignedMessage>().ok());
    let forms = std::iter::once(dialect.signed_message.clone()).chain(others);
    for signed_message in forms {
        for url_encoding in UrlEncoding::ALL {
            let signed = Dialect {
                signed_message: signed_message.clone(),
                url_encoding: *url_encoding,
                ..dialect.clone()
            };
            for (query, mistakes) in queries(query) {
                let mut mistakes = mistakes;
                if signed.signed_message != dialect.signed_message {
                    mistakes.push(Mistake::Message);
                }
                if signed.url_encoding != dialect.url_encoding {
                    mistakes.push(Mistake::Escaping);
                }
                found.push((message(&query, &signed, base_url), mistakes));
            }
        }
    }
    found
}

/// The request as it was sent and as it may have been signed.
fn queries(query: &LoginQuery) -> Vec<(LoginQuery, Vec<Mistake>)> {
    let mut found = vec![(query.clone(), Vec::new())];
    let time = &query.timestamp.text;
    let other_time = match time.len() {
        13 => time.get(..10).map(ToOwned::to_owned),
        10 => Some(format!("{time}000")),
        _ => None,
    };
    if let Some(time) = other_time {
        found.push((
            changed(query, "timestamp", &time),
            vec![Mistake::TimestampUnit],
        ));
    }
    let partner = &query.partner.text;
    for other in [partner.to_uppercase(), partner.to_lowercase()] {
        if other != *partner {
            found.push((changed(query, "partner", &other), vec![Mistake::Partner]));
        }
    }
    found
}

fn changed(query: &LoginQuery, name: &str, text: &str) -> LoginQuery {
    let mut other = query.clone();
    let value = match name {
        "timestamp" => &mut other.timestamp,
        _ => &mut other.partner,
    };
    let (before, after) = (value.raw.clone(), escaped(text, UrlEncoding::Rfc3986));
    other.signed_part =
        query
            .signed_part
            .replacen(&format!("&{name}={before}"), &format!("&{name}={after}"), 1);
    value.raw = after;
    value.text = text.to_owned();
    other
}

/// Every key that may have signed, with the mistakes in it.
fn keys(key: &str, encoding: KeyEncoding) -> Vec<(Vec<u8>, Vec<Mistake>)> {
    let mut texts = vec![(key.to_owned(), None)];
    for blank in ["\n", "\r\n", " "] {
        texts.push((format!("{key}{blank}"), Some(Mistake::KeyBlank)));
        texts.push((format!("{blank}{key}"), Some(Mistake::KeyBlank)));
    }
    for other in [key.to_uppercase(), key.to_lowercase()] {
        if other != key {
            texts.push((other, Some(Mistake::KeyCase)));
        }
    }
    // A key of fewer than four characters would be no key any more.
    for (at, _) in key.char_indices().skip(4) {
        let (begin, end) = key.split_at(at);
        texts.push((begin.to_owned(), Some(Mistake::KeyCut)));
        texts.push((end.to_owned(), Some(Mistake::KeyCut)));
    }
    let mut found = Vec::new();
    for (text, mistake) in &texts {
        for other in KeyEncoding::ALL {
            let mut mistakes = Vec::from_iter(*mistake);
            if *other != encoding {
                mistakes.push(Mistake::KeyEncoding);
            }
            found.extend(key_bytes(text, *other).map(|bytes| (bytes, mistakes)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "00ff10a0b1c2d3e4f5061728394a5b6c";
    const HERE: &str = "http://127.0.0.1:8082";

    /// What a program sends that signs `signed` under `key`.
    fn sent(signed: &str, key: &[u8], form: SignatureEncoding) -> LoginQuery {
        let tag = mac::sign(&mac::Key::new(HMAC_SHA256, key), signed.as_bytes());
        let hmac = escaped(&encoded(tag.as_ref(), form), UrlEncoding::Rfc3986);
        LoginQuery::parse(&format!("{QUERY}&hmac={hmac}")).unwrap()
    }

    const QUERY: &str =
        "Consumer=RA_API&RedirectUrl=https%3A%2F%2Fp.example%2Fc&timestamp=1764000000&partner=ACME";

    fn mistakes(query: &LoginQuery) -> Option<Vec<Mistake>> {
        let found = signature(query, &Dialect::default(), HERE, KEY).unwrap();
        assert!(!found.is_right);
        assert_eq!(found.message, QUERY);
        found.explained.map(|(mistakes, _)| mistakes)
    }

    #[test]
    fn each_mistake_is_named_by_itself() {
        let hex = SignatureEncoding::HexLower;
        let bytes = key_bytes(KEY, KeyEncoding::Hex).unwrap();
        let wide = key_bytes(KEY, KeyEncoding::Utf16Le).unwrap();
        let blank = format!("{KEY}\n");
        let upper = KEY.to_uppercase();
        let key = KEY.as_bytes();
        for (query, mistake) in [
            (sent("ACME1764000000", key, hex), Mistake::Message),
            (
                sent(
                    &QUERY
                        .replace("%3A%2F%2F", "%3a%2f%2f")
                        .replace("%2F", "%2f"),
                    key,
                    hex,
                ),
                Mistake::Escaping,
            ),
            (
                sent(&QUERY.replace("1764000000", "1764000000000"), key, hex),
                Mistake::TimestampUnit,
            ),
            (
                sent(&QUERY.replace("ACME", "acme"), key, hex),
                Mistake::Partner,
            ),
            (sent(QUERY, &bytes, hex), Mistake::KeyEncoding),
            (sent(QUERY, &wide, hex), Mistake::KeyEncoding),
            (sent(QUERY, blank.as_bytes(), hex), Mistake::KeyBlank),
            (sent(QUERY, upper.as_bytes(), hex), Mistake::KeyCase),
            (sent(QUERY, &key[..30], hex), Mistake::KeyCut),
            (
                sent(QUERY, key, SignatureEncoding::Base64),
                Mistake::SignatureForm,
            ),
        ] {
            assert_eq!(mistakes(&query), Some(vec![mistake]), "{query:?}");
        }
    }

    #[test]
    fn two_mistakes_are_both_named_and_a_foreign_key_is_not_explained() {
        let bytes = key_bytes(KEY, KeyEncoding::Hex).unwrap();
        let two = sent("ACME1764000000", &bytes, SignatureEncoding::Base64Url);
        let both = vec![
            Mistake::Message,
            Mistake::KeyEncoding,
            Mistake::SignatureForm,
        ];
        assert_eq!(mistakes(&two), Some(both));
        let foreign = sent(QUERY, b"another key", SignatureEncoding::HexLower);
        assert_eq!(mistakes(&foreign), None);
    }

    #[test]
    fn a_right_signature_needs_no_explanation() {
        let query = sent(QUERY, KEY.as_bytes(), SignatureEncoding::HexLower);
        let found = signature(&query, &Dialect::default(), HERE, KEY).unwrap();
        assert!(found.is_right && found.explained.is_none());
        assert_eq!(found.expected, query.hmac.text);
    }
}
