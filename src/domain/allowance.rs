//! How often something may be tried: a number of times at once, and one more after each
//! interval.

use std::time::Duration;

use super::millis::Millis;

/// An allowance of tries. What was spent comes back one by one; all that has to be kept
/// is when the allowance will be whole again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    tries: u32,
    one_more_after: Duration,
}

impl Allowance {
    /// `tries` at once, and one more after each interval of this length.
    pub const fn new(tries: u32, one_more_after: Duration) -> Self {
        Self {
            tries,
            one_more_after,
        }
    }

    /// What one try costs: the time until it comes back.
    pub const fn cost(self) -> Duration {
        self.one_more_after
    }

    /// The latest time at which the allowance may be whole again, if there is to be a
    /// try left at `now`.
    pub fn latest(self, now: Millis) -> Millis {
        now + self
            .one_more_after
            .saturating_mul(self.tries.saturating_sub(1))
    }

    /// How long to wait at `now` for the next try, if the allowance will be whole again
    /// at `whole_at`; zero if there is a try left.
    pub fn wait(self, whole_at: Millis, now: Millis) -> Duration {
        whole_at.since(self.latest(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of ten tries at once there are, and how long the next one has to wait.
    fn spend_all(allowance: Allowance, mut whole_at: Millis, now: Millis) -> (usize, Duration) {
        for done in 0..10 {
            let wait = allowance.wait(whole_at, now);
            if !wait.is_zero() {
                return (done, wait);
            }
            whole_at = whole_at.max(now) + allowance.cost();
        }
        (10, Duration::ZERO)
    }

    #[test]
    fn so_many_at_once_and_then_one_after_each_interval() {
        let minute = Duration::from_secs(60);
        let allowance = Allowance::new(3, minute);
        let now = Millis::from_secs(1_000);
        assert_eq!(spend_all(allowance, Millis::default(), now), (3, minute));
        // Spent completely at `now`.
        let whole_at = now + minute * 3;
        let later = |seconds| spend_all(allowance, whole_at, now + Duration::from_secs(seconds));
        assert_eq!(later(59), (0, Duration::from_secs(1)));
        assert_eq!(later(60), (1, minute));
        assert_eq!(later(179), (2, Duration::from_secs(1)));
        assert_eq!(later(180), (3, minute));
    }

    #[test]
    fn one_try_leaves_nothing_until_it_comes_back() {
        let second = Duration::from_secs(1);
        let allowance = Allowance::new(1, second);
        let now = Millis::from_secs(5);
        assert_eq!(spend_all(allowance, now, now), (1, second));
        assert_eq!(spend_all(allowance, now + second, now), (0, second));
    }
}
