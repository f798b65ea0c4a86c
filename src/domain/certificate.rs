//! A certificate in Redtrust, as far as this portal knows it: issued here or taken
//! over; and whether it can be renewed. Parsing certificates is in `certificate_file`.

use super::holder::Kind;
use super::holder_name::HolderName;
use super::issuance::Issuance;
use super::millis::Millis;
use super::string_enum::string_enum;
use super::thumbprint::Thumbprint;
use super::today::Today;

/// How many days before that of its expiry a certificate may be renewed without a warning.
pub const RENEWAL_DAYS: u16 = 30;

/// One certificate.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// UUIDv7.
    pub id: String,
    /// Id of its connection.
    pub connection_id: String,
    /// Id of its owner.
    pub owner_id: String,
    /// Id of the issuance that produced it; `None` if it was taken over.
    pub issuance_id: Option<String>,
    /// How it came into this portal.
    pub origin: Origin,
    /// When it came into this portal.
    pub recorded_at: Millis,
    /// Redtrust's `idCertificate`; `None` if the certificate is known only from
    /// its file.
    pub certificate_id: Option<String>,
    /// SHA-1 or SHA-256, whichever its server uses.
    pub thumbprint: Thumbprint,
    /// What only its file says; `None` until the file was seen.
    pub file: Option<FileFacts>,
    /// The common name, or what else its subject calls the holder; empty if it names
    /// nobody. The thumbprint where nothing else is known or kept.
    pub holder: HolderName,
    /// The distinguished name, in readable form; empty if it is not known.
    pub subject: String,
    /// Kind of holder; `None` if it is not known.
    pub kind: Option<Kind>,
    /// The certificate that it replaced.
    pub renews: Option<Thumbprint>,
    /// The certificate that replaced it.
    pub replaced_by: Option<Thumbprint>,
    /// When it was issued: for one that was taken over, the start of its validity, or
    /// if that is not known, when it was taken over.
    pub issued_at: Millis,
    /// When it expires.
    pub validity: Validity,
    /// Whether more than its owner's word says that it is a certificate of this
    /// connection: Redtrust's answer, or the signature of a CA that issues for it.
    pub proven: bool,
}

/// What a list shows of a certificate.
#[derive(Debug, Clone)]
pub struct Summary {
    /// UUIDv7.
    pub id: String,
    /// Id of its owner.
    pub owner_id: String,
    /// Id of the issuance that produced it; `None` if it was taken over.
    pub issuance_id: Option<String>,
    /// As that of a [`Certificate`].
    pub thumbprint: Thumbprint,
    /// As that of a [`Certificate`].
    pub holder: HolderName,
    /// The distinguished name, in readable form; empty if it is not known.
    pub subject: String,
    /// Kind of holder; `None` if it is not known.
    pub kind: Option<Kind>,
    /// Whether another one has replaced it.
    pub is_replaced: bool,
    /// When its validity begins, as far as that is known.
    pub starts_at: Millis,
    /// When it expires.
    pub validity: Validity,
    /// As that of a [`Certificate`].
    pub proven: bool,
}

string_enum! {
    /// How a certificate came into this portal.
    pub enum Origin as "origin" {
        /// It was issued to a request of this portal.
        Issued = "issued",
        /// Its owner showed its file.
        File = "file",
        /// Its owner named its thumbprint, and nothing else is known of it.
        Thumbprint = "thumbprint",
    }
}

/// What only the file of a certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// SHA-1 of its DER form.
    pub sha1: Thumbprint,
    /// SHA-256 of its DER form.
    pub sha256: Thumbprint,
    /// Its serial number, in hexadecimal.
    pub serial: String,
    /// Valid from.
    pub not_before: Millis,
    /// Whether the file itself is kept and can be downloaded.
    pub is_kept: bool,
}

/// When a certificate expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// From the certificate itself.
    Exact(Millis),
    /// Estimated from the connection's usual validity: no file was seen.
    Estimated(Millis),
    /// Not known: only its thumbprint is.
    Unknown,
}

/// Certificates without an end carry this date or a later one of that day (RFC 5280,
/// 4.1.2.5): 9999-12-31.
const NO_END: Millis = Millis(253_402_214_400_000);

/// Where a certificate whose end is not known stands in the order of expiry: on the day
/// behind the last that a certificate can name, and so behind those without an end too.
pub(crate) const UNKNOWN_END: Millis = Millis(253_402_300_800_000);

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
    /// The expiry is not known.
    DateUnknown,
    /// It never expires.
    Endless,
    /// It is valid from this point on only.
    NotYet(Millis),
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
            issuance_id: Some(issuance.id.clone()),
            origin: Origin::Issued,
            recorded_at: issued_at,
            certificate_id: None,
            thumbprint,
            file: None,
            holder: issuance.holder.clone(),
            subject,
            kind: Some(issuance.kind),
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

    /// When it expires, exact or estimated; far off if it never does or the date is not
    /// known.
    pub const fn not_after(&self) -> Millis {
        self.validity.not_after()
    }

    /// When its validity begins, as far as that is known.
    pub fn starts_at(&self) -> Millis {
        let file = self.file.as_ref();
        file.map_or(self.issued_at, |file| file.not_before)
    }

    /// Whether a request of this portal led to it.
    pub const fn is_issued_here(&self) -> bool {
        self.issuance_id.is_some()
    }

    /// Whether this is its thumbprint, with either digest as far as both are known.
    pub fn is_called(&self, thumbprint: &Thumbprint) -> bool {
        let by_file = |file: &FileFacts| file.sha1 == *thumbprint || file.sha256 == *thumbprint;
        self.thumbprint == *thumbprint || self.file.as_ref().is_some_and(by_file)
    }

    /// Why the certificate cannot be renewed at `now`, judged by its own data.
    pub fn renewal_obstacle(&self, now: Millis) -> Option<Obstacle> {
        match &self.replaced_by {
            Some(replaced_by) => Some(Obstacle::Replaced(replaced_by.clone())),
            None => own_obstacle(self.kind, self.validity, now),
        }
    }

    /// The warnings before a renewal today.
    pub fn renewal_warnings(&self, today: Today<'_>) -> Vec<RenewalWarning> {
        let from = self.starts_at();
        let not_yet = (today.now < from).then_some(RenewalWarning::NotYet(from));
        let usual_from = today.begin_before(self.not_after(), RENEWAL_DAYS);
        let of_end = match self.validity {
            Validity::Unknown => Some(RenewalWarning::DateUnknown),
            endless if endless.is_endless() => Some(RenewalWarning::Endless),
            _ if usual_from <= today.now => None,
            _ => Some(RenewalWarning::Early { usual_from }),
        };
        let is_estimated = self.validity.is_estimated();
        let estimated = is_estimated.then_some(RenewalWarning::Estimated);
        [not_yet, of_end, estimated].into_iter().flatten().collect()
    }
}

impl Summary {
    /// Whether a request of this portal led to it.
    pub const fn is_issued_here(&self) -> bool {
        self.issuance_id.is_some()
    }

    /// Whether the certificate can be renewed at `now`, judged by its own data.
    pub fn may_renew(&self, now: Millis) -> bool {
        !self.is_replaced && own_obstacle(self.kind, self.validity, now).is_none()
    }
}

/// Why a certificate that was not replaced cannot be renewed at `now`.
fn own_obstacle(kind: Option<Kind>, validity: Validity, now: Millis) -> Option<Obstacle> {
    match kind {
        Some(Kind::Seal) => Some(Obstacle::Seal),
        _ => (validity.not_after() <= now).then_some(Obstacle::Expired),
    }
}

impl Validity {
    /// The expiry, exact or estimated.
    pub const fn not_after(self) -> Millis {
        match self {
            Self::Exact(not_after) | Self::Estimated(not_after) => not_after,
            Self::Unknown => UNKNOWN_END,
        }
    }

    /// Whether the date is an estimate.
    pub const fn is_estimated(self) -> bool {
        matches!(self, Self::Estimated(_))
    }

    /// Whether the certificate itself says that it never expires.
    pub fn is_endless(self) -> bool {
        matches!(self, Self::Exact(not_after) if not_after >= NO_END)
    }

    /// The date on which it expires, if there is one and it is known.
    pub fn end(self) -> Option<Millis> {
        match self {
            Self::Unknown => None,
            _ if self.is_endless() => None,
            dated => Some(dated.not_after()),
        }
    }

    /// Whether the date comes from the certificate itself.
    pub const fn is_exact(self) -> bool {
        matches!(self, Self::Exact(_))
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::millis::DAY;

    static UTC: TimeZone = TimeZone::UTC;

    fn today(now: Millis) -> Today<'static> {
        Today { now, zone: &UTC }
    }

    fn certificate() -> Certificate {
        Certificate {
            id: "1".into(),
            connection_id: "c".into(),
            owner_id: "o".into(),
            issuance_id: Some("i".into()),
            origin: Origin::Issued,
            recorded_at: Millis(0),
            certificate_id: Some("7".into()),
            thumbprint: "AB".repeat(20).parse().unwrap(),
            file: None,
            holder: "Ana".into(),
            subject: "CN=Ana".into(),
            kind: Some(Kind::Person),
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
        let warnings = certificate.renewal_warnings(today(early));
        assert_eq!(warnings, [RenewalWarning::Early { usual_from }]);
        assert_eq!(certificate.renewal_warnings(today(usual_from)), []);
        let warnings = certificate.renewal_warnings(today(Millis(-1)));
        assert_eq!(warnings[0], RenewalWarning::NotYet(Millis(0)));
    }

    #[test]
    fn the_usual_time_begins_with_a_day_whatever_the_hour_of_the_expiry() {
        let mut certificate = certificate();
        certificate.validity = Validity::Exact(Millis(0) + DAY * 730 + DAY / 2);
        let usual_from = Millis(0) + DAY * 700;
        let warnings = certificate.renewal_warnings(today(usual_from - DAY / 24));
        assert_eq!(warnings, [RenewalWarning::Early { usual_from }]);
        assert_eq!(certificate.renewal_warnings(today(usual_from)), []);
    }

    #[test]
    fn an_expired_one_a_seal_and_a_replaced_one_cannot() {
        let mut certificate = certificate();
        let end = certificate.not_after();
        assert_eq!(certificate.renewal_obstacle(end), Some(Obstacle::Expired));
        assert_eq!(certificate.renewal_obstacle(Millis(end.0 - 1)), None);
        certificate.kind = Some(Kind::Seal);
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
        let warnings = certificate.renewal_warnings(today(end - DAY));
        assert_eq!(warnings, [RenewalWarning::Estimated]);
    }

    #[test]
    fn one_without_an_end_or_of_which_nothing_is_known_has_no_date() {
        let mut certificate = certificate();
        certificate.validity = Validity::Exact(Millis::from_secs(253_402_300_799));
        assert_eq!(certificate.validity.end(), None);
        assert!(certificate.validity.is_endless());
        certificate.validity = Validity::Unknown;
        assert_eq!(certificate.validity.end(), None);
        assert!(!certificate.validity.is_endless());
        assert_eq!(certificate.renewal_obstacle(Millis(0)), None);
        let warnings = certificate.renewal_warnings(today(Millis(0)));
        assert_eq!(warnings, [RenewalWarning::DateUnknown]);
        certificate.validity = Validity::Exact(NO_END);
        let warnings = certificate.renewal_warnings(today(Millis(0)));
        assert_eq!(warnings, [RenewalWarning::Endless]);
    }
}
