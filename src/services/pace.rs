//! How often something may be written: so many times within a span, in this process.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::domain::millis::Millis;

/// The times of the last writes.
#[derive(Debug, Default)]
pub struct Pace(Mutex<VecDeque<Millis>>);

impl Pace {
    /// Whether one more is allowed at `now`, where `most` are allowed within `span`;
    /// if so, counts it.
    pub fn allows(&self, now: Millis, most: usize, span: Duration) -> bool {
        let mut times = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        times.retain(|at| now.since(*at) < span);
        let allowed = times.len() < most;
        if allowed {
            times.push_back(now);
        }
        allowed
    }

    /// Allows the next one in any case.
    pub fn reset(&self) {
        let mut times = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        times.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_so_many_within_the_span() {
        let (pace, minute) = (Pace::default(), Duration::from_secs(60));
        let allows = |secs| pace.allows(Millis::from_secs(secs), 2, minute);
        assert_eq!([0, 1, 2, 59].map(allows), [true, true, false, false]);
        assert_eq!([60, 60, 61].map(allows), [true, false, true]);
        assert!(!allows(62));
        pace.reset();
        assert!(allows(62));
    }
}
