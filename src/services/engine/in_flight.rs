//! What this process is working on, and the leases that show this to other
//! processes.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use super::places::{Places, Singles};
use crate::clock::Clock;
use crate::domain::millis::Millis;
use crate::storage::Storage;
use crate::storage::issuances::{Lease, extend_leases};

/// How long a lease lasts unless it is extended. Short, so that the issuances
/// of a dead process are resolved soon; a live process extends its leases well
/// before.
pub const LEASE: Duration = Duration::from_secs(6);

/// How often a holder that lives extends its leases.
pub const EXTEND_EVERY: Duration = Duration::from_secs(2);

/// The work in progress in this process.
#[derive(Debug)]
pub struct InFlight {
    holder: String,
    runtime: Handle,
    tasks: TaskTracker,
    leases: AtomicU64,
    active: Mutex<HashMap<String, Active>>,
    /// For the issuances of runs.
    pub places: Places,
    /// For the others.
    pub singles: Singles,
}

/// One issuance that this process works on.
#[derive(Debug, Clone)]
struct Active {
    lease: Lease,
    /// Redtrust has issued the certificate, but it is not stored yet.
    unsaved_certificate: bool,
}

impl InFlight {
    /// `holder` must be unique among all processes. Work runs on the runtime
    /// that calls this, not on those of the HTTP workers: they stop before the
    /// work is finished when the portal shuts down.
    pub fn new(holder: String) -> Self {
        Self {
            holder,
            runtime: Handle::current(),
            tasks: TaskTracker::new(),
            leases: AtomicU64::new(0),
            active: Mutex::default(),
            places: Places::default(),
            singles: Singles::default(),
        }
    }

    /// Runs work that no request owns, but may have begun: log and traces say which. The
    /// process waits for it before it ends.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn_on(work.in_current_span(), &self.runtime);
    }

    /// The same, and returns once the work is done.
    pub async fn spawn_and_wait(&self, work: impl Future<Output = ()> + Send + 'static) {
        let (over, is_over) = oneshot::channel::<()>();
        self.spawn(async move {
            work.await;
            drop(over);
        });
        let _closed = is_over.await;
    }

    /// Returns once no work is in progress.
    pub async fn idle(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Nothing new should begin in the background.
    pub fn stop_soon(&self) {
        self.tasks.close();
    }

    /// Whether the process is shutting down: nothing should keep waiting.
    pub fn is_stopping(&self) -> bool {
        self.tasks.is_closed()
    }

    /// A new lease, starting now. Lease names are unique per task, so a stalled
    /// task is never taken for its replacement.
    pub(in crate::services) fn lease(&self, clock: &Clock) -> Lease {
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

    /// Whether this process has a certificate for `id` that is not stored yet.
    pub fn has_unsaved_certificate(&self, id: &str) -> bool {
        self.lock()
            .get(id)
            .is_some_and(|active| active.unsaved_certificate)
    }

    /// Notes that these leases, of an issuance by a holder, last until then.
    fn extended(&self, leases: &[(String, String)], until: Millis) {
        let mut active = self.lock();
        for (id, holder) in leases {
            if let Some(active) = active.get_mut(id)
                && active.lease.holder == *holder
            {
                active.lease.until = active.lease.until.max(until);
            }
        }
    }

    pub fn works_on(&self, id: &str) -> bool {
        self.lock().contains_key(id)
    }

    /// Every lease held here: of which issuance, and by which holder.
    fn leases(&self) -> Vec<(String, String)> {
        let lease = |(id, active): (&String, &Active)| (id.clone(), active.lease.holder.clone());
        self.lock().iter().map(lease).collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Active>> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A lease that this process works under, until the guard is dropped.
pub(super) struct LeaseGuard<'a> {
    in_flight: &'a InFlight,
    id: String,
    holder: String,
}

impl LeaseGuard<'_> {
    /// The name of the lease.
    pub(super) fn holder(&self) -> &str {
        &self.holder
    }

    /// The same lease with a new end, to be committed with the next step.
    pub(super) fn renewed(&self, clock: &Clock) -> Lease {
        Lease {
            holder: self.holder.clone(),
            until: clock.now() + LEASE,
        }
    }

    /// Whether the lease is live at `now` and no other worker took over.
    pub(super) fn holds(&self, now: Millis) -> bool {
        self.if_ours(|active| now < active.lease.until) == Some(true)
    }

    /// Call after a step was committed under this lease.
    pub(super) fn committed(&self, lease_until: Millis) {
        self.if_ours(|active| active.lease.until = lease_until);
    }

    /// Sets whether there is an issued certificate that is not stored yet.
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
        let mut active = self.in_flight.lock();
        let ours = active.get(&self.id);
        if ours.is_some_and(|ours| ours.lease.holder == self.holder) {
            active.remove(&self.id);
        }
    }
}

/// Extends the leases of this process until it ends.
pub async fn keep_leases(storage: Storage, clock: Clock, in_flight: Arc<InFlight>) {
    let mut tick = tokio::time::interval(EXTEND_EVERY);
    loop {
        tick.tick().await;
        let (mut leases, until) = (in_flight.leases(), clock.now() + LEASE);
        if leases.is_empty() {
            continue;
        }
        let asked = leases.clone();
        let done = storage
            .write(move |conn| Box::pin(async move { extend_leases(conn, &asked, until).await }))
            .await;
        match done {
            Ok(held) => {
                leases.retain(|(id, _)| held.contains(id));
                in_flight.extended(&leases, until);
            }
            Err(error) => tracing::warn!(event = "leases_not_extended", %error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

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
    #[tokio::test]
    async fn a_successor_that_enters_while_its_predecessor_leaves_stays() {
        let (in_flight, clock) = (InFlight::new("node".into()), Clock::manual(Millis(0)));
        let both = Barrier::new(2);
        for _ in 0..3_000 {
            let first = in_flight.enter("i", in_flight.lease(&clock));
            let lease = in_flight.lease(&clock);
            let second = std::thread::scope(|scope| {
                scope.spawn(|| {
                    both.wait();
                    drop(first);
                });
                both.wait();
                in_flight.enter("i", lease)
            });
            assert!(second.holds(clock.now()));
        }
    }
}
