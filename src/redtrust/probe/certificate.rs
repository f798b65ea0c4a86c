//! What a server certificate says about itself, and why one was rejected.

use std::net::IpAddr;

use data_encoding::HEXUPPER;
use rustls::{CertificateError, Error};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer as _;

use crate::domain::digest::sha256;
use crate::domain::millis::Millis;
use crate::redtrust::envelope::shortened;

/// Longest name of a certificate that is shown, and the most of them.
const LONGEST: usize = 200;
const MOST: usize = 10;

/// What a server certificate says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerCertificate {
    /// The hosts it is for: names, wildcards and addresses.
    pub names: Vec<String>,
    /// Who has issued it.
    pub issuer: String,
    /// Valid from.
    pub not_before: Millis,
    /// Valid until.
    pub not_after: Millis,
    /// Whether issuer and subject are the same.
    pub self_signed: bool,
    /// SHA-256 of the whole, upper-case hex.
    pub fingerprint: String,
}

impl ServerCertificate {
    /// Reads a certificate; `None` if it is none.
    pub(super) fn parse(der: &[u8]) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let alternatives = certificate.subject_alternative_name().ok().flatten();
        let names = alternatives
            .iter()
            .flat_map(|extension| &extension.value.general_names)
            .filter_map(host_of)
            .take(MOST);
        let validity = certificate.validity();
        Some(Self {
            names: names.collect(),
            issuer: shortened(&certificate.issuer().to_string(), LONGEST),
            not_before: Millis::from_secs(validity.not_before.timestamp()),
            not_after: Millis::from_secs(validity.not_after.timestamp()),
            self_signed: certificate.issuer().as_raw() == certificate.subject().as_raw(),
            fingerprint: HEXUPPER.encode(&sha256(der)),
        })
    }
}

fn host_of(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some(shortened(name, LONGEST)),
        GeneralName::IPAddress(bytes) => {
            let v4 = <[u8; 4]>::try_from(*bytes).map(IpAddr::from);
            let v6 = <[u8; 16]>::try_from(*bytes).map(IpAddr::from);
            v4.or(v6).ok().map(|address| address.to_string())
        }
        _ => None,
    }
}

/// Why a call did not trust the server's certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Distrust {
    /// It is for other names.
    Name,
    /// It has expired.
    Expired,
    /// It is not valid yet.
    NotYet,
    /// No trusted CA has issued it.
    Issuer,
    /// Another reason, in the words of the TLS library.
    Other(String),
}

impl Distrust {
    /// The reason in an error of the TLS library.
    pub(super) fn of(error: &Error) -> Self {
        let Error::InvalidCertificate(reason) = error else {
            return Self::Other(error.to_string());
        };
        match reason {
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Self::Name
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                Self::NotYet
            }
            CertificateError::UnknownIssuer | CertificateError::BadSignature => Self::Issuer,
            // What the library says of a self-signed CA certificate that a server shows.
            other if other.to_string().contains("CaUsedAsEndEntity") => Self::Issuer,
            other => Self::Other(other.to_string()),
        }
    }
}
