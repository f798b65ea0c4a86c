//! The sandbox's own CA, created once for each data directory.

use std::io;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, DnValue, IsCa, KeyPair,
    KeyUsagePurpose, PKCS_RSA_SHA384, SerialNumber, date_time_ymd,
};
use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::{FromDer, Pem, X509Certificate};

use super::keys::{KeyLength, RsaKey, pem};
use crate::error::SandboxError;
use crate::secrets;
use rubrica_domain::millis::Millis;

/// Long enough to outlive the certificates it issues.
const YEARS: i16 = 20;

/// The CA's key and certificate.
pub(crate) struct Ca {
    key: RsaKey,
    pem: String,
    subject_der: Vec<u8>,
    key_id: Vec<u8>,
    not_after: Millis,
}

impl Ca {
    /// Reads the CA of this data directory, or creates one, which takes as long as
    /// making an RSA key.
    pub(crate) fn load_or_make(data_dir: &Path, now: Millis) -> Result<Self, SandboxError> {
        let key = secrets::load_or_make(&data_dir.join("ca.key"), || {
            RsaKey::make(KeyLength::Bits3072)
                .and_then(|key| key.pkcs8())
                .map(|der| pem("PRIVATE KEY", &der))
                .map_err(std::io::Error::other)
        })?;
        let key_der = pem_content(&key)?;
        let path = data_dir.join("ca.pem");
        let certificate = secrets::load_or_make(&path, || {
            self_signed(&key_der, now).map_err(std::io::Error::other)
        })?;
        let certificate_der = pem_content(&certificate)?;
        let (_, parsed) = X509Certificate::from_der(&certificate_der).map_err(|_| damaged())?;
        Ok(Self {
            key: RsaKey::from_pkcs8(&key_der).map_err(|_| damaged())?,
            subject_der: parsed.subject().as_raw().to_vec(),
            key_id: key_id(&parsed).ok_or_else(damaged)?,
            not_after: Millis::from_secs(parsed.validity().not_after.timestamp()),
            pem: certificate + "\n",
        })
    }

    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    pub(super) fn key(&self) -> &RsaKey {
        &self.key
    }

    /// The CA's Name as DER, byte for byte as in its certificate.
    pub(super) fn subject_der(&self) -> &[u8] {
        &self.subject_der
    }

    /// The subject key identifier of its certificate.
    pub(super) fn key_id(&self) -> &[u8] {
        &self.key_id
    }

    /// When its certificate expires; no issued certificate lasts longer.
    pub(super) fn not_after(&self) -> Millis {
        self.not_after
    }
}

fn self_signed(key_der: &[u8], now: Millis) -> Result<String, rcgen::Error> {
    let key = KeyPair::from_pkcs8_der_and_sign_algo(&key_der.into(), &PKCS_RSA_SHA384)?;
    let mut name = DistinguishedName::new();
    name.push(
        DnType::CountryName,
        DnValue::PrintableString("ES".try_into()?),
    );
    name.push(DnType::OrganizationName, "rubrica sandbox");
    name.push(DnType::CommonName, "rubrica sandbox CA, for tests only");
    let mut params = CertificateParams::default();
    params.distinguished_name = name;
    // Valid from yesterday, so that clients with a slow clock accept it.
    params.not_before = day(now - Duration::from_secs(24 * 3600), 0);
    params.not_after = day(now, YEARS);
    params.serial_number = serial()
        .ok()
        .map(|serial| SerialNumber::from(serial.to_vec()));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.use_authority_key_identifier_extension = true;
    Ok(params.self_signed(&key)?.pem().replace("\r\n", "\n"))
}

fn day(at: Millis, years: i16) -> actix_web::cookie::time::OffsetDateTime {
    let date = Timestamp::from_millisecond(at.0)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_zoned(TimeZone::UTC)
        .date();
    let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
    // Day 28 exists in every month of every year.
    date_time_ymd(i32::from(date.year() + years), month, day.min(28))
}

fn pem_content(text: &str) -> Result<Vec<u8>, SandboxError> {
    Pem::iter_from_buffer(text.as_bytes())
        .next()
        .and_then(Result::ok)
        .map(|pem| pem.contents)
        .ok_or_else(damaged)
}

fn key_id(certificate: &X509Certificate<'_>) -> Option<Vec<u8>> {
    certificate
        .extensions()
        .iter()
        .find_map(|extension| match extension.parsed_extension() {
            ParsedExtension::SubjectKeyIdentifier(id) => Some(id.0.to_vec()),
            _ => None,
        })
}

fn damaged() -> SandboxError {
    SandboxError::Files(std::io::Error::other("ca.key or ca.pem is damaged"))
}

/// 126 random bits. The first bit is 0, so the number is positive; the second is 1, so
/// the length is fixed.
pub(super) fn serial() -> io::Result<[u8; 16]> {
    let mut serial = secrets::random::<16>()?;
    if let Some(first) = serial.first_mut() {
        *first = (*first & 0x7F) | 0x40;
    }
    Ok(serial)
}
