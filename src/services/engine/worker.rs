//! Takes an issuance through its calls, outside any request.

use super::in_flight::LeaseGuard;
use super::step::By;
use crate::services::Portal;
use crate::services::connections::Redtrust;

/// Works on one issuance under one lease, from intent to outcome.
pub(super) struct Worker<'a> {
    pub(super) portal: &'a Portal,
    pub(super) redtrust: &'a Redtrust,
    pub(super) lease: LeaseGuard<'a>,
    pub(super) by: By,
}

impl Worker<'_> {
    /// A process that was paused for longer than its lease must not send:
    /// another process may have resolved the issuance in the meantime.
    pub(super) fn may_send(&self) -> bool {
        self.lease.holds(self.portal.clock.now())
    }
}
