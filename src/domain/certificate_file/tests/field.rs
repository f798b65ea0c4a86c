//! Files as people have them: from public bug reports, and their relatives. The inputs are
//! in `tests/vectors/field`.

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};

use super::super::*;
use super::file;
use crate::certificate::Validity;

fn field(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/field/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

fn holders(file: &[u8]) -> Vec<String> {
    let read = read_certificates(file).unwrap_or_else(|why| panic!("{why}"));
    let in_full = |facts: &CertificateFacts| facts.holder().in_full().to_owned();
    read.iter().map(in_full).collect()
}

fn problem(file: &[u8]) -> FileProblem {
    read_certificates(file).unwrap_err()
}

/// The certificate that is read in every form below.
const HOLDER: &str = "María José O'Neill-Núñez";

fn pem() -> String {
    String::from_utf8(file("pem")).unwrap()
}

fn der() -> Vec<u8> {
    file("der")
}

#[test]
fn what_follows_the_first_object_is_ignored() {
    for name in [
        "a01_p7b_windows_zeros.p7b",
        "a02_der_trailing_zeros.cer",
        "a03_der_trailing_ff.cer",
    ] {
        assert!(!holders(&field(name)).is_empty(), "{name}");
    }
    for tail in [
        &b"\0\0\0\0"[..],
        b"\xFF\xFF",
        b"\x1A",
        b"\r\n--=_boundary--",
        &[0x30, 3, 1, 1, 0],
    ] {
        assert_eq!(holders(&[&der(), tail].concat()), [HOLDER], "{tail:?}");
        let p7b = [&file("p7b"), tail].concat();
        assert!(read_certificates(&p7b).is_ok(), "{tail:?}");
    }
}

#[test]
fn private_keys_are_found_wherever_they_hide() {
    for name in [
        "a28_pkcs12_label.pem",
        "a42_p12_zeros.pfx",
        "a46_keytool.jks",
    ] {
        assert_eq!(problem(&field(name)), FileProblem::PrivateKey, "{name}");
    }
    let keys = cases_with_keys();
    assert!(keys.len() >= 5, "{}", keys.len());
    for (name, key) in keys {
        let zeros: &[u8] = &[0; 4];
        for hidden in [
            [&key, zeros].concat(),
            [&der(), key.as_slice()].concat(),
            [&der(), zeros, &key].concat(),
            [pem().as_bytes(), b"\n", &key].concat(),
            [&key, b"\n".as_slice(), pem().as_bytes()].concat(),
        ] {
            let read = read_certificates(&hidden).map(|all| all.len());
            assert_eq!(read, Err(FileProblem::PrivateKey), "{name}");
        }
        let base64 = BASE64.encode(&key);
        for hidden in [
            format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n"),
            format!(
                "{}-----BEGIN DATA-----\n{base64}\n-----END DATA-----\n",
                pem()
            ),
            format!(
                "{{\"cert\":\"{}\",\"k\":\"{base64}\"}}",
                pem().replace('\n', "\\n")
            ),
            HEXUPPER.encode(&key),
        ] {
            assert_eq!(
                problem(hidden.as_bytes()),
                FileProblem::PrivateKey,
                "{name}"
            );
        }
    }
}

/// The vectors that are keys, by name.
fn cases_with_keys() -> Vec<(String, Vec<u8>)> {
    let keys = super::cases()
        .into_iter()
        .filter(|case| case.problem == "private_key");
    let bytes = |case: &super::Case| BASE64.decode(case.base64.as_bytes()).unwrap();
    let keys = keys.map(|case| (case.name.clone(), bytes(&case)));
    // One that has a certificate before the key is none by itself.
    keys.filter(|(name, _)| !name.contains("both.pem"))
        .collect()
}

#[test]
fn stores_of_keys_are_named_as_such_whatever_they_are_called() {
    for begin in [
        &[0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2][..],
        &[0xCE, 0xCE, 0xCE, 0xCE, 0, 0, 0, 2],
        &[0, 0, 0, 2, 0, 0, 0, 20],
        b"openssh-key-v1\0",
        b"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nx",
        b"-----BEGIN PGP PRIVATE KEY BLOCK-----\nx",
        b"-----BEGIN PFX-----\nTWFu\n-----END PFX-----",
        b"<RSAKeyValue><Modulus>x</Modulus><D>x</D></RSAKeyValue>",
        br#"{"kty":"RSA","n":"x","d":"x"}"#,
    ] {
        assert_eq!(problem(begin), FileProblem::PrivateKey, "{begin:?}");
    }
}

#[test]
fn what_the_bytes_are_decides_and_not_their_label() {
    for name in ["a05_pkcs7_signed_data_label.pem", "a06_x_509_label.pem"] {
        assert!(!holders(&field(name)).is_empty(), "{name}");
    }
    for label in [
        "CERTIFICATE CHAIN",
        "X.509 CERTIFICATE",
        "x509 certificate",
        "CERT",
        "PKCS #7 SIGNED DATA",
        "CERTIFICATE REQUEST",
        "PUBLIC KEY",
        "ANYTHING",
    ] {
        let text = pem().replace("CERTIFICATE", label);
        assert_eq!(holders(text.as_bytes()), [HOLDER], "{label}");
    }
}

/// The body of the certificate's PEM form, in lines.
fn body() -> String {
    let base64 = BASE64.encode(&der());
    let lines = base64.as_bytes().chunks(64);
    lines
        .map(|line| std::str::from_utf8(line).unwrap().to_owned() + "\n")
        .collect()
}

fn block(body: &str) -> String {
    format!("-----BEGIN CERTIFICATE-----\n{body}-----END CERTIFICATE-----\n")
}

/// Panics unless each of these texts is read as the one certificate.
fn assert_read(texts: &[(&str, String)]) {
    for (what, text) in texts {
        assert_eq!(
            read_certificates(text.as_bytes()).map(|all| all.len()),
            Ok(1),
            "{what}: {text}"
        );
        assert_eq!(holders(text.as_bytes()), [HOLDER], "{what}");
    }
}

#[test]
fn a_text_within_another_format_is_read() {
    let (pem, body, base64) = (pem(), body(), BASE64.encode(&der()));
    assert_read(&[
        ("escaped line ends", pem.replace('\n', "\\n")),
        (
            "JSON",
            format!("{{\"certificate\": \"{}\"}}", pem.replace('\n', "\\r\\n")),
        ),
        (
            "JSON of .NET",
            format!(
                "[\"{}\"]",
                base64.replace('+', "\\u002B").replace('/', "\\/")
            ),
        ),
        (
            "a JSON Web Key's chain",
            format!("{{\"kty\":\"RSA\",\"x5c\":[\"{base64}\"]}}"),
        ),
        (
            "YAML",
            format!(
                "tls:\n  crt: |\n    {}\n  other: yes\n",
                pem.replace('\n', "\n    ")
            ),
        ),
        (
            "bare in YAML",
            format!("crt: |\n    {}\nother: yes\n", body.replace('\n', "\n    ")),
        ),
        (
            "a cluster's configuration",
            format!(
                "certificate-authority-data: {}\n",
                BASE64.encode(pem.as_bytes())
            ),
        ),
    ]);
}

#[test]
fn a_text_that_went_through_mail_is_read() {
    let (pem, body) = (pem(), body());
    assert_read(&[
        (
            "invisible characters",
            block(&body.replace('\n', "\u{200B}\n")),
        ),
        ("no-break spaces", block(&body.replace('\n', "\u{A0}\n"))),
        (
            "a quotation",
            pem.lines().map(|line| format!("> {line}\r\n")).collect(),
        ),
        (
            "a quotation of one",
            pem.lines().map(|line| format!(">> > {line}\n")).collect(),
        ),
        (
            "headers",
            block(&format!("X-Note: by mail\nSubject: x, y\n\n{body}")),
        ),
        ("quoted-printable", block(&body.replace('=', "=3D"))),
        ("one line", pem.replace('\n', " ")),
    ]);
}

#[test]
fn a_text_in_another_coding_is_read() {
    let (pem, body, base64) = (pem(), body(), BASE64.encode(&der()));
    assert_read(&[
        (
            "escaped for a URL",
            pem.replace('+', "%2B")
                .replace('\n', "%0A")
                .replace(' ', "%20"),
        ),
        ("Base64url", block(&BASE64URL_NOPAD.encode(&der()))),
        ("bare Base64url", BASE64URL_NOPAD.encode(&der())),
        (
            "no padding",
            block(&format!("{}\n", base64.trim_end_matches('='))),
        ),
        (
            "a data URI",
            format!("data:application/x-x509-ca-cert;base64,{base64}"),
        ),
        (
            "an escaped data URI",
            format!(
                "data:application/pkix-cert;base64,{}",
                base64.replace('+', "%2B").replace('=', "%3D")
            ),
        ),
        (
            "XML",
            format!("<X509Data><X509Certificate>\n{body}</X509Certificate></X509Data>"),
        ),
        (
            "XML with a prefix",
            format!("<?xml version=\"1.0\"?><ds:X509Certificate>{base64}</ds:X509Certificate>"),
        ),
        ("hex", HEXLOWER.encode(&der())),
        ("hex with colons", pairs(":")),
        ("hex in lines", pairs(" ").replace("30 ", "30\n")),
        ("hex of C", format!("0x{}", pairs(", 0x"))),
        ("hex with backslashes", format!("\\x{}", pairs("\\x"))),
    ]);
}

/// The certificate in hexadecimal, with this between the bytes.
fn pairs(between: &str) -> String {
    let all: Vec<String> = der().iter().map(|byte| format!("{byte:02X}")).collect();
    all.join(between)
}

#[test]
fn utf_16_is_read_with_and_without_a_mark() {
    for (mark, big) in [(true, true), (true, false), (false, true), (false, false)] {
        let text = pem();
        let mark = if mark { "\u{FEFF}" } else { "" };
        let units = mark.encode_utf16().chain(text.encode_utf16());
        let bytes: Vec<u8> = units
            .flat_map(|unit| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect();
        assert_eq!(holders(&bytes), [HOLDER], "{mark:?} {big}");
    }
}

#[test]
fn a_certificate_that_is_broken_is_damaged_and_not_missing() {
    for name in ["b26_gen_no_z.cer", "b51_ber_indefinite.cer"] {
        let bytes = field(name);
        assert_eq!(problem(&bytes), FileProblem::Damaged, "{name}");
        let text = BASE64.encode(&bytes);
        assert_eq!(
            problem(text.as_bytes()),
            FileProblem::Damaged,
            "{name} in Base64"
        );
    }
    let cut = der().len() / 2;
    assert_eq!(problem(&der()[..cut]), FileProblem::Damaged);
    let half: String = pem().chars().take(500).collect();
    assert_eq!(problem(half.as_bytes()), FileProblem::Damaged);
    let unreadable = pem().replace('M', "*");
    assert_eq!(problem(unreadable.as_bytes()), FileProblem::Damaged);
    for none in [
        &b"hello"[..],
        b"%PDF-1.7 30 82",
        b"{\"a\": 1}",
        &[0x30, 3, 2, 1, 5],
    ] {
        assert_eq!(problem(none), FileProblem::NoCertificate, "{none:?}");
    }
}

#[test]
fn names_in_the_wrong_type_of_string_are_read_and_hidden_characters_are_shown() {
    for (name, holder) in [
        ("b01_printable_accent_latin1.cer", "MARÍA NÚÑEZ PRUEBA"),
        ("b03_utf8_latin1_bytes.cer", "MARÍA NÚÑEZ PRUEBA"),
        ("b11_empty_subject.cer", ""),
    ] {
        assert_eq!(holders(&field(name)), [holder], "{name}");
    }
    let [bidi] = &holders(&field("b45_bidi_cn.cer"))[..] else {
        panic!("not one")
    };
    assert!(bidi.contains("[U+202E]"), "{bidi:?}");
    let read = read_certificates(&field("b45_bidi_cn.cer")).unwrap();
    let preview = read[0].subject.preview();
    assert!(
        !preview.contains('\u{202E}') && preview.contains("\\E2\\80\\AE"),
        "{preview:?}"
    );
}

#[test]
fn the_last_second_of_the_year_9999_is_no_expiry_date() {
    let read = read_certificates(&field("b20_year_9999.cer")).unwrap();
    assert!(Validity::Exact(read[0].not_after).is_endless());
}
