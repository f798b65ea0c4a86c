//! Who works on what in this process, and the leases that say so to others.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::domain::issuance::Event;
use crate::domain::millis::Millis;
use crate::storage::issuances::{Lease, extend_lease};
use crate::storage::{Storage, StorageError};

/// How long a lease lasts unless it is extended. Short, so that the work of a
/// dead process is sorted soon; a living one extends its leases long before.
pub const LEASE: Duration = Duration::from_secs(6);

/// How often a living process extends its leases.
const EXTEND_EVERY: Duration = Duration::from_secs(2);

/// An outcome that Redtrust gave and that is not on disk yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recording {
    /// Redtrust issued the certificate.
    Issued,
    /// Anything else.
    Other,
}

/// The work under way in this process.
#[derive(Debug)]
pub struct Working {
    holder: String,
    runtime: Handle,
    tasks: TaskTracker,
    active: Mutex<HashMap<String, Active>>,
}

/// One issuance that this process works on.
#[derive(Debug, Clone, Copy)]
struct Active {
    lease_until: Millis,
    recording: Option<Recording>,
}

impl Working {
    /// Nothing under way yet; `holder` names this process among all. Work
    /// will run on the runtime that this is called on, not on those of the
    /// HTTP workers: they end before the work does when the portal stops.
    pub fn new(holder: String) -> Self {
        Self {
            holder,
            runtime: Handle::current(),
            tasks: TaskTracker::new(),
            active: Mutex::default(),
        }
    }

    /// This process's name in leases.
    pub fn holder(&self) -> &str {
        &self.holder
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

    /// A lease from now on.
    pub fn lease(&self, clock: &Clock) -> Lease {
        Lease {
            holder: self.holder.clone(),
            until: clock.now() + LEASE,
        }
    }

    /// Counts `id` as worked on until the guard is dropped, under the lease
    /// that its intent was committed with: a later one is not ours to assume.
    pub(super) fn enter<'a>(&'a self, id: &str, lease_until: Millis) -> Entered<'a> {
        let active = Active {
            lease_until,
            recording: None,
        };
        self.lock().insert(id.to_owned(), active);
        Entered {
            working: self,
            id: id.to_owned(),
        }
    }

    /// Whether this process works on `id`, and on recording what.
    pub fn recording(&self, id: &str) -> Option<Recording> {
        self.lock().get(id)?.recording
    }

    /// Whether this process works on `id` under a lease that is live at `now`.
    pub(super) fn holds(&self, id: &str, now: Millis) -> bool {
        self.lock()
            .get(id)
            .is_some_and(|active| now < active.lease_until)
    }

    fn extended(&self, ids: &[String], until: Millis) {
        let mut active = self.lock();
        for id in ids {
            if let Some(active) = active.get_mut(id) {
                active.lease_until = active.lease_until.max(until);
            }
        }
    }

    /// Whether this process works on `id`.
    pub fn is_at(&self, id: &str) -> bool {
        self.lock().contains_key(id)
    }

    fn ids(&self) -> Vec<String> {
        self.lock().keys().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Active>> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Proof that this process counts an issuance as worked on.
pub(super) struct Entered<'a> {
    working: &'a Working,
    id: String,
}

impl Entered<'_> {
    /// Says that the next call's intent was committed under this lease.
    pub(super) fn intended(&self, lease_until: Millis) {
        if let Some(active) = self.working.lock().get_mut(&self.id) {
            active.lease_until = lease_until;
        }
    }

    /// Says that what Redtrust answered is on disk.
    pub(super) fn recorded(&self) {
        if let Some(active) = self.working.lock().get_mut(&self.id) {
            active.recording = None;
        }
    }

    /// Says that Redtrust has answered and the disk has not.
    pub(super) fn recording(&self, event: Event) {
        let what = match event {
            Event::Issued => Recording::Issued,
            _ => Recording::Other,
        };
        if let Some(active) = self.working.lock().get_mut(&self.id) {
            active.recording = Some(what);
        }
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.working.lock().remove(&self.id);
    }
}

/// Extends the leases of what this process works on, for as long as it lives.
pub async fn keep_leases(storage: Storage, clock: Clock, working: std::sync::Arc<Working>) {
    let mut tick = tokio::time::interval(EXTEND_EVERY);
    loop {
        tick.tick().await;
        let ids = working.ids();
        if ids.is_empty() {
            continue;
        }
        let lease = working.lease(&clock);
        let until = lease.until;
        let done = storage
            .write(move |conn| {
                Box::pin(async move {
                    let mut held = Vec::with_capacity(ids.len());
                    for id in ids {
                        if extend_lease(conn, &id, &lease).await? {
                            held.push(id);
                        }
                    }
                    Ok::<_, StorageError>(held)
                })
            })
            .await;
        match done {
            Ok(held) => working.extended(&held, until),
            Err(error) => tracing::warn!(event = "leases_not_extended", %error),
        }
    }
}
