//! On which days to remind of an expiry: only on those whose alarm still lies ahead.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::calendar::HOURS_BEFORE;
use crate::domain::millis::Millis;

/// Days before the expiry.
const DAYS_BEFORE: [i32; 2] = [30, 7];

/// A day on which somebody is reminded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// Tells it from the others of the same certificate.
    pub name: String,
    pub day: Date,
    pub rings: bool,
}

/// The days to remind of an expiry on `expires`. If all of the usual ones are over, the
/// next one on which an alarm still rings; on the last day, that day, without an alarm.
/// None after it.
pub fn days(expires: Date, now: Millis, zone: &TimeZone) -> Vec<Day> {
    let rings = |day: Date| alarm_of(day, zone).is_some_and(|alarm| alarm > now);
    let usual = DAYS_BEFORE.iter().filter_map(|before| {
        let day = expires.checked_sub(before.days()).ok()?;
        let name = before.to_string();
        let rings = rings(day);
        rings.then_some(Day { name, day, rings })
    });
    let usual: Vec<Day> = usual.collect();
    let today = Timestamp::from_millisecond(now.0).map(|at| at.to_zoned(zone.clone()).date());
    let Ok(today) = today else {
        return usual;
    };
    if !usual.is_empty() || expires < today {
        return usual;
    }
    let later = (1..=2).filter_map(|days| today.checked_add(days.days()).ok());
    let soon = later.filter(|day| *day <= expires).find(|day| rings(*day));
    vec![Day {
        name: "soon".to_owned(),
        day: soon.unwrap_or(expires),
        rings: soon.is_some(),
    }]
}

/// When the alarm of a day rings.
fn alarm_of(day: Date, zone: &TimeZone) -> Option<Millis> {
    let begins = day.to_zoned(zone.clone()).ok()?.timestamp();
    Some(Millis(begins.as_millisecond() - HOURS_BEFORE * 3_600_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Millis {
        let at: Timestamp = text.parse().unwrap();
        Millis(at.as_millisecond())
    }

    fn days_of(expires: &str, now: &str) -> Vec<(String, String, bool)> {
        let days = days(expires.parse().unwrap(), at(now), &TimeZone::UTC);
        let shown = days
            .into_iter()
            .map(|one| (one.name, one.day.to_string(), one.rings));
        shown.collect()
    }

    fn day(name: &str, day: &str, rings: bool) -> (String, String, bool) {
        (name.to_owned(), day.to_owned(), rings)
    }

    #[test]
    fn i12_what_can_no_longer_ring_is_left_out() {
        let both = days_of("2026-12-31", "2026-11-01T00:00:00Z");
        assert_eq!(
            both,
            [day("30", "2026-12-01", true), day("7", "2026-12-24", true)]
        );
        // The alarm of the first rang at nine the morning before.
        let one = days_of("2026-12-31", "2026-11-30T09:00:00Z");
        assert_eq!(one, [day("7", "2026-12-24", true)]);
    }

    #[test]
    fn i12_a_certificate_that_ends_soon_gets_a_reminder_that_rings() {
        let next = days_of("2026-12-03", "2026-11-28T08:00:00Z");
        assert_eq!(next, [day("soon", "2026-11-29", true)]);
        let after_nine = days_of("2026-12-03", "2026-11-28T09:00:00Z");
        assert_eq!(after_nine, [day("soon", "2026-11-30", true)]);
        let last = days_of("2026-11-29", "2026-11-28T09:00:00Z");
        assert_eq!(last, [day("soon", "2026-11-29", false)]);
        let today = days_of("2026-11-28", "2026-11-28T23:00:00Z");
        assert_eq!(today, [day("soon", "2026-11-28", false)]);
        assert_eq!(days_of("2026-11-27", "2026-11-28T09:00:00Z"), []);
    }
}
