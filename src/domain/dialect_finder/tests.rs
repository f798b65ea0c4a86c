//! Examples made by openssl and by a signer of the tests' own, all over the space.

mod mistakes;

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::connection::sample;
use crate::dialect::{KeyEncoding, SignatureEncoding, TimestampUnit};
use crate::redirect_url::RedirectUrl;
use crate::signing::sign;

const NOW: Millis = Millis::from_secs(1_764_000_000);

fn search(url: &str, key: &str) -> Findings {
    find(&LoginUrl::read(url).unwrap(), &Secret::new(key), NOW).unwrap()
}

/// What a connection has to know besides its dialect.
#[derive(Debug, Clone, Deserialize)]
struct Values {
    base_url: String,
    domain: Option<String>,
    partner: String,
    redirect_url: RedirectUrl,
    now: Millis,
}

/// What the portal signs and sends with a dialect that was found.
fn ours(found: &Found, values: &Values) -> (String, String) {
    let mut connection = sample();
    connection.shared_key = found.key.clone();
    connection.settings.dialect = found.dialect.clone();
    connection.settings.base_url = values.base_url.parse().unwrap();
    connection.settings.domain = values.domain.clone();
    connection.settings.partner = values.partner.parse().unwrap();
    let signed = sign(&connection, &values.redirect_url, values.now).unwrap();
    (signed.message, signed.url)
}

/// One case of `tests/vectors/make.sh`.
#[derive(Deserialize)]
struct Case {
    name: String,
    #[serde(flatten)]
    values: Values,
    shared_key: String,
    message: String,
    url: String,
}

fn vectors() -> Vec<Case> {
    serde_json::from_str(include_str!("../../../tests/vectors/login_urls.json")).unwrap()
}

#[test]
fn what_openssl_signed_is_found_and_signs_the_same_again() {
    let every = if cfg!(debug_assertions) { 16 } else { 1 };
    for case in vectors().into_iter().step_by(every) {
        let findings = search(&case.url, &case.shared_key);
        let name = &case.name;
        let Some(found) = findings.found.first() else {
            // A template of two separators is outside of the space.
            panic!("{name}: {findings:?}");
        };
        assert_eq!(found.message, case.message, "{name}");
        let (message, url) = ours(found, &case.values);
        assert_eq!((message, url), (case.message, case.url), "{name}");
    }
}

/// How somebody else's program signs.
#[derive(Debug, Clone)]
struct Program {
    /// Which of `Consumer Domain RedirectUrl timestamp partner`, in which order.
    order: Vec<usize>,
    separator: &'static str,
    name: fn(&str) -> String,
    joiner: &'static str,
    /// How the redirect URL and the other values are escaped in the message.
    escapes: (Option<UrlEncoding>, Option<UrlEncoding>),
    /// What is in front, made of base URL and path.
    front: &'static str,
    sent: UrlEncoding,
    signature: SignatureEncoding,
    unit: TimestampUnit,
    key: (KeyEncoding, &'static str),
}

/// Escapes on its own, unlike the code that is tested.
fn escaped(text: &str, encoding: UrlEncoding) -> String {
    let plain: &[u8] = match encoding {
        UrlEncoding::Rfc3986 => b"-._~",
        _ => b"-._!*()",
    };
    let byte = |byte: u8| match byte {
        _ if byte.is_ascii_alphanumeric() || plain.contains(&byte) => char::from(byte).to_string(),
        b' ' if encoding != UrlEncoding::Rfc3986 => "+".to_owned(),
        _ if encoding == UrlEncoding::DotnetLower => format!("%{byte:02x}"),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

impl Program {
    fn timestamp(&self, values: &Values) -> String {
        match self.unit {
            TimestampUnit::Seconds => (values.now.0 / 1000).to_string(),
            TimestampUnit::Milliseconds => values.now.0.to_string(),
        }
    }

    fn message(&self, values: &Values) -> String {
        let timestamp = self.timestamp(values);
        let domain = values.domain.clone().unwrap_or_default();
        let all = [
            ("Consumer", "RA_API"),
            ("Domain", &domain),
            ("RedirectUrl", values.redirect_url.as_str()),
            ("timestamp", &timestamp),
            ("partner", &values.partner),
        ];
        let written = |at: &usize| {
            let (name, value) = all[*at];
            let escape = if name == "RedirectUrl" {
                self.escapes.0
            } else {
                self.escapes.1
            };
            let value = escape.map_or_else(|| value.to_owned(), |escape| escaped(value, escape));
            format!("{}{}{value}", (self.name)(name), self.joiner)
        };
        let written: Vec<_> = self.order.iter().map(written).collect();
        let front = self
            .front
            .replace("BASE", &values.base_url)
            .replace("PATH", PATH);
        front + &written.join(self.separator)
    }

    fn key(&self) -> Vec<u8> {
        match self.key.0 {
            KeyEncoding::Utf8 => self.key.1.trim().into(),
            KeyEncoding::Utf16Le => self
                .key
                .1
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect(),
            KeyEncoding::Hex => HEXLOWER
                .decode(self.key.1.replace(' ', "").trim().as_bytes())
                .unwrap(),
            KeyEncoding::Base64 => BASE64.decode(self.key.1.trim().as_bytes()).unwrap(),
        }
    }

    fn url(&self, values: &Values) -> String {
        let mut query = "Consumer=RA_API".to_owned();
        if let Some(domain) = &values.domain {
            query += &format!("&Domain={}", escaped(domain, UrlEncoding::Rfc3986));
        }
        let redirect_url = escaped(values.redirect_url.as_str(), self.sent);
        let partner = escaped(&values.partner, UrlEncoding::Rfc3986);
        let timestamp = self.timestamp(values);
        query += &format!("&RedirectUrl={redirect_url}&timestamp={timestamp}&partner={partner}");
        let signature = signature(&self.key(), &self.message(values), self.signature);
        format!("{}{PATH}?{query}&hmac={signature}", values.base_url)
    }
}

const PATH: &str = "/authclient/auth/loginrequest";

fn signature(key: &[u8], message: &str, form: SignatureEncoding) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let tag = hmac::sign(&key, message.as_bytes());
    let text = match form {
        SignatureEncoding::HexLower => HEXLOWER.encode(tag.as_ref()),
        SignatureEncoding::HexUpper => HEXUPPER.encode(tag.as_ref()),
        SignatureEncoding::Base64 => BASE64.encode(tag.as_ref()),
        SignatureEncoding::Base64Url => BASE64URL_NOPAD.encode(tag.as_ref()),
    };
    escaped(&text, UrlEncoding::Rfc3986)
}

fn example() -> Values {
    Values {
        base_url: "https://redtrust.acme.example:8082".into(),
        domain: Some("corp é".into()),
        // Its escapes have letters, so that lower and upper case can be told apart.
        partner: "VENDOR + CO".into(),
        redirect_url: "https://vendor.example/~back/(1)".parse().unwrap(),
        now: NOW,
    }
}

/// One whose values need no escapes: the search is shorter.
fn simple() -> Values {
    Values {
        domain: Some("corp".into()),
        partner: "VENDOR".into(),
        redirect_url: "https://vendor.example/back".parse().unwrap(),
        ..example()
    }
}

/// Another connection, at another time.
fn another() -> Values {
    Values {
        base_url: "https://rt.other.example:8083".into(),
        domain: Some("øther +".into()),
        partner: "RUBRICA+".into(),
        redirect_url: "https://portal.example/callback/a~(b)".parse().unwrap(),
        now: Millis(1_800_000_000_123),
    }
}

fn escapes() -> impl Strategy<Value = (Option<UrlEncoding>, Option<UrlEncoding>)> {
    let encoding = proptest::sample::select(UrlEncoding::ALL);
    prop_oneof![
        Just((None, None)),
        encoding.clone().prop_map(|one| (Some(one), None)),
        encoding.clone().prop_map(|one| (Some(one), Some(one))),
        encoding.prop_map(|one| (Some(one), Some(UrlEncoding::Rfc3986))),
    ]
}

fn order() -> impl Strategy<Value = Vec<usize>> {
    proptest::sample::subsequence(vec![0, 1, 2, 3, 4], 1..=5)
        .prop_filter("without the timestamp", |order| order.contains(&3))
        .prop_shuffle()
}

/// Names with what is between them and the values.
type Names = (fn(&str) -> String, &'static str);

fn programs() -> impl Strategy<Value = Program> {
    let separators = [
        "", "&", "|", ";", ":", ",", ".", " ", "-", "_", "/", "\n", "#", "$",
    ];
    let names: Vec<Names> = vec![
        (|_| String::new(), ""),
        (str::to_owned, "="),
        (str::to_lowercase, "="),
    ];
    let keys = vec![
        (KeyEncoding::Utf8, "correct horse battery staple\n"),
        (KeyEncoding::Utf16Le, "clave·compartida·ñ"),
        (KeyEncoding::Hex, "00ff10a0 b1c2d3e4 f5061728 394a5b6c\r\n"),
        (
            KeyEncoding::Base64,
            " +/8A3q2+78r+ur7v/v3wDR4vM0RVZneImaq7zN3u/w== ",
        ),
    ];
    let message = (
        order(),
        proptest::sample::select(separators.to_vec()),
        proptest::sample::select(names),
        escapes(),
        proptest::sample::select(vec!["", "", "PATH?", "BASEPATH?"]),
    );
    let rest = (
        proptest::sample::select(UrlEncoding::ALL),
        proptest::sample::select(SignatureEncoding::ALL),
        proptest::sample::select(TimestampUnit::ALL),
        proptest::sample::select(keys),
    );
    (message, rest).prop_map(|(message, (sent, signature, unit, key))| {
        let (order, separator, (name, joiner), escapes, front) = message;
        Program {
            order,
            separator,
            name,
            joiner,
            escapes,
            front,
            sent,
            signature,
            unit,
            key,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 4 } else { 400 }))]

    #[test]
    fn whatever_a_program_signs_is_found_and_holds_for_other_values(program in programs()) {
        let findings = search(&program.url(&example()), program.key.1);
        let expected = program.message(&another());
        let signs_it = |found: &&Found| ours(found, &another()).0 == expected;
        let found = findings.found.iter().find(signs_it);
        prop_assert!(found.is_some(), "{:?} {expected:?} {findings:#?}", program.message(&example()));
        let dialect = &found.unwrap().dialect;
        prop_assert_eq!(dialect.signature_encoding, program.signature);
        prop_assert_eq!(dialect.timestamp_unit, program.unit);
        prop_assert_eq!(dialect.key_encoding, program.key.0);
        prop_assert_eq!(dialect.url_encoding, program.sent);
        prop_assert!(findings.tried > 100_000);
    }
}

/// The program of the examples below: the default dialect.
fn usual() -> Program {
    Program {
        order: vec![0, 1, 2, 3, 4],
        separator: "&",
        name: str::to_owned,
        joiner: "=",
        escapes: (Some(UrlEncoding::Rfc3986), Some(UrlEncoding::Rfc3986)),
        front: "",
        sent: UrlEncoding::Rfc3986,
        signature: SignatureEncoding::HexLower,
        unit: TimestampUnit::Seconds,
        key: (KeyEncoding::Utf8, "correct horse battery staple"),
    }
}

#[test]
fn the_default_dialect_is_found_as_such_and_nothing_is_odd() {
    let program = usual();
    let findings = search(&program.url(&example()), program.key.1);
    let found: Vec<_> = findings
        .found
        .iter()
        .map(|one| one.dialect.clone())
        .collect();
    assert_eq!(found, [Dialect::default()]);
    assert_eq!((findings.odd, findings.open), (vec![], vec![]));
    assert!(!findings.found[0].key_cleaned);
}

#[test]
fn what_the_example_cannot_tell_is_said() {
    let values = Values {
        domain: None,
        redirect_url: "https://vendor.example/back".parse().unwrap(),
        ..example()
    };
    let program = Program {
        separator: "|",
        joiner: "",
        name: |_| String::new(),
        order: vec![4, 3, 2],
        escapes: (Some(UrlEncoding::Rfc3986), None),
        ..usual()
    };
    let findings = search(&program.url(&values), program.key.1);
    let template = findings.found[0].dialect.signed_message.to_string();
    assert_eq!(template, "{partner}|{timestamp}|{redirect_url_encoded}");
    let escapes = vec![UrlEncoding::Rfc3986, UrlEncoding::DotnetUpper];
    assert_eq!(findings.open, [Open::UrlEncoding(escapes), Open::Domain]);
}

/// Run in a release build for the figure.
#[test]
fn the_whole_search_takes_less_than_two_seconds() {
    let url = usual().url(&example());
    // Hexadecimal digits are Base64 too: all four readings of the key.
    let key = "00ff10a0b1c2d3e4f5061728394a5b6c7d8e9fa0b1c2d3e4f5061728394a5b6c";
    let begun = std::time::Instant::now();
    let findings = search(&url, key);
    let took = begun.elapsed();
    eprintln!("{} signatures tried in {took:?}", findings.tried);
    assert!(findings.found.is_empty());
    assert!(
        cfg!(debug_assertions) || took.as_secs_f32() < 2.0,
        "{took:?}"
    );
}
