//! Whether a certificate comes from a CA that issues for a connection, and whether it is
//! what was asked for. Anybody can make a certificate with any name for a key whose CSR he
//! holds: only its signature says who made it.

use std::time::Duration;

use x509_parser::certificate::X509Certificate;
use x509_parser::oid_registry::{OID_PKCS1_SHA1WITHRSA, OID_SHA1_WITH_RSA};
use x509_parser::prelude::FromDer as _;

use super::certificate_file::CertificateFacts;
use super::millis::Millis;
use super::order::Order;

/// Most certificates between a certificate and a trusted CA.
const LONGEST_CHAIN: usize = 4;

/// How far the clocks of the portal and of the CA may differ.
const SKEW: Duration = Duration::from_secs(24 * 3600);

/// Most signatures that are verified for one file.
const MOST_CHECKS: usize = 300;

/// How many signatures may still be verified for a file. Honest files need a few; one with a
/// hundred certificates of one name would ask for thousands. When none is left, nothing
/// further counts as signed.
#[derive(Debug)]
pub struct Checks {
    left: usize,
}

impl Default for Checks {
    fn default() -> Self {
        Self { left: MOST_CHECKS }
    }
}

impl Checks {
    /// Whether `ca` may sign certificates, was in force, and has signed this one.
    fn is_issuer_of(
        &mut self,
        ca: &X509Certificate<'_>,
        certificate: &X509Certificate<'_>,
    ) -> bool {
        if self.left == 0 || !may_be_issuer_of(ca, certificate) {
            return false;
        }
        self.left -= 1;
        certificate.verify_signature(Some(ca.public_key())).is_ok()
    }
}

/// Whether the certificate `der` chains to one of `trusted`, over CA certificates in
/// `between`. Each signature is verified, as far as `checks` go.
pub fn is_issued_by(checks: &mut Checks, der: &[u8], between: &[&[u8]], trusted: &[&[u8]]) -> bool {
    let Some(leaf) = parse(der) else {
        return false;
    };
    let (mut between, trusted) = (parse_all(between), parse_all(trusted));
    !leaf.is_ca() && leads_to(checks, leaf, &mut between, &trusted)
}

/// Whether the CA certificate `ca` has itself signed the certificate `der`, as far as
/// `checks` go.
pub fn has_signed(checks: &mut Checks, ca: &[u8], der: &[u8]) -> bool {
    match (parse(ca), parse(der)) {
        (Some(ca), Some(certificate)) => checks.is_issuer_of(&ca, &certificate),
        _ => false,
    }
}

/// The name of the issuer of a certificate, undecoded; `None` for what is none.
pub fn issuer_of(der: &[u8]) -> Option<Vec<u8>> {
    Some(parse(der)?.issuer().as_raw().to_vec())
}

/// The certificates of the CAs above a certificate, the nearest first, as far as they are
/// among `all` and `checks` go. Each signature is verified.
pub fn chain_of<'a>(
    checks: &mut Checks,
    facts: &CertificateFacts,
    all: &[&'a CertificateFacts],
) -> Vec<&'a CertificateFacts> {
    let mut chain: Vec<&CertificateFacts> = Vec::new();
    while chain.len() < LONGEST_CHAIN {
        let below = chain.last().map_or(facts.der.as_slice(), |ca| &ca.der);
        let is_next = |ca: &&&CertificateFacts| {
            let is_new = ca.is_ca && ca.der != below && !chain.contains(*ca);
            is_new && has_signed(checks, &ca.der, below)
        };
        match all.iter().find(is_next) {
            Some(ca) => chain.push(ca),
            None => break,
        }
    }
    chain
}

/// Whether a certificate has the ordered name, and was made after the order.
pub fn fits(facts: &CertificateFacts, order: &Order, ordered_at: Millis, now: Millis) -> bool {
    order.dn.matches(&facts.subject)
        && facts.not_before >= ordered_at - SKEW
        && facts.not_before <= now + SKEW
        && facts.not_after > facts.not_before
}

fn parse(der: &[u8]) -> Option<X509Certificate<'_>> {
    let (rest, certificate) = X509Certificate::from_der(der).ok()?;
    rest.is_empty().then_some(certificate)
}

fn parse_all<'a>(all: &[&'a [u8]]) -> Vec<X509Certificate<'a>> {
    all.iter().filter_map(|der| parse(der)).collect()
}

/// Level by level, each certificate in between once: there may be many ways to the same one.
fn leads_to<'a>(
    checks: &mut Checks,
    leaf: X509Certificate<'a>,
    between: &mut Vec<X509Certificate<'a>>,
    trusted: &[X509Certificate<'a>],
) -> bool {
    let mut level = vec![leaf];
    for _ in 0..=LONGEST_CHAIN {
        let mut next = Vec::new();
        for certificate in &level {
            if (trusted.iter()).any(|ca| checks.is_issuer_of(ca, certificate)) {
                return true;
            }
            next.extend(between.extract_if(.., |ca| checks.is_issuer_of(ca, certificate)));
        }
        level = next;
    }
    false
}

/// Whether `ca` may sign certificates, was in force, and has the name of this one's issuer.
fn may_be_issuer_of(ca: &X509Certificate<'_>, certificate: &X509Certificate<'_>) -> bool {
    let may_sign = match ca.key_usage() {
        Ok(Some(usage)) => usage.value.key_cert_sign(),
        Ok(None) => true,
        Err(_) => false,
    };
    // Two different files can be made with one SHA-1.
    let algorithm = &certificate.signature_algorithm.algorithm;
    let is_sha1 = *algorithm == OID_PKCS1_SHA1WITHRSA || *algorithm == OID_SHA1_WITH_RSA;
    ca.is_ca()
        && may_sign
        && !is_sha1
        && ca.subject().as_raw() == certificate.issuer().as_raw()
        && ca.validity().is_valid_at(certificate.validity().not_before)
}
