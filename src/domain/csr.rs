//! Reads certificate requests.

use data_encoding::{BASE64, HEXLOWER};
use x509_parser::asn1_rs::Tag;
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::prelude::{AttributeTypeAndValue, FromDer as _, SubjectPublicKeyInfo, X509Name};
use x509_parser::public_key::PublicKey;

use super::digest::sha256;
use super::distinguished_name::Subject;
use super::key_spec::KeySpec;
use super::pem::to_pem;

/// The longest text that is parsed, in bytes.
const MAX_LENGTH: usize = 64 * 1024;

/// The label of a request's PEM block; older programs say `NEW CERTIFICATE REQUEST`.
const PEM_LABEL: &str = "CERTIFICATE REQUEST";

/// Why a text is not a readable request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CsrError {
    /// It is empty.
    #[error("the request is empty")]
    Empty,
    /// Far longer than any request.
    #[error("the request is too long")]
    TooLong,
    /// Neither PEM nor Base64.
    #[error("the request is neither PEM nor Base64")]
    NotBase64,
    /// The bytes are not a PKCS#10 request.
    #[error("the request is not a PKCS#10 one")]
    NotACsr,
}

/// The relevant facts of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsrFacts {
    /// The length of its RSA modulus; `None` for a key of another type.
    pub rsa_bits: Option<u32>,
    /// SHA-256 of its SubjectPublicKeyInfo (DER), lower-case hex: the same for
    /// every certificate made for this key.
    pub public_key_sha256: String,
    /// Its subject.
    pub subject: Subject,
}

impl CsrFacts {
    /// Whether the key has the requested type and length.
    pub fn has_key(&self, spec: &KeySpec) -> bool {
        self.rsa_bits == Some(spec.length.bits())
    }
}

impl From<&X509Name<'_>> for Subject {
    fn from(name: &X509Name<'_>) -> Self {
        Self::new(
            name.iter_attributes()
                .map(|attribute| (attribute.attr_type().to_id_string(), value_of(attribute)))
                .collect(),
        )
    }
}

/// Reads a request, as PEM or as bare Base64 of its DER form, ignoring blanks.
/// Does not check its signature: it comes from the server that made the key.
///
/// # Errors
/// [`CsrError`] if it cannot be read.
pub fn read_csr(text: &str) -> Result<CsrFacts, CsrError> {
    let der = csr_der(text)?;
    let (rest, csr) = X509CertificationRequest::from_der(&der).map_err(|_| CsrError::NotACsr)?;
    if !rest.is_empty() {
        return Err(CsrError::NotACsr);
    }
    let info = &csr.certification_request_info;
    Ok(CsrFacts {
        rsa_bits: rsa_bits(&info.subject_pki),
        public_key_sha256: public_key_sha256(&info.subject_pki),
        subject: Subject::from(&info.subject),
    })
}

/// The request as a PEM file, from either form; `None` if it is not a request.
pub fn csr_to_pem(text: &str) -> Option<String> {
    read_csr(text).ok()?;
    Some(to_pem(PEM_LABEL, &csr_der(text).ok()?))
}

/// SHA-256 of a SubjectPublicKeyInfo (DER), lower-case hex.
pub fn public_key_sha256(key: &SubjectPublicKeyInfo<'_>) -> String {
    HEXLOWER.encode(&sha256(key.raw))
}

fn csr_der(text: &str) -> Result<Vec<u8>, CsrError> {
    if text.len() > MAX_LENGTH {
        return Err(CsrError::TooLong);
    }
    let body: String = pem_body(text)?
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    if body.is_empty() {
        return Err(CsrError::Empty);
    }
    BASE64
        .decode(body.as_bytes())
        .map_err(|_| CsrError::NotBase64)
}

/// The text between the PEM lines, or the whole text if there are none.
fn pem_body(text: &str) -> Result<&str, CsrError> {
    let Some((_, block)) = text.split_once("-----BEGIN ") else {
        return Ok(text);
    };
    let (label, after) = block.split_once("-----").ok_or(CsrError::NotBase64)?;
    if label.strip_prefix("NEW ").unwrap_or(label) != PEM_LABEL {
        return Err(CsrError::NotACsr);
    }
    let (body, _) = after.split_once("-----END ").ok_or(CsrError::NotBase64)?;
    Ok(body)
}

fn rsa_bits(key: &SubjectPublicKeyInfo<'_>) -> Option<u32> {
    let Ok(PublicKey::RSA(rsa)) = key.parsed() else {
        return None;
    };
    let mut digits = rsa.modulus.iter().skip_while(|byte| **byte == 0);
    let first = digits.next()?;
    let rest = u32::try_from(digits.count()).ok()?;
    rest.checked_mul(8)?.checked_add(8 - first.leading_zeros())
}

/// An attribute's value as text, from any of the string types; `#` and hex
/// digits for other types.
fn value_of(attribute: &AttributeTypeAndValue<'_>) -> String {
    let bytes = attribute.attr_value().data;
    let text = match attribute.attr_value().tag() {
        Tag::BmpString => {
            let units = bytes.chunks(2).map(|pair| match pair {
                [high, low] => u16::from_be_bytes([*high, *low]),
                _ => 0xFFFF,
            });
            char::decode_utf16(units)
                .collect::<Result<String, _>>()
                .ok()
        }
        Tag::UniversalString => bytes
            .chunks(4)
            .map(|unit| char::from_u32(u32::from_be_bytes(unit.try_into().ok()?)))
            .collect(),
        // In practice Latin-1, although the standard says otherwise.
        Tag::TeletexString => Some(bytes.iter().copied().map(char::from).collect()),
        tag if is_text(tag) => Some(of_text(bytes)),
        _ => attribute.as_str().ok().map(ToOwned::to_owned),
    };
    text.unwrap_or_else(|| format!("#{}", HEXLOWER.encode(bytes)))
}

const fn is_text(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Utf8String
            | Tag::PrintableString
            | Tag::Ia5String
            | Tag::NumericString
            | Tag::VisibleString
    )
}

/// UTF-8, whichever of the types it has been given; what is none was written as Latin-1.
fn of_text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;
    use crate::distinguished_name::{Attribute, DistinguishedName};
    use crate::key_spec::KeyLength;

    /// One request of `tests/vectors/make_csr.sh`.
    #[derive(Deserialize)]
    struct Case {
        name: String,
        rsa_bits: Option<u32>,
        public_key_sha256: String,
        pem: String,
    }

    fn cases() -> Vec<Case> {
        serde_json::from_str(include_str!("../../tests/vectors/csr.json")).unwrap()
    }

    fn pem(name: &str) -> String {
        cases()
            .into_iter()
            .find(|case| case.name == name)
            .unwrap()
            .pem
    }

    /// The Base64 between the PEM lines, still broken into lines.
    fn bare(pem: &str) -> &str {
        pem_body(pem).unwrap()
    }

    #[test]
    fn requests_are_read_as_openssl_reads_them() {
        for case in cases() {
            let facts = read_csr(&case.pem).unwrap();
            assert_eq!(facts.rsa_bits, case.rsa_bits, "{}", case.name);
            assert_eq!(
                facts.public_key_sha256, case.public_key_sha256,
                "{}",
                case.name
            );
        }
    }

    #[test]
    fn pem_and_bare_base64_are_the_same_request() {
        let pem = pem("rsa2048");
        let facts = read_csr(&pem);
        let one_line: String = bare(&pem).split_whitespace().collect();
        for form in [
            bare(&pem).to_owned(),
            one_line,
            pem.replace('\n', "\r\n"),
            format!("\n  {pem}\n\n"),
            format!("Subject: CN = x\n{pem}"),
            pem.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"),
        ] {
            assert_eq!(read_csr(&form), facts, "{form}");
        }
    }

    #[test]
    fn the_key_is_compared_with_the_one_asked_for() {
        let asked = |length| KeySpec {
            length,
            ..KeySpec::default()
        };
        let facts = read_csr(&pem("rsa2048")).unwrap();
        assert!(facts.has_key(&asked(KeyLength::Rsa2048)));
        assert!(!facts.has_key(&asked(KeyLength::Rsa3072)));
        assert!(!read_csr(&pem("p256")).unwrap().has_key(&KeySpec::default()));
    }

    #[test]
    fn the_subject_is_read_in_every_string_type() {
        let asked = |attributes: &[(&str, &str)]| {
            DistinguishedName::new(
                attributes
                    .iter()
                    .map(|(attribute, value)| Attribute::new(*attribute, *value))
                    .collect(),
            )
        };
        let utf8 = read_csr(&pem("rsa2048")).unwrap().subject;
        assert!(
            asked(&[
                ("cn", "María José O'Neill-Núñez"),
                ("givenName", "María José"),
                ("surname", "O'Neill-Núñez"),
                ("serialNumber", "IDCES-12345678Z"),
                ("c", "ES"),
            ])
            .matches(&utf8)
        );
        let bmp = read_csr(&pem("bmp")).unwrap().subject;
        let name = [
            ("cn", "Ελένη Ω"),
            ("organizationIdentifier", "VATES-A58818501"),
        ];
        assert!(asked(&name).matches(&bmp));
        assert_eq!(bmp.values("2.5.4.11").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(bmp.attributes().len(), 4);
    }

    #[test]
    fn a_request_is_saved_as_pem_whichever_way_it_came() {
        let pem = pem("rsa2048");
        assert_eq!(csr_to_pem(&pem).as_deref(), Some(pem.as_str()));
        assert_eq!(csr_to_pem(bare(&pem)).as_deref(), Some(pem.as_str()));
        assert_eq!(csr_to_pem("bm90IGEgQ1NS"), None);
    }

    #[test]
    fn what_is_no_request_is_refused_by_name() {
        let good = pem("rsa2048");
        let der = BASE64
            .decode(bare(&good).replace('\n', "").as_bytes())
            .unwrap();
        let trailing = BASE64.encode(&[der.as_slice(), b"x"].concat());
        let cut = BASE64.encode(&der[..der.len() - 1]);
        for (text, why) in [
            ("", CsrError::Empty),
            (" \n", CsrError::Empty),
            ("¿?", CsrError::NotBase64),
            ("bm90IGEgQ1NS", CsrError::NotACsr),
            (trailing.as_str(), CsrError::NotACsr),
            (cut.as_str(), CsrError::NotACsr),
            (
                "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----",
                CsrError::NotACsr,
            ),
            (
                "-----BEGIN CERTIFICATE REQUEST-----\nMIIB",
                CsrError::NotBase64,
            ),
            ("A".repeat(64 * 1024 + 1).as_str(), CsrError::TooLong),
        ] {
            assert_eq!(read_csr(text), Err(why), "{text:.80}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in any::<String>()) {
            let _ = read_csr(&text);
        }

        #[test]
        fn no_damage_makes_the_reader_panic(at in 0_usize..2_000, byte in any::<u8>()) {
            let mut der = BASE64.decode(bare(&pem("bmp")).replace('\n', "").as_bytes()).unwrap();
            let at = at % der.len();
            der[at] = byte;
            let _ = read_csr(&BASE64.encode(&der));
        }
    }
}
