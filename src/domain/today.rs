//! Now, among the days that people see.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::millis::{DAY, Millis};

/// A point in time, and the time zone of the pages. They show days, so what is counted in
/// days begins and ends with one: whatever shows the same date is treated alike.
#[derive(Debug, Clone, Copy)]
pub struct Today<'a> {
    /// The point in time.
    pub now: Millis,
    /// The zone whose days are meant.
    pub zone: &'a TimeZone,
}

impl Today<'_> {
    /// When the day ends that is so many days after this one.
    pub fn end_in(self, days: u16) -> Millis {
        let end = self.midnight(self.now, i32::from(days) + 1);
        end.unwrap_or(self.now + DAY * (u32::from(days) + 1))
    }

    /// When the day begins that is so many days before that of `at`.
    pub fn begin_before(self, at: Millis, days: u16) -> Millis {
        let begin = self.midnight(at, -i32::from(days));
        begin.unwrap_or(at - DAY * u32::from(days))
    }

    /// Whether `at` is on this day or on the next: then the hour counts.
    pub fn is_close(self, at: Millis) -> bool {
        (self.begin_before(self.now, 0)..self.end_in(1)).contains(&at)
    }

    /// How many days ago the day of `at` was; 0 if it is this one, or is to come.
    pub fn days_since(self, at: Millis) -> i64 {
        match (self.date(self.now), self.date(at)) {
            (Some(today), Some(then)) => i64::from((today - then).get_days()).max(0),
            _ => i64::try_from(self.now.since(at).as_secs() / DAY.as_secs()).unwrap_or(i64::MAX),
        }
    }

    /// When it was this hour last: today, or yesterday.
    pub fn last(self, hour: i8) -> Millis {
        let mut times = [0, -1]
            .into_iter()
            .filter_map(|days| self.hour(self.now, days, hour));
        let last = times.find(|at| *at <= self.now);
        last.unwrap_or(self.now - DAY)
    }

    /// The beginning of the day that is so many days after that of `at`; `None` where the
    /// calendar ends.
    fn midnight(self, at: Millis, days: i32) -> Option<Millis> {
        self.hour(at, days, 0)
    }

    /// This hour of that day.
    fn hour(self, at: Millis, days: i32, hour: i8) -> Option<Millis> {
        let day = self.date(at)?.checked_add(days.days()).ok()?;
        let at = day.at(hour, 0, 0, 0).to_zoned(self.zone.clone()).ok()?;
        Some(Millis(at.timestamp().as_millisecond()))
    }

    /// The day of a point in time; `None` where the calendar ends.
    fn date(self, at: Millis) -> Option<Date> {
        let at = Timestamp::from_millisecond(at.0).ok()?;
        Some(at.to_zoned(self.zone.clone()).date())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(text: &str) -> Millis {
        let at: Timestamp = text.parse().unwrap();
        Millis(at.as_millisecond())
    }

    #[test]
    fn days_begin_and_end_at_midnight_of_the_zone_even_when_clocks_change() {
        let zone = TimeZone::get("Europe/Madrid").unwrap();
        let today = |now: &str| Today {
            now: millis(now),
            zone: &zone,
        };
        for now in ["2026-11-29T23:00:00Z", "2026-11-30T22:59:59Z"] {
            assert_eq!(today(now).end_in(0), millis("2026-11-30T23:00:00Z"));
            assert_eq!(today(now).end_in(7), millis("2026-12-07T23:00:00Z"));
        }
        // In between the clocks go back by an hour.
        let before = today("2026-10-20T10:00:00Z");
        assert_eq!(before.end_in(7), millis("2026-10-27T23:00:00Z"));
        let expiry = millis("2026-10-30T12:00:00Z");
        let begin = millis("2026-09-29T22:00:00Z");
        assert_eq!(before.begin_before(expiry, 30), begin);
    }

    #[test]
    fn an_hour_was_last_today_or_yesterday_even_when_clocks_change() {
        let zone = TimeZone::get("Europe/Madrid").unwrap();
        for (now, last) in [
            ("2026-11-30T06:59:59Z", "2026-11-29T07:00:00Z"),
            ("2026-11-30T07:00:00Z", "2026-11-30T07:00:00Z"),
            ("2026-11-30T22:59:59Z", "2026-11-30T07:00:00Z"),
            ("2026-07-01T06:00:00Z", "2026-07-01T06:00:00Z"),
            ("2026-10-25T06:59:59Z", "2026-10-24T06:00:00Z"),
            ("2026-10-25T07:00:00Z", "2026-10-25T07:00:00Z"),
        ] {
            let today = Today {
                now: millis(now),
                zone: &zone,
            };
            assert_eq!(today.last(8), millis(last), "{now}");
        }
    }

    #[test]
    fn the_hour_counts_today_and_tomorrow() {
        let zone = TimeZone::get("Europe/Madrid").unwrap();
        let today = Today {
            now: millis("2026-11-30T17:00:00Z"),
            zone: &zone,
        };
        for (at, is_close) in [
            ("2026-11-29T22:59:59Z", false),
            ("2026-11-29T23:00:00Z", true),
            ("2026-11-30T15:00:00Z", true),
            ("2026-12-01T22:59:59Z", true),
            ("2026-12-01T23:00:00Z", false),
        ] {
            assert_eq!(today.is_close(millis(at)), is_close, "{at}");
        }
    }

    #[test]
    fn days_ago_are_those_of_the_calendar() {
        let zone = TimeZone::get("Europe/Madrid").unwrap();
        let today = Today {
            now: millis("2026-10-30T08:00:00Z"),
            zone: &zone,
        };
        for (at, days) in [
            ("2026-10-30T09:00:00Z", 0),
            ("2026-10-29T23:00:00Z", 0),
            ("2026-10-29T22:59:59Z", 1),
            // In between the clocks go back by an hour.
            ("2026-10-23T22:00:00Z", 6),
            ("2026-10-23T21:59:59Z", 7),
            ("2025-10-29T23:30:00Z", 365),
            ("2027-01-01T00:00:00Z", 0),
        ] {
            assert_eq!(today.days_since(millis(at)), days, "{at}");
        }
    }

    #[test]
    fn where_the_calendar_ends_days_have_24_hours() {
        let now = Millis(i64::MAX / 2);
        let today = Today {
            now,
            zone: &TimeZone::UTC,
        };
        assert_eq!(today.end_in(0), now + DAY);
        assert_eq!(today.begin_before(now, 2), now - DAY * 2);
        assert_eq!(today.last(8), now - DAY);
        assert_eq!(today.days_since(now - DAY * 2), 2);
    }
}
