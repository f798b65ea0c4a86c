//! A run in the hands of one worker: its lease, and writing under it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use sqlx::AnyConnection;

use crate::domain::millis::Millis;
use crate::domain::run::{Hold, Run, RunLine, RunState, Skip};
use crate::services::Portal;
use crate::services::engine::{EXTEND_EVERY, LEASE};
use crate::storage::issuances::Lease;
use crate::storage::runs::{self, Held, HeldLine};
use crate::storage::{StorageError, Work};

/// A run and the lease under which it is worked on.
pub(super) struct Tenure {
    pub(super) portal: Arc<Portal>,
    pub(super) run: Run,
    held: Held,
    until: AtomicI64,
}

impl Tenure {
    pub(super) fn new(portal: Arc<Portal>, run: Run, lease: Lease) -> Self {
        Self {
            held: Held {
                run_id: run.id.clone(),
                holder: lease.holder,
            },
            until: AtomicI64::new(lease.until.0),
            portal,
            run,
        }
    }

    /// Whether the lease is live, as far as this process knows, and the process goes on:
    /// who was paused for longer, or is told to stop, must not order anything.
    pub(super) fn may_order(&self) -> bool {
        let until = Millis(self.until.load(Ordering::Relaxed));
        !self.portal.in_flight.is_stopping() && self.portal.clock.now() < until
    }

    /// One of its lines, for statements that ask for the lease.
    pub(super) fn line(&self, position: i64) -> HeldLine {
        HeldLine {
            run: self.held.clone(),
            position,
        }
    }

    async fn write<T, F>(&self, work: F) -> Result<T, StorageError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut AnyConnection, &'c Held, Millis) -> Work<'c, T> + Send + 'static,
    {
        let (held, now) = (self.held.clone(), self.portal.clock.now());
        self.portal
            .storage
            .write(move |conn| Box::pin(async move { work(conn, &held, now).await }))
            .await
    }

    /// Extends the lease; returns once it is lost.
    pub(super) async fn keep(&self) {
        loop {
            tokio::time::sleep(EXTEND_EVERY).await;
            let until = self.portal.clock.now() + LEASE;
            let extended = self.write(move |conn, run, _| Box::pin(runs::extend(conn, run, until)));
            match extended.await {
                Ok(true) => self.until.store(until.0, Ordering::Relaxed),
                Ok(false) => return,
                Err(error) => tracing::warn!(event = "run_lease_not_extended", %error),
            }
        }
    }

    /// Gives the run back.
    pub(super) async fn release(&self) -> Result<bool, StorageError> {
        self.write(|conn, run, _| Box::pin(runs::release(conn, run)))
            .await
    }

    /// The first lines that wait.
    pub(super) async fn waiting(&self, most: usize) -> Result<Vec<RunLine>, StorageError> {
        runs::waiting(&self.portal.storage, &self.held, most).await
    }

    /// Notes that a line was ordered as this issuance.
    pub(super) async fn took(&self, position: i64, id: String) -> Result<bool, StorageError> {
        let line = self.line(position);
        self.write(move |conn, _, _| Box::pin(async move { runs::took(conn, &line, &id).await }))
            .await
    }

    pub(super) async fn leave_out(&self, position: i64, why: Skip) -> Result<bool, StorageError> {
        let line = self.line(position);
        self.write(move |conn, _, _| {
            Box::pin(async move { runs::leave_out(conn, &line, why).await })
        })
        .await
    }

    /// Pauses the run until its owner goes on with it.
    pub(super) async fn hold(&self, why: Hold) -> Result<bool, StorageError> {
        self.say((RunState::Paused, Some(why))).await
    }

    /// Says what the run waits for that goes on by itself, or that it waits no more.
    pub(super) async fn note(&self, why: Option<Hold>) -> Result<bool, StorageError> {
        self.say((RunState::Working, why)).await
    }

    async fn say(&self, what: (RunState, Option<Hold>)) -> Result<bool, StorageError> {
        self.write(move |conn, run, now| Box::pin(runs::hold(conn, run, what, now)))
            .await
    }

    /// Puts back what was not sent. Returns how many lines that are.
    pub(super) async fn requeue(&self) -> Result<u64, StorageError> {
        self.write(|conn, run, now| Box::pin(runs::requeue(conn, run, now)))
            .await
    }

    /// Ends the run.
    pub(super) async fn finish(&self) -> Result<bool, StorageError> {
        self.write(|conn, run, now| Box::pin(runs::finish(conn, run, now)))
            .await
    }
}
