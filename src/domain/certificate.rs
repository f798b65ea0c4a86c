//! A certificate in Redtrust, as far as this portal knows it, and whether it
//! can be renewed. Parsing certificates is in `certificate_file`.

use std::time::Duration;

use super::holder::Kind;
use super::issuance::Issuance;
use super::millis::Millis;
use super::thumbprint::Thumbprint;

/// How long before its expiry a certificate may be renewed without a warning.
pub const RENEWAL_WINDOW: Duration = Duration::from_secs(30 * 24 * 3600);

/// One certificate.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// UUIDv7.
    pub id: String,
    /// Id of its connection.
    pub connection_id: String,
    /// Id of its owner.
    pub owner_id: String,
    /// Id of the issuance that produced it.
    pub issuance_id: String,
    /// Redtrust's `idCertificate`; `None` if the certificate is known only from
    /// its file.
    pub certificate_id: Option<String>,
    /// SHA-1 or SHA-256, whichever its server uses.
    pub thumbprint: Thumbprint,
    /// The common name.
    pub holder: String,
    /// The distinguished name, in readable form.
    pub subject: String,
    /// Kind of holder.
    pub kind: Kind,
    /// The certificate that it replaced.
    pub renews: Option<Thumbprint>,
    /// The certificate that replaced it.
    pub replaced_by: Option<Thumbprint>,
    /// When it was issued.
    pub issued_at: Millis,
    /// When it expires.
    pub validity: Validity,
    /// Whether more than its owner's word says that it is a certificate of this
    /// connection: Redtrust's answer, or the signature of a CA that issues for it.
    pub proven: bool,
}

/// When a certificate expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// From the certificate itself.
    Exact(Millis),
    /// Estimated from the connection's usual validity: no file was seen.
    Estimated(Millis),
}

/// Why a certificate cannot be renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// It has expired.
    Expired,
    /// Seals are not renewed: a new one is issued instead.
    Seal,
    /// Replaced by this certificate.
    Replaced(Thumbprint),
    /// A renewal with this id is in progress.
    UnderWay(String),
    /// It is not this person's, or its original order is not known here.
    Unknown,
}

/// A warning before a renewal that is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenewalWarning {
    /// The RA may refuse a renewal before this point.
    Early {
        /// The start of the usual period.
        usual_from: Millis,
    },
    /// The expiry is an estimate: the real date is in the certificate itself.
    Estimated,
}

impl Certificate {
    /// The certificate that `issuance` produced.
    pub fn of_issuance(
        issuance: &Issuance,
        id: String,
        thumbprint: Thumbprint,
        subject: String,
        validity: Validity,
        issued_at: Millis,
    ) -> Self {
        Self {
            id,
            connection_id: issuance.connection_id.clone(),
            owner_id: issuance.owner_id.clone(),
            issuance_id: issuance.id.clone(),
            certificate_id: None,
            thumbprint,
            holder: issuance.holder.clone(),
            subject,
            kind: issuance.kind,
            renews: issuance.renews.clone(),
            replaced_by: None,
            issued_at,
            validity,
            proven: true,
        }
    }

    /// Whether Redtrust itself named its thumbprint.
    pub const fn is_vouched_for(&self) -> bool {
        self.proven && self.certificate_id.is_some()
    }

    /// When it expires, exact or estimated.
    pub const fn not_after(&self) -> Millis {
        self.validity.not_after()
    }

    /// Why the certificate cannot be renewed at `now`, judged by its own data.
    pub fn renewal_obstacle(&self, now: Millis) -> Option<Obstacle> {
        if let Some(replaced_by) = &self.replaced_by {
            Some(Obstacle::Replaced(replaced_by.clone()))
        } else if self.kind == Kind::Seal {
            Some(Obstacle::Seal)
        } else if self.not_after() <= now {
            Some(Obstacle::Expired)
        } else {
            None
        }
    }

    /// The warnings before a renewal at `now`.
    pub fn renewal_warnings(&self, now: Millis) -> Vec<RenewalWarning> {
        let usual_from = self.not_after() - RENEWAL_WINDOW;
        let early = (now < usual_from).then_some(RenewalWarning::Early { usual_from });
        let estimated = (!self.validity.is_exact()).then_some(RenewalWarning::Estimated);
        early.into_iter().chain(estimated).collect()
    }
}

impl Validity {
    /// The expiry, exact or estimated.
    pub const fn not_after(self) -> Millis {
        match self {
            Self::Exact(not_after) | Self::Estimated(not_after) => not_after,
        }
    }

    /// Whether the date comes from the certificate itself.
    pub const fn is_exact(self) -> bool {
        matches!(self, Self::Exact(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 3600);

    fn certificate() -> Certificate {
        Certificate {
            id: "1".into(),
            connection_id: "c".into(),
            owner_id: "o".into(),
            issuance_id: "i".into(),
            certificate_id: Some("7".into()),
            thumbprint: "AB".repeat(20).parse().unwrap(),
            holder: "Ana".into(),
            subject: "CN=Ana".into(),
            kind: Kind::Person,
            renews: None,
            replaced_by: None,
            issued_at: Millis(0),
            validity: Validity::Exact(Millis(0) + DAY * 730),
            proven: true,
        }
    }

    #[test]
    fn a_valid_certificate_can_be_renewed_and_early_is_only_warned_of() {
        let certificate = certificate();
        let early = Millis(0) + DAY * 699;
        assert_eq!(certificate.renewal_obstacle(early), None);
        let usual_from = Millis(0) + DAY * 700;
        let warnings = certificate.renewal_warnings(early);
        assert_eq!(warnings, [RenewalWarning::Early { usual_from }]);
        assert_eq!(certificate.renewal_warnings(usual_from), []);
    }

    #[test]
    fn an_expired_one_a_seal_and_a_replaced_one_cannot() {
        let mut certificate = certificate();
        let end = certificate.not_after();
        assert_eq!(certificate.renewal_obstacle(end), Some(Obstacle::Expired));
        assert_eq!(certificate.renewal_obstacle(Millis(end.0 - 1)), None);
        certificate.kind = Kind::Seal;
        let seal = Some(Obstacle::Seal);
        assert_eq!(certificate.renewal_obstacle(Millis(0)), seal);
        let other: Thumbprint = "CD".repeat(20).parse().unwrap();
        certificate.replaced_by = Some(other.clone());
        let replaced = Some(Obstacle::Replaced(other));
        assert_eq!(certificate.renewal_obstacle(Millis(0)), replaced);
    }

    #[test]
    fn an_estimated_expiry_is_said_to_be_one() {
        let mut certificate = certificate();
        let end = certificate.not_after();
        certificate.validity = Validity::Estimated(end);
        let warnings = certificate.renewal_warnings(end - DAY);
        assert_eq!(warnings, [RenewalWarning::Estimated]);
    }
}
