//! What must hold for any text or file that becomes a value of the domain.

use crate::domain::certificate_file::{MOST, read_certificates};
use crate::domain::csr::{csr_to_pem, read_csr};
use crate::domain::distinguished_name::{Attribute, DistinguishedName, Subject};
use crate::domain::login_url::{LoginUrl, ParameterName};
use crate::domain::thumbprint::Thumbprint;

/// A login URL as somebody pastes it for the finder.
pub fn login_url(bytes: &[u8]) {
    let Ok(url) = LoginUrl::read(&String::from_utf8_lossy(bytes)) else {
        return;
    };
    assert!(!url.parameters.is_empty());
    let without = url.query_without_signature();
    assert!(without.starts_with(&url.query_before_signature()));
    let names = without.split('&').filter_map(|pair| pair.split('=').next());
    for name in names {
        assert!(!name.eq_ignore_ascii_case(ParameterName::Hmac.as_str()));
    }
    let whole = format!("{}{}{without}", url.base_url, url.path);
    assert!(!whole.contains(['\n', '\u{200B}']), "{whole:?}");
}

/// Short names, an OID without one, and OIDs of the form that files have.
const NAMES: [&str; 5] = ["cn", "O", "2.5.4.97", "1.2.3.4", "OID.2.5.4.6"];

/// Values of a name, between NULs: what people see of it reads back as the same values,
/// so none can forge another attribute; and the name matches itself.
pub fn distinguished_name(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let values: Vec<&str> = text.split('\0').collect();
    let named = || values.iter().zip(NAMES.iter().cycle());
    let attributes = named().map(|(value, name)| Attribute::new(*name, *value));
    let name = DistinguishedName::new(attributes.collect());
    let preview = name.preview();
    assert_eq!(read_back(&preview), values, "{preview:?}");
    let subject = name.attributes().iter().filter_map(|attribute| {
        let oid = attribute.oid()?.to_owned();
        Some((oid, attribute.value.clone()))
    });
    let subject = Subject::new(subject.collect());
    assert_eq!(subject.attributes().len(), values.len());
    assert!(name.matches(&subject));
}

/// The values of a name written as in RFC 4514.
fn read_back(preview: &str) -> Vec<String> {
    let (mut values, mut value, mut in_value) = (Vec::new(), Vec::new(), false);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut left = preview.bytes();
    while let Some(byte) = left.next() {
        match byte {
            b'=' if !in_value => in_value = true,
            _ if !in_value => {}
            b'\\' => value.extend(escaped(&mut left)),
            b',' => {
                values.push(text(&value));
                value.clear();
                in_value = false;
            }
            other => value.push(other),
        }
    }
    values.push(text(&value));
    values
}

/// What stands behind a backslash: a sign, or a byte as two digits.
fn escaped(left: &mut std::str::Bytes<'_>) -> Option<u8> {
    let first = left.next()?;
    let Some(high) = char::from(first).to_digit(16) else {
        return Some(first);
    };
    let low = char::from(left.next()?).to_digit(16)?;
    u8::try_from(high * 16 + low).ok()
}

/// A thumbprint as somebody types or pastes it.
pub fn thumbprint(bytes: &[u8]) {
    let Ok(thumbprint) = String::from_utf8_lossy(bytes).parse::<Thumbprint>() else {
        return;
    };
    let digits = thumbprint.as_str();
    assert!(matches!(digits.len(), 40 | 64), "{digits}");
    assert!(
        digits
            .bytes()
            .all(|digit| b"0123456789ABCDEF".contains(&digit))
    );
    assert_eq!(digits.parse().as_ref(), Ok(&thumbprint));
    assert_eq!(thumbprint.grouped().parse().as_ref(), Ok(&thumbprint));
}

/// A file with certificates or a request, in DER, PEM or PKCS#7: each certificate taken
/// from it reads the same alone, and each request the same as a PEM file.
pub fn certificate_file(bytes: &[u8]) {
    if let Ok(found) = read_certificates(bytes) {
        assert!((1..=MOST).contains(&found.len()));
        for one in &found {
            assert!(one.holder().in_full().chars().count() <= 255);
            let alone = read_certificates(&one.der);
            assert_eq!(alone.as_deref(), Ok(std::slice::from_ref(one)));
        }
    }
    let text = String::from_utf8_lossy(bytes);
    if let Ok(request) = read_csr(&text) {
        let pem = csr_to_pem(&text).unwrap_or_default();
        assert_eq!(read_csr(&pem), Ok(request));
    }
}
