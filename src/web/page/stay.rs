//! How long the session lasts, for the warning shown before it ends.

use crate::domain::millis::Millis;
use crate::web::session::{Ends, IDLE};

/// Counted from when the page was rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// Seconds until the session ends without activity.
    pub ends_in: u64,
    /// Seconds until the session ends in any case.
    pub last_in: u64,
}

impl Stay {
    /// Minutes without a request until a session ends.
    pub(super) const PAUSE_MINUTES: i64 = (IDLE.as_secs() / 60).cast_signed();

    /// The time left at `now`.
    pub fn of(ends: Ends, now: Millis) -> Self {
        Self {
            ends_in: ends.idle.since(now).as_secs(),
            last_in: ends.last.since(now).as_secs(),
        }
    }
}
