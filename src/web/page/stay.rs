//! How long the session of whoever is signed in lasts, for the warning before
//! it ends.

use crate::domain::millis::Millis;
use crate::web::session::{Ends, IDLE};

/// How long a session lasts, from when the page was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// Seconds until it ends unless it is used.
    pub ends_in: u64,
    /// Seconds until it ends in any case.
    pub last_in: u64,
}

impl Stay {
    /// For how many minutes one may do nothing.
    pub(super) const PAUSE_MINUTES: i64 = (IDLE.as_secs() / 60).cast_signed();

    /// What is left at `now`.
    pub fn of(ends: Ends, now: Millis) -> Self {
        Self {
            ends_in: ends.idle.since(now).as_secs(),
            last_in: ends.last.since(now).as_secs(),
        }
    }
}
