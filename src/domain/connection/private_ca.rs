//! Reads a private CA before it is trusted: certificates of CAs, in force, and
//! nothing that does not belong in a portal.

use x509_parser::pem::Pem;

use crate::domain::millis::Millis;

/// Most certificates of one connection.
const MOST: usize = 10;

/// Longest text.
const LONGEST: usize = 64 * 1024;

/// Why a text is no private CA.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CaProblem {
    /// No PEM, or something else than certificates in it.
    #[error("not certificates in PEM form")]
    NotPem,
    /// A private key stands in it: take it out, and think about who saw it.
    #[error("it contains a private key")]
    PrivateKey,
    /// Over ten certificates.
    #[error("more than {MOST} certificates")]
    TooMany,
    /// One of them is no CA's.
    #[error("a certificate in it is not a CA's")]
    NotACa,
    /// One of them has expired or is not in force yet.
    #[error("a certificate in it is not in force")]
    NotInForce,
}

/// Whether `pem` can be trusted as a CA at `now`.
pub fn check_private_ca(pem: &str, now: Millis) -> Result<(), CaProblem> {
    if pem.contains("PRIVATE KEY") {
        return Err(CaProblem::PrivateKey);
    }
    if pem.len() > LONGEST {
        return Err(CaProblem::TooMany);
    }
    let mut count = 0;
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
        let in_force = validity.not_before.timestamp()..=validity.not_after.timestamp();
        if !in_force.contains(&now.as_secs()) {
            return Err(CaProblem::NotInForce);
        }
    }
    if count == 0 {
        return Err(CaProblem::NotPem);
    }
    Ok(())
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
        assert_eq!(check_private_ca(&ca, NOW), Ok(()));
        assert_eq!(check_private_ca(&ca.repeat(10), NOW), Ok(()));
    }

    #[test]
    fn anything_else_is_refused_by_name() {
        let (ca, key) = made(true, 2999);
        assert_eq!(check_private_ca("", NOW), Err(CaProblem::NotPem));
        assert_eq!(check_private_ca("hello", NOW), Err(CaProblem::NotPem));
        assert_eq!(
            check_private_ca(&ca.repeat(11), NOW),
            Err(CaProblem::TooMany)
        );
        assert_eq!(
            check_private_ca(&ca.repeat(1000), NOW),
            Err(CaProblem::TooMany)
        );
        assert_eq!(
            check_private_ca(&format!("{ca}{key}"), NOW),
            Err(CaProblem::PrivateKey)
        );
        assert_eq!(
            check_private_ca(&made(false, 2999).0, NOW),
            Err(CaProblem::NotACa)
        );
        assert_eq!(
            check_private_ca(&made(true, 2001).0, NOW),
            Err(CaProblem::NotInForce)
        );
        let broken = ca.replace("CERTIFICATE", "CERTIFICATE REQUEST");
        assert_eq!(check_private_ca(&broken, NOW), Err(CaProblem::NotPem));
    }
}
