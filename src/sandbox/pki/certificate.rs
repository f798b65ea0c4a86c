//! The certificate issued by `csr/finalize`.
//!
//! From the request it takes only the key and the checked subject; everything else is
//! decided here.

use std::time::Duration;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use data_encoding::HEXUPPER;
use x509_parser::prelude::{FromDer, X509Name};

use super::ca::{Ca, serial};
use super::hash::Hash;
use super::keys::public_key_info;
use super::{PkiError, der};
use rubrica_domain::millis::Millis;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// OIDs of the extensions.
const SUBJECT_KEY_ID: &[u64] = &[2, 5, 29, 14];
const ALTERNATIVE_NAMES: &[u64] = &[2, 5, 29, 17];
const KEY_USAGE: &[u64] = &[2, 5, 29, 15];
const BASIC_CONSTRAINTS: &[u64] = &[2, 5, 29, 19];
const AUTHORITY_KEY_ID: &[u64] = &[2, 5, 29, 35];
const EXTENDED_KEY_USAGE: &[u64] = &[2, 5, 29, 37];
const CLIENT_AUTH: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 2];
const EMAIL_PROTECTION: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 4];

#[derive(Debug)]
pub(crate) struct Issued {
    pub(crate) der: Vec<u8>,
    pub(crate) serial: [u8; 16],
    /// SHA-1 of the DER, upper-case hexadecimal.
    pub(crate) thumbprint: String,
}

/// From when until when a certificate is valid.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Validity {
    from: Millis,
    until: Millis,
}

impl Validity {
    /// From now on for so many days. With none or fewer it ended so many days ago,
    /// and began a year before.
    pub(crate) fn of_days(days: i64, now: Millis) -> Self {
        let span = DAY * u32::try_from(days.unsigned_abs()).unwrap_or(u32::MAX);
        if days > 0 {
            let until = now + span;
            return Self { from: now, until };
        }
        let until = now - span;
        let from = until - DAY * 365;
        Self { from, until }
    }
}

pub(crate) fn issue(
    ca: &Ca,
    subject_der: &[u8],
    public_key: &[u8],
    hash: Hash,
    validity: Validity,
) -> Result<Issued, PkiError> {
    let serial = serial().map_err(|_| PkiError("no random serial number"))?;
    let until = validity.until.min(ca.not_after());
    let validity = der::sequence(&[&der::time(validity.from), &der::time(until)]);
    let to_be_signed = der::sequence(&[
        &der::context(0, &der::unsigned(&[2])),
        &der::unsigned(&serial),
        &hash.algorithm(),
        ca.subject_der(),
        &validity,
        subject_der,
        &public_key_info(public_key),
        &der::context(3, &extensions(ca, public_key, subject_der)?),
    ]);
    let der = ca.key().signed(&to_be_signed, hash)?;
    Ok(Issued {
        thumbprint: HEXUPPER.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, &der).as_ref()),
        der,
        serial,
    })
}

fn extensions(ca: &Ca, public_key: &[u8], subject_der: &[u8]) -> Result<Vec<u8>, PkiError> {
    // RFC 7093, method 1: the first 160 bits of SHA-256 over the public key.
    let key_id: Vec<u8> = digest(&SHA256, public_key)
        .as_ref()
        .iter()
        .copied()
        .take(20)
        .collect();
    // digitalSignature, nonRepudiation and keyEncipherment are the first three bits.
    let usage = der::bits(&[0b1110_0000], 5);
    let extended = der::sequence(&[&der::oid(CLIENT_AUTH), &der::oid(EMAIL_PROTECTION)]);
    let authority = der::sequence(&[&der::element(0x80, ca.key_id())]);
    let names = alternative_names(subject_der)?;
    Ok(der::sequence(&[
        // In DER, an empty sequence means cA FALSE.
        &extension(BASIC_CONSTRAINTS, true, &der::sequence(&[])),
        &extension(KEY_USAGE, true, &usage),
        &extension(EXTENDED_KEY_USAGE, false, &extended),
        &extension(SUBJECT_KEY_ID, false, &der::octet_string(&key_id)),
        &extension(AUTHORITY_KEY_ID, false, &authority),
        &names,
    ]))
}

/// Each e-mail address of the subject, which has to stand here too (RFC 5280, 4.1.2.6);
/// nothing if there is none.
fn alternative_names(subject_der: &[u8]) -> Result<Vec<u8>, PkiError> {
    let (_, subject) =
        X509Name::from_der(subject_der).map_err(|_| PkiError("the subject is no name"))?;
    let mut names = Vec::new();
    for address in subject.iter_email() {
        // rfc822Name is [1] in GeneralName.
        names.extend(der::element(0x81, address.attr_value().data));
    }
    if names.is_empty() {
        return Ok(Vec::new());
    }
    Ok(extension(
        ALTERNATIVE_NAMES,
        false,
        &der::sequence(&[&names]),
    ))
}

fn extension(oid: &[u64], critical: bool, value: &[u8]) -> Vec<u8> {
    let oid = der::oid(oid);
    let value = der::octet_string(value);
    if critical {
        der::sequence(&[&oid, &der::yes(), &value])
    } else {
        der::sequence(&[&oid, &value])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::keys::{KeyLength, RsaKey};
    use crate::pki::name::Name;
    use std::collections::HashSet;

    #[test]
    fn serial_numbers_are_unique_positive_and_short_also_for_one_key() {
        let dir = tempfile::tempdir().unwrap();
        let now = Millis(1_800_000_000_000);
        let ca = Ca::load_or_make(dir.path(), now).unwrap();
        let key = RsaKey::make(KeyLength::Bits2048).unwrap();
        let mut serials = HashSet::new();
        for _ in 0..200 {
            let validity = Validity::of_days(730, now);
            let issued = issue(&ca, &[0x30, 0], key.public_key(), Hash::Sha256, validity).unwrap();
            assert!((0x40..0x80).contains(&issued.serial[0]));
            assert!(serials.insert(issued.serial));
        }
    }

    #[test]
    fn an_address_of_the_subject_stands_in_the_alternative_names_too() {
        let dir = tempfile::tempdir().unwrap();
        let now = Millis(1_800_000_000_000);
        let ca = Ca::load_or_make(dir.path(), now).unwrap();
        let key = RsaKey::make(KeyLength::Bits2048).unwrap();
        let names = |pairs: &[(&str, &str)]| {
            let mut subject = Name::default();
            for (attribute, value) in pairs {
                subject.push(attribute, value).unwrap();
            }
            let validity = Validity::of_days(730, now);
            let issued = issue(
                &ca,
                &subject.der(),
                key.public_key(),
                Hash::Sha256,
                validity,
            );
            let issued = issued.unwrap().der;
            let (_, read) = x509_parser::parse_x509_certificate(&issued).unwrap();
            let names = read.subject_alternative_name().unwrap();
            names.map(|names| format!("{:?}", names.value.general_names))
        };
        let ana = ("1.2.840.113549.1.9.1", "ana@example.org");
        assert_eq!(names(&[("CN", "ANA")]), None);
        assert_eq!(
            names(&[("CN", "ANA"), ana]).unwrap(),
            "[RFC822Name(\"ana@example.org\")]"
        );
    }

    #[test]
    fn a_ca_is_made_once_for_each_data_directory() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let now = Millis(1_800_000_000_000);
        let pem =
            |dir: &tempfile::TempDir| Ca::load_or_make(dir.path(), now).unwrap().pem().to_owned();
        let first = pem(&one);
        assert_eq!(pem(&one), first);
        assert_ne!(pem(&two), first);
    }
}
