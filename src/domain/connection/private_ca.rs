//! Checks a private CA before it is trusted: only CA certificates, and no
//! private key.

use std::str::FromStr;

use x509_parser::pem::Pem;

use crate::domain::millis::Millis;

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
    /// One of them is not a CA certificate.
    #[error("a certificate in it is not a CA's")]
    NotACa,
    /// One of them has expired or is not valid yet.
    #[error("a certificate in it is not in force")]
    NotInForce,
}

/// CA certificates in PEM form. A connection with a private CA trusts only
/// server certificates issued by one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateCa {
    pem: String,
    not_before: i64,
    not_after: i64,
}

impl PrivateCa {
    /// The certificates in PEM form.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// Whether all certificates are valid at `now`.
    pub const fn is_in_force(&self, now: Millis) -> bool {
        self.not_before <= now.as_secs() && now.as_secs() <= self.not_after
    }
}

impl FromStr for PrivateCa {
    type Err = CaProblem;

    fn from_str(pem: &str) -> Result<Self, CaProblem> {
        let pem = pem.trim();
        if pem.contains("PRIVATE KEY") {
            return Err(CaProblem::PrivateKey);
        }
        if pem.len() > LONGEST {
            return Err(CaProblem::TooMany);
        }
        let (mut count, mut not_before, mut not_after) = (0, i64::MIN, i64::MAX);
        for block in Pem::iter_from_buffer(pem.as_bytes()) {
            let block = block.map_err(|_| CaProblem::NotPem)?;
            count += 1;
            if count > MOST {
                return Err(CaProblem::TooMany);
            }
            if block.label != "CERTIFICATE" {
                return Err(CaProblem::NotPem);
            }
            let certificate = block.parse_x509().map_err(|_| CaProblem::NotPem)?;
            if !certificate.is_ca() {
                return Err(CaProblem::NotACa);
            }
            let validity = certificate.validity();
            not_before = not_before.max(validity.not_before.timestamp());
            not_after = not_after.min(validity.not_after.timestamp());
        }
        if count == 0 {
            return Err(CaProblem::NotPem);
        }
        let pem = format!("{pem}\n");
        Ok(Self {
            pem,
            not_before,
            not_after,
        })
    }
}

#[cfg(test)]
#[cfg(feature = "sandbox")]
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

    #[test]
    fn anything_else_is_refused_by_name() {
        let (ca, key) = made(true, 2999);
        for (pem, why) in [
            (String::new(), CaProblem::NotPem),
            ("hello".to_owned(), CaProblem::NotPem),
            (ca.repeat(11), CaProblem::TooMany),
            (ca.repeat(1000), CaProblem::TooMany),
            (format!("{ca}{key}"), CaProblem::PrivateKey),
            (made(false, 2999).0, CaProblem::NotACa),
            (
                ca.replace("CERTIFICATE", "CERTIFICATE REQUEST"),
                CaProblem::NotPem,
            ),
        ] {
            assert_eq!(pem.parse::<PrivateCa>(), Err(why));
        }
    }
}
