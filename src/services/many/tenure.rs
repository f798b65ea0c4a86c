//! A run in the hands of one worker: its lease, and writing under it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sqlx::AnyConnection;

use crate::domain::millis::Millis;
use crate::domain::run::Run;
use crate::services::Portal;
use crate::services::engine::LEASE;
use crate::storage::issuances::Lease;
use crate::storage::{StorageError, Work, runs};

const EXTEND_EVERY: Duration = Duration::from_secs(2);

/// A run and the lease under which it is worked on.
pub(super) struct Tenure<'a> {
    pub(super) portal: &'a Arc<Portal>,
    pub(super) run: Run,
    lease: Lease,
    until: AtomicI64,
}

impl<'a> Tenure<'a> {
    pub(super) const fn new(portal: &'a Arc<Portal>, run: Run, lease: Lease) -> Self {
        Self {
            until: AtomicI64::new(lease.until.0),
            portal,
            run,
            lease,
        }
    }

    /// Whether the lease is live, as far as this process knows: who was paused for longer
    /// must not order anything.
    pub(super) fn holds(&self) -> bool {
        self.portal.clock.now() < Millis(self.until.load(Ordering::Relaxed))
    }

    pub(super) fn holder(&self) -> &str {
        &self.lease.holder
    }

    /// The run and the name of the lease, for statements that ask for it.
    pub(super) fn held(&self) -> (String, String) {
        (self.run.id.clone(), self.lease.holder.clone())
    }

    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, StorageError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut AnyConnection) -> Work<'c, T> + Send + 'static,
    {
        self.portal.storage.write(work).await
    }

    /// Extends the lease; returns once it is lost.
    pub(super) async fn keep(&self) {
        loop {
            tokio::time::sleep(EXTEND_EVERY).await;
            let until = self.portal.clock.now() + LEASE;
            let (id, holder) = self.held();
            let lease = Lease { holder, until };
            let extended = self
                .write(move |conn| Box::pin(async move { runs::extend(conn, &id, &lease).await }));
            match extended.await {
                Ok(true) => self.until.store(until.0, Ordering::Relaxed),
                Ok(false) => return,
                Err(error) => tracing::warn!(event = "run_lease_not_extended", %error),
            }
        }
    }

    /// Gives the run back.
    pub(super) async fn release(&self) -> Result<(), StorageError> {
        let (id, holder) = self.held();
        self.write(move |conn| Box::pin(async move { runs::release(conn, &id, &holder).await }))
            .await
    }
}
