//! Certificates out of a file that somebody chose: PEM, DER or PKCS#7, one or
//! several. What the file is, its content says; its name is never asked.
//!
//! A thumbprint is computed over the bytes exactly as in the file: nothing is
//! re-encoded before it is hashed.

mod asn1;
mod base64;
mod keys;
mod kind;
mod text;
mod transport;

pub use kind::kind_of;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

use super::characters::visible;
use super::csr::public_key_sha256;
use super::digest::sha256;
use super::distinguished_name::Subject;
use super::holder_name::HolderName;
use super::millis::Millis;
use super::thumbprint::Thumbprint;

/// Most certificates in one file: a page lists each of them.
pub const MOST: usize = 100;

/// A larger certificate is not read, in bytes: they have one or two thousand, and each that
/// is taken over is kept.
const LARGEST: usize = 32 * 1024;

/// Longest name shown, in characters: nobody has checked the names in a file.
const LONGEST_SHOWN: usize = 255;

/// The relevant facts of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFacts {
    /// Its DER form, exactly as in the file.
    pub der: Vec<u8>,
    /// SHA-1 of its DER form.
    pub sha1: Thumbprint,
    /// SHA-256 of its DER form.
    pub sha256: Thumbprint,
    /// Its serial number, in hexadecimal.
    pub serial: String,
    /// Its subject.
    pub subject: Subject,
    /// Whether it is the certificate of a CA.
    pub is_ca: bool,
    /// Valid from.
    pub not_before: Millis,
    /// Valid until.
    pub not_after: Millis,
    /// SHA-256 of its public key, as in [`super::csr::CsrFacts`].
    pub public_key_sha256: String,
}

impl CertificateFacts {
    /// Whether this is the thumbprint of this certificate, with either digest.
    pub fn is_called(&self, thumbprint: &Thumbprint) -> bool {
        *thumbprint == self.sha1 || *thumbprint == self.sha256
    }

    /// Its thumbprint with the same digest as `example`: a server uses one
    /// digest for all its certificates.
    pub fn called_like(&self, example: Option<&Thumbprint>) -> &Thumbprint {
        match example {
            Some(example) if example.as_str().len() == self.sha256.as_str().len() => &self.sha256,
            _ => &self.sha1,
        }
    }

    /// What its subject calls the holder, shortened to what a page can show; invisible
    /// characters are written as their numbers. Empty if the certificate names nobody.
    pub fn holder(&self) -> HolderName {
        let whole = visible(&self.subject.holder());
        let shown: String = whole.chars().take(LONGEST_SHOWN).collect();
        shown.into()
    }
}

/// Why a file is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// It is empty.
    #[error("the file is empty")]
    Empty,
    /// It contains a private key of any kind; nothing else in it was read.
    #[error("a private key is in the file")]
    PrivateKey,
    /// A certificate request, not a certificate.
    #[error("the file is a certificate request")]
    Request,
    /// More certificates than may be in one file, usually [`MOST`].
    #[error("too many certificates are in the file")]
    TooMany,
    /// It claims to be a certificate but cannot be parsed.
    #[error("the certificate in the file cannot be read")]
    Damaged,
    /// It contains no certificate.
    #[error("no certificate is in the file")]
    NoCertificate,
}

/// The certificates in a file, in order and without duplicates. An unreadable
/// one is skipped if another can be read.
///
/// # Errors
/// [`FileProblem`] if there is none, or if the file must not be accepted.
pub fn read_certificates(file: &[u8]) -> Result<Vec<CertificateFacts>, FileProblem> {
    read_up_to(file, MOST)
}

/// The same with up to `most` certificates.
///
/// # Errors
/// As for [`read_certificates`].
pub fn read_up_to(file: &[u8], most: usize) -> Result<Vec<CertificateFacts>, FileProblem> {
    if file.trim_ascii().is_empty() {
        return Err(FileProblem::Empty);
    }
    let mut found = Found::new(most);
    // Binary first: a DER file may contain any text, but no text is a DER file.
    if !found.take_bytes(file) {
        text::read(file, &mut found);
    }
    found.facts()
}

/// What was found in a file so far.
#[derive(Debug)]
struct Found {
    certificates: Vec<Vec<u8>>,
    most: usize,
    private_key: bool,
    request: bool,
    damaged: bool,
}

impl Found {
    const fn new(most: usize) -> Self {
        Self {
            certificates: Vec::new(),
            most,
            private_key: false,
            request: false,
            damaged: false,
        }
    }

    /// Reads bytes that may be known objects. Returns whether they are.
    fn take_bytes(&mut self, bytes: &[u8]) -> bool {
        // Looked for first, and everywhere: behind a certificate as well as inside.
        if keys::are_in(bytes) {
            self.private_key = true;
            return true;
        }
        self.take_objects(bytes)
    }

    /// Reads the objects in `der` one after the other, and ignores what comes behind
    /// the last known one. Returns whether `der` begins with a known object.
    fn take_objects(&mut self, der: &[u8]) -> bool {
        let (mut left, mut any) = (der, false);
        while let Some((object, rest)) = asn1::split(left) {
            if !self.take_object(object) {
                break;
            }
            any = true;
            left = rest.trim_ascii_start();
        }
        if any && !left.is_empty() {
            // Only for keys that are written as text.
            let mut behind = Self::new(0);
            text::read(left, &mut behind);
            self.private_key |= behind.private_key;
        }
        if !any && asn1::begins_like_certificate(der) {
            self.damaged = true;
            return true;
        }
        any
    }

    /// Reads one object. Returns whether it is a known kind.
    fn take_object(&mut self, object: &[u8]) -> bool {
        if is_certificate(object) {
            self.push(object);
        } else if let Some(members) = asn1::certificates_of_pkcs7(object) {
            self.damaged |= members.iter().any(|member| !is_certificate(member));
            for member in members.into_iter().filter(|member| is_certificate(member)) {
                self.push(member);
            }
        } else if asn1::is_private_key(object) {
            self.private_key = true;
        } else if asn1::is_request(object) {
            self.request = true;
        } else if asn1::is_like_certificate(object) {
            self.damaged = true;
        } else {
            return false;
        }
        true
    }

    fn push(&mut self, certificate: &[u8]) {
        if certificate.len() > LARGEST {
            self.damaged = true;
            return;
        }
        let is_new = !self.certificates.iter().any(|known| known == certificate);
        // One beyond the limit shows that it was exceeded; the rest is not
        // kept.
        if is_new && self.certificates.len() <= self.most {
            self.certificates.push(certificate.to_vec());
        }
    }

    fn facts(self) -> Result<Vec<CertificateFacts>, FileProblem> {
        if self.private_key {
            return Err(FileProblem::PrivateKey);
        }
        if self.certificates.len() > self.most {
            return Err(FileProblem::TooMany);
        }
        let read = self.certificates.iter().filter_map(|der| facts(der));
        let facts: Vec<_> = read.collect();
        match facts.is_empty() {
            false => Ok(facts),
            true if self.request => Err(FileProblem::Request),
            true if self.damaged => Err(FileProblem::Damaged),
            true => Err(FileProblem::NoCertificate),
        }
    }
}

fn is_certificate(object: &[u8]) -> bool {
    X509Certificate::from_der(object).is_ok_and(|(rest, _)| rest.is_empty())
}

fn facts(der: &[u8]) -> Option<CertificateFacts> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let validity = certificate.validity();
    let sha1 = digest(&SHA1_FOR_LEGACY_USE_ONLY, der);
    Some(CertificateFacts {
        der: der.to_vec(),
        sha1: Thumbprint::of_digest(sha1.as_ref()).ok()?,
        sha256: Thumbprint::of_digest(&sha256(der)).ok()?,
        serial: certificate
            .raw_serial_as_string()
            .replace(':', "")
            .to_uppercase(),
        subject: Subject::from(certificate.subject()),
        is_ca: certificate.is_ca(),
        not_before: Millis::from_secs(validity.not_before.timestamp()),
        not_after: Millis::from_secs(validity.not_after.timestamp()),
        public_key_sha256: public_key_sha256(certificate.public_key()),
    })
}

#[cfg(test)]
mod tests;
