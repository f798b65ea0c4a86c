//! Checks a private CA before it is trusted: CA certificates, a server's own
//! self-signed certificate, and no private key.

use std::str::FromStr;

use x509_parser::pem::Pem;

use crate::millis::Millis;

/// Most certificates of one connection.
const MOST: usize = 10;

/// Longest text, in bytes.
const LONGEST: usize = 64 * 1024;

/// Why a text is not a private CA.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CaProblem {
    /// Not PEM, or it contains something other than certificates.
    #[error("not certificates in PEM form")]
    NotPem,
    /// It contains a private key: remove it, and consider who may have seen it.
    #[error("it contains a private key")]
    PrivateKey,
    /// Over ten certificates.
    #[error("more than {MOST} certificates")]
    TooMany,
    /// One of them is neither a CA certificate nor self-signed.
    #[error("a certificate in it is neither a CA's nor self-signed")]
    NotACa,
    /// One of them has expired or is not valid yet.
    #[error("a certificate in it is not in force")]
    NotInForce,
}

/// Certificates in PEM form. A connection with a private CA trusts only server
/// certificates that one of these has issued, or that are one of these byte for
/// byte: on-premise servers often have a self-signed certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateCa {
    pem: String,
    certificates: Vec<CaCertificate>,
    not_before: i64,
    not_after: i64,
}

/// One certificate of a private CA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaCertificate {
    /// Its DER form.
    pub der: Vec<u8>,
    /// Whether it may issue others.
    pub is_ca: bool,
}

impl PrivateCa {
    /// The certificates in PEM form.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// The certificates, in order.
    pub fn certificates(&self) -> &[CaCertificate] {
        &self.certificates
    }

    /// Whether all certificates are valid at `now`.
    pub const fn is_in_force(&self, now: Millis) -> bool {
        self.not_before <= now.as_secs() && now.as_secs() <= self.not_after
    }
}

impl FromStr for PrivateCa {
    type Err = CaProblem;

    fn from_str(pem: &str) -> Result<Self, CaProblem> {
        // Browsers send a line end as two characters.
        let pem = pem.trim().replace("\r\n", "\n");
        if pem.contains("PRIVATE KEY") {
            return Err(CaProblem::PrivateKey);
        }
        if pem.len() > LONGEST {
            return Err(CaProblem::TooMany);
        }
        let mut certificates = Vec::new();
        let (mut not_before, mut not_after) = (i64::MIN, i64::MAX);
        for block in Pem::iter_from_buffer(pem.as_bytes()) {
            let block = block.map_err(|_| CaProblem::NotPem)?;
            if certificates.len() == MOST {
                return Err(CaProblem::TooMany);
            }
            if block.label != "CERTIFICATE" {
                return Err(CaProblem::NotPem);
            }
            let certificate = block.parse_x509().map_err(|_| CaProblem::NotPem)?;
            let self_signed = certificate.issuer().as_raw() == certificate.subject().as_raw();
            if !certificate.is_ca() && !self_signed {
                return Err(CaProblem::NotACa);
            }
            let validity = certificate.validity();
            not_before = not_before.max(validity.not_before.timestamp());
            not_after = not_after.min(validity.not_after.timestamp());
            certificates.push(CaCertificate {
                is_ca: certificate.is_ca(),
                der: block.contents.clone(),
            });
        }
        if certificates.is_empty() {
            return Err(CaProblem::NotPem);
        }
        let pem = format!("{pem}\n");
        Ok(Self {
            pem,
            certificates,
            not_before,
            not_after,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis::from_secs(1_800_000_000);

    fn made(ca: bool, until: i32) -> (String, String) {
        let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
        if ca {
            params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        }
        params.not_after = rcgen::date_time_ymd(until, 1, 1);
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        (certificate.pem(), key.serialize_pem())
    }

    #[test]
    fn a_ca_in_force_is_taken() {
        let (ca, _) = made(true, 2999);
        for pem in [ca.clone(), ca.repeat(10), format!("\n {ca} \n")] {
            assert!(pem.parse::<PrivateCa>().unwrap().is_in_force(NOW));
        }
        let old: PrivateCa = (ca + &made(true, 2001).0).parse().unwrap();
        assert!(!old.is_in_force(NOW));
        assert_eq!(old.pem().parse(), Ok(old));
    }

    /// On-premise servers often have one. It can vouch for nothing but itself.
    #[test]
    fn a_self_signed_server_certificate_is_taken_but_is_no_ca() {
        let given: PrivateCa = made(false, 2999).0.parse().unwrap();
        assert!(!given.certificates()[0].is_ca);
        let given: PrivateCa = made(true, 2999).0.parse().unwrap();
        assert!(given.certificates()[0].is_ca);
    }

    fn issued_by_another() -> String {
        let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let issuer = rcgen::Issuer::new(params, rcgen::KeyPair::generate().unwrap());
        let mut params = rcgen::CertificateParams::new(vec!["rt.example".to_owned()]).unwrap();
        let name = rcgen::DnType::CommonName;
        params.distinguished_name.push(name, "rt.example");
        let key = rcgen::KeyPair::generate().unwrap();
        params.signed_by(&key, &issuer).unwrap().pem()
    }

    #[test]
    fn anything_else_is_refused_by_name() {
        let (ca, key) = made(true, 2999);
        for (pem, why) in [
            (String::new(), CaProblem::NotPem),
            ("hello".to_owned(), CaProblem::NotPem),
            (ca.repeat(11), CaProblem::TooMany),
            (ca.repeat(1000), CaProblem::TooMany),
            (format!("{ca}{key}"), CaProblem::PrivateKey),
            (issued_by_another(), CaProblem::NotACa),
            (
                ca.replace("CERTIFICATE", "CERTIFICATE REQUEST"),
                CaProblem::NotPem,
            ),
        ] {
            assert_eq!(pem.parse::<PrivateCa>(), Err(why));
        }
    }
}
