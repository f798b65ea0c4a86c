//! Whether a lease that has ended proves that its holder is gone. While the database could
//! not be reached, nobody could extend one.

use std::time::Duration;

use tokio::time::Instant;

use super::{EXTEND_EVERY, LEASE};

/// Without a look for so long, leases of holders that live may have ended meanwhile.
const GAP: Duration = LEASE.saturating_sub(EXTEND_EVERY);

/// The looks of one task for leases that have ended.
#[derive(Debug, Default)]
pub struct LeaseWatch {
    last: Option<Instant>,
    not_before: Option<Instant>,
}

impl LeaseWatch {
    /// Notes that the database has answered `now`. Returns whether leases that have ended may
    /// be taken over: after a gap their holders have the time of one lease to extend them.
    pub fn may_take_over(&mut self, now: Instant) -> bool {
        let last = self.last.replace(now);
        if last.is_some_and(|last| now - last > GAP) {
            self.not_before = Some(now + LEASE);
        }
        self.not_before.is_none_or(|not_before| now >= not_before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_gap_holders_that_live_have_time_to_extend_their_leases() {
        let (mut watch, mut now) = (LeaseWatch::default(), Instant::now());
        let mut after = |seconds| {
            now += Duration::from_secs(seconds);
            watch.may_take_over(now)
        };
        assert!(after(0) && after(1) && after(4));
        assert!(!after(5) && !after(3) && !after(2));
        assert!(after(1) && after(1));
    }
}
