//! The limit on concurrent calls of one connection. Calls above it fail at once: a
//! queue would only hide that the server is slow. Sign-ins have few places, of their own, and
//! wait a moment for one, because many people arrive at the same time in the morning.

use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

/// The permits for concurrent calls.
#[derive(Debug)]
pub(super) struct Limit {
    permits: Semaphore,
    calls: usize,
}

impl Limit {
    /// At most `calls` at the same time.
    pub(super) fn new(calls: usize) -> Self {
        let permits = Semaphore::new(calls);
        Self { permits, calls }
    }

    /// A permit, held until it is dropped; `None` if all are taken.
    pub(super) fn enter(&self) -> Option<SemaphorePermit<'_>> {
        self.permits.try_acquire().ok()
    }

    /// How many are under way.
    pub(super) fn taken(&self) -> usize {
        self.calls.saturating_sub(self.permits.available_permits())
    }

    /// The same, but waits for one for at most this time.
    pub(super) async fn enter_within(&self, wait: Duration) -> Option<SemaphorePermit<'_>> {
        let permit = tokio::time::timeout(wait, self.permits.acquire()).await;
        permit.ok().and_then(Result::ok)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permit_is_free_again_once_it_is_dropped() {
        let limit = Limit::new(1);
        let taken = limit.enter();
        assert!(taken.is_some());
        assert!(limit.enter().is_none());
        drop(taken);
        assert!(limit.enter().is_some());
    }
}
