//! The status of a certificate in one word, and how soon it expires, as lists filter by
//! them.

use std::ops::Range;

use super::certificate::{Certificate, RENEWAL_DAYS, Summary, UNKNOWN_END, Validity};
use super::millis::Millis;
use super::string_enum::string_enum;
use super::today::Today;

string_enum! {
    /// The status of a certificate.
    pub enum Standing as "standing" {
        /// Valid for longer than the usual time for its renewal.
        Valid = "valid",
        /// It may be renewed as usual: it soon expires.
        Expiring = "expiring",
        /// It has expired, and was not replaced.
        Expired = "expired",
        /// Its expiry is not known: it may have expired, or expire tomorrow.
        Unknown = "unknown",
        /// Another one has replaced it.
        Replaced = "replaced",
    }
}

impl Standing {
    /// The status of `certificate` today.
    pub fn of(certificate: &Certificate, today: Today<'_>) -> Self {
        let is_replaced = certificate.replaced_by.is_some();
        Self::until(is_replaced, certificate.validity, today)
    }

    /// The same of one in a list.
    pub fn of_row(certificate: &Summary, today: Today<'_>) -> Self {
        Self::until(certificate.is_replaced, certificate.validity, today)
    }

    fn until(is_replaced: bool, validity: Validity, today: Today<'_>) -> Self {
        if is_replaced {
            return Self::Replaced;
        }
        let is_of = |one: &&Self| one.range(today).contains(&validity.not_after());
        let dated = [Self::Expired, Self::Expiring, Self::Unknown];
        dated.iter().find(is_of).copied().unwrap_or(Self::Valid)
    }

    /// Whether there is anything to remind of.
    pub const fn may_remind(self) -> bool {
        match self {
            Self::Valid | Self::Expiring => true,
            Self::Expired | Self::Unknown | Self::Replaced => false,
        }
    }

    /// The range of expiry dates with this status; that of a replaced one may be any.
    pub fn range(self, today: Today<'_>) -> Range<Millis> {
        let (first, last) = (Millis(i64::MIN), Millis(i64::MAX));
        let (now, soon) = (today.now, today.end_in(RENEWAL_DAYS));
        match self {
            Self::Valid => soon..UNKNOWN_END,
            Self::Expiring => now..soon,
            Self::Expired => first..now,
            Self::Unknown => UNKNOWN_END..last,
            Self::Replaced => first..last,
        }
    }
}

string_enum! {
    /// How soon a certificate expires.
    pub enum Urgency as "due" {
        /// It has expired.
        Expired = "expired",
        /// Today or on one of the 7 days that follow.
        Within7 = "within_7",
        /// Today or on one of the 30 days that follow.
        Within30 = "within_30",
        /// Today or on one of the 60 days that follow.
        Within60 = "within_60",
        /// Within 30 days, and not within 7.
        From8To30 = "8_to_30",
        /// Within 60 days, and not within 30.
        From31To60 = "31_to_60",
        /// Later than in 60 days.
        Later = "later",
        /// Nobody knows when.
        Unknown = "unknown",
    }
}

impl Urgency {
    /// Each certificate is in one of these, the most urgent first.
    pub const GROUPS: &'static [Self] = &[
        Self::Expired,
        Self::Within7,
        Self::From8To30,
        Self::From31To60,
        Self::Later,
        Self::Unknown,
    ];

    /// The range of expiry dates with this urgency.
    pub fn range(self, today: Today<'_>) -> Range<Millis> {
        let (now, within) = (today.now, |days| today.end_in(days));
        match self {
            Self::Expired => Millis(i64::MIN)..now,
            Self::Within7 => now..within(7),
            Self::Within30 => now..within(30),
            Self::Within60 => now..within(60),
            Self::From8To30 => within(7)..within(30),
            Self::From31To60 => within(30)..within(60),
            Self::Later => within(60)..UNKNOWN_END,
            Self::Unknown => UNKNOWN_END..Millis(i64::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::tz::TimeZone;

    use super::*;

    static UTC: TimeZone = TimeZone::UTC;

    fn today(now: Millis) -> Today<'static> {
        Today { now, zone: &UTC }
    }

    #[test]
    fn every_date_has_one_status() {
        let now = Millis(1_750_000_000_000);
        let dated = [
            Standing::Expired,
            Standing::Expiring,
            Standing::Valid,
            Standing::Unknown,
        ];
        let ranges = dated.map(|one| one.range(today(now)));
        assert_eq!(ranges[0].end, ranges[1].start);
        assert_eq!(ranges[1].end, ranges[2].start);
        assert_eq!(ranges[2].end, ranges[3].start);
        let soon = today(now).end_in(RENEWAL_DAYS);
        assert!(ranges[1].contains(&now) && ranges[2].contains(&soon));
    }

    #[test]
    fn every_certificate_is_in_exactly_one_group() {
        let now = Millis(1_750_000_000_000);
        let ranges: Vec<_> = Urgency::GROUPS
            .iter()
            .map(|urgency| urgency.range(today(now)))
            .collect();
        for pair in ranges.windows(2) {
            assert_eq!(pair[0].end, pair[1].start);
        }
        assert_eq!(ranges[0].start, Millis(i64::MIN));
        assert_eq!(ranges[5].end, Millis(i64::MAX));
        assert!(ranges[1].contains(&now), "it has its last day still");
    }

    #[test]
    fn what_expires_in_so_many_days_or_less_is_all_that_expires_from_now_until_then() {
        let now = Millis(1_750_000_000_000);
        let day = Duration::from_secs(24 * 3600);
        let ends = [1, 3, 8, 15, 45].map(|days| now + day * days);
        for (urgency, expected) in [
            (Urgency::Within7, 2),
            (Urgency::Within30, 4),
            (Urgency::Within60, 5),
        ] {
            let range = urgency.range(today(now));
            let found = ends.iter().filter(|end| range.contains(end)).count();
            assert_eq!(found, expected, "{urgency}");
            assert_eq!(range.start, now, "{urgency}: without what has expired");
        }
    }

    #[test]
    fn two_that_show_the_same_day_are_in_the_same_group() {
        // 2026-11-30T17:00:00Z, and the 7th and the 30th of December.
        let now = Millis(1_796_058_000_000);
        let (hour, day) = (Duration::from_secs(3600), Duration::from_secs(24 * 3600));
        for (days, urgency, next) in [
            (7, Urgency::Within7, Urgency::From8To30),
            (30, Urgency::From8To30, Urgency::From31To60),
        ] {
            let begin = now - hour * 17 + day * days;
            for hours in [0, 17, 23] {
                let end = begin + hour * hours;
                assert!(urgency.range(today(now)).contains(&end), "{days} {hours}");
            }
            assert!(next.range(today(now)).contains(&(begin + day)), "{days}");
        }
    }

    #[test]
    fn one_without_an_end_expires_later_and_one_of_which_nothing_is_known_may_tomorrow() {
        let now = Millis(1_750_000_000_000);
        let endless = Validity::Exact(Millis::from_secs(253_402_300_799));
        for (validity, urgency, standing) in [
            (endless, Urgency::Later, Standing::Valid),
            (Validity::Unknown, Urgency::Unknown, Standing::Unknown),
        ] {
            let end = validity.not_after();
            assert!(urgency.range(today(now)).contains(&end), "{validity:?}");
            assert!(standing.range(today(now)).contains(&end), "{validity:?}");
        }
    }
}
