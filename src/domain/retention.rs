//! How long personal data is kept.

use std::time::Duration;

use super::millis::Millis;

/// Days from the end of a request, or of its certificate's validity, until what is
/// personal in it is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention(u16);

impl Retention {
    /// From 1 to 36,500 days; `None` for anything else.
    pub fn of_days(text: &str) -> Option<Self> {
        let days: u16 = text.trim().parse().ok()?;
        (1..=36_500).contains(&days).then_some(Self(days))
    }

    /// The number of days.
    pub const fn days(self) -> u16 {
        self.0
    }

    /// What ended before this is to be erased at `now`.
    pub fn ended_before(self, now: Millis) -> Millis {
        now - Duration::from_secs(u64::from(self.0) * 24 * 3600)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_days_is_read_and_nothing_else() {
        let retention = Retention::of_days(" 30 ").unwrap();
        assert_eq!(retention.days(), 30);
        let day = 24 * 3600 * 1000;
        assert_eq!(retention.ended_before(Millis(31 * day)), Millis(day));
        for wrong in ["", "0", "-1", "1.5", "36501", "99999", "a year"] {
            assert_eq!(Retention::of_days(wrong), None, "{wrong}");
        }
    }
}
