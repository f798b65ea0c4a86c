//! The one place that reads the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::domain::millis::Millis;

/// Where `now` comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's own clock.
    System,
    /// A clock that stands still until it is moved: for tests.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `start` until it is moved.
    pub fn manual(start: Millis) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(start.0)))
    }

    /// The time.
    pub fn now(&self) -> Millis {
        match self {
            Self::System => Millis(
                SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .ok()
                    .and_then(|since| i64::try_from(since.as_millis()).ok())
                    .unwrap_or(0),
            ),
            Self::Manual(millis) => Millis(millis.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock on; the machine's own is not ours to move.
    pub fn advance(&self, by: Duration) {
        if let Self::Manual(millis) = self {
            let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
            millis.fetch_add(by, Ordering::SeqCst);
        }
    }
}
