//! Caller works on what in this process, and the leases that say so to others.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::domain::millis::Millis;
use crate::storage::issuances::{Lease, extend_lease};
use crate::storage::{Storage, StorageError};

/// How long a lease lasts unless it is extended. Short, so that the work of a
/// dead process is sorted soon; a living one extends its leases long before.
pub const LEASE: Duration = Duration::from_secs(6);

/// How often a living process extends its leases.
const EXTEND_EVERY: Duration = Duration::from_secs(2);

/// The work under way in this process.
#[derive(Debug)]
pub struct InFlight {
    holder: String,
    runtime: Handle,
    tasks: TaskTracker,
    leases: AtomicU64,
    active: Mutex<HashMap<String, Active>>,
}

/// One issuance that this process works on.
#[derive(Debug, Clone)]
struct Active {
    lease: Lease,
    /// Redtrust has issued the certificate, and that is not on disk yet.
    unsaved_certificate: bool,
}

impl InFlight {
    /// Nothing under way yet; `holder` names this process among all. Work
    /// will run on the runtime that this is called on, not on those of the
    /// HTTP workers: they end before the work does when the portal stops.
    pub fn new(holder: String) -> Self {
        Self {
            holder,
            runtime: Handle::current(),
            tasks: TaskTracker::new(),
            leases: AtomicU64::new(0),
            active: Mutex::default(),
        }
    }

    /// Lets work run that no request owns and that the process waits for
    /// before it ends.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn_on(work, &self.runtime);
    }

    /// Returns once nothing is under way.
    pub async fn idle(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Whether the process is about to end: nothing that waits may wait on.
    pub fn is_stopping(&self) -> bool {
        self.tasks.is_closed()
    }

    /// A new lease from now on. Lease names are unique per task, so a stalled
    /// task is never taken for its replacement.
    pub(super) fn lease(&self, clock: &Clock) -> Lease {
        let number = self.leases.fetch_add(1, Ordering::Relaxed);
        Lease {
            holder: format!("{}/{number}", self.holder),
            until: clock.now() + LEASE,
        }
    }

    /// Registers `id` as in progress until the guard drops. Pass the lease
    /// stored with the intent: a newer one would let a stalled worker look alive.
    pub(super) fn enter<'a>(&'a self, id: &str, lease: Lease) -> LeaseGuard<'a> {
        let holder = lease.holder.clone();
        let active = Active {
            lease,
            unsaved_certificate: false,
        };
        self.lock().insert(id.to_owned(), active);
        LeaseGuard {
            in_flight: self,
            id: id.to_owned(),
            holder,
        }
    }

    /// Whether this process holds a certificate for `id` that is not on disk yet.
    pub fn has_unsaved_certificate(&self, id: &str) -> bool {
        self.lock()
            .get(id)
            .is_some_and(|active| active.unsaved_certificate)
    }

    fn extended(&self, leases: &[(String, Lease)]) {
        let mut active = self.lock();
        for (id, lease) in leases {
            if let Some(active) = active.get_mut(id)
                && active.lease.holder == lease.holder
            {
                active.lease.until = active.lease.until.max(lease.until);
            }
        }
    }

    /// Whether this process works on `id`.
    pub fn works_on(&self, id: &str) -> bool {
        self.lock().contains_key(id)
    }

    /// Every lease that is held here, as it is to be from now on.
    fn renewed(&self, clock: &Clock) -> Vec<(String, Lease)> {
        let until = clock.now() + LEASE;
        let renewed = |(id, active): (&String, &Active)| {
            let holder = active.lease.holder.clone();
            (id.clone(), Lease { holder, until })
        };
        self.lock().iter().map(renewed).collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Active>> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A lease that this process works under, until it is dropped.
pub(super) struct LeaseGuard<'a> {
    in_flight: &'a InFlight,
    id: String,
    holder: String,
}

impl LeaseGuard<'_> {
    /// The name of its lease.
    pub(super) fn holder(&self) -> &str {
        &self.holder
    }

    /// The same lease from now on, to be committed with the next step.
    pub(super) fn renewed(&self, clock: &Clock) -> Lease {
        Lease {
            holder: self.holder.clone(),
            until: clock.now() + LEASE,
        }
    }

    /// Whether its lease is live at `now` and no other worker took over.
    pub(super) fn holds(&self, now: Millis) -> bool {
        self.if_ours(|active| now < active.lease.until) == Some(true)
    }

    /// Says that a step was committed under this lease.
    pub(super) fn committed(&self, lease_until: Millis) {
        self.if_ours(|active| active.lease.until = lease_until);
    }

    /// Says whether Redtrust has issued a certificate that is not on disk yet.
    pub(super) fn set_unsaved_certificate(&self, unsaved: bool) {
        self.if_ours(|active| active.unsaved_certificate = unsaved);
    }

    fn if_ours<T>(&self, act: impl FnOnce(&mut Active) -> T) -> Option<T> {
        let mut active = self.in_flight.lock();
        let ours = active.get_mut(&self.id)?;
        (ours.lease.holder == self.holder).then(|| act(ours))
    }
}

impl Drop for LeaseGuard<'_> {
    fn drop(&mut self) {
        if self.if_ours(|_| ()).is_some() {
            self.in_flight.lock().remove(&self.id);
        }
    }
}

/// Extends the leases of what this process works on, for as long as it lives.
pub async fn keep_leases(storage: Storage, clock: Clock, in_flight: Arc<InFlight>) {
    let mut tick = tokio::time::interval(EXTEND_EVERY);
    loop {
        tick.tick().await;
        let leases = in_flight.renewed(&clock);
        if leases.is_empty() {
            continue;
        }
        let done = storage
            .write(move |conn| {
                Box::pin(async move {
                    let mut held = Vec::with_capacity(leases.len());
                    for (id, lease) in leases {
                        if extend_lease(conn, &id, &lease).await? {
                            held.push((id, lease));
                        }
                    }
                    Ok::<_, StorageError>(held)
                })
            })
            .await;
        match done {
            Ok(held) => in_flight.extended(&held),
            Err(error) => tracing::warn!(event = "leases_not_extended", %error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_worker_that_was_given_up_does_not_pass_for_its_successor() {
        let (in_flight, clock) = (InFlight::new("node".into()), Clock::manual(Millis(0)));
        let first = in_flight.enter("i", in_flight.lease(&clock));
        let second = in_flight.enter("i", in_flight.lease(&clock));
        let now = clock.now();
        assert!(!first.holds(now) && second.holds(now));
        first.committed(Millis(i64::MAX));
        drop(first);
        assert!(in_flight.works_on("i") && second.holds(now));
        assert!(!second.holds(now + LEASE));
        drop(second);
        assert!(!in_flight.works_on("i"));
    }
}
