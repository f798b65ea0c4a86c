//! What runs beside the requests, until the process ends.

use std::sync::Arc;

use tokio::task::JoinHandle;

use crate::mail::{self, Letterhead, Sender};
use crate::services::{Portal, engine, housekeeping, many, reconciler};

/// The background tasks.
pub(super) struct Background(Vec<JoinHandle<()>>);

impl Background {
    pub(super) fn start(portal: &Arc<Portal>, post: Option<(Sender, Letterhead)>) -> Self {
        let leases = engine::keep_leases(
            portal.storage.clone(),
            portal.clock.clone(),
            Arc::clone(&portal.in_flight),
        );
        let mut tasks = vec![
            tokio::spawn(leases),
            tokio::spawn(reconciler::run(Arc::clone(portal))),
            tokio::spawn(housekeeping::run(Arc::clone(portal))),
            tokio::spawn(many::run(Arc::clone(portal))),
        ];
        if let Some((sender, head)) = post {
            tasks.push(tokio::spawn(mail::run(Arc::clone(portal), sender, head)));
        }
        Self(tasks)
    }

    pub(super) fn stop(self) {
        for task in self.0 {
            task.abort();
        }
    }
}
