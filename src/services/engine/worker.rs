//! Whoever carries an issuance through its calls, outside any request.

use super::in_flight::LeaseGuard;
use super::step::By;
use crate::services::Portal;
use crate::services::connections::Redtrust;

/// Carries one issuance under one lease, from its intent to its outcome.
pub(super) struct Worker<'a> {
    pub(super) portal: &'a Portal,
    pub(super) redtrust: &'a Redtrust,
    pub(super) lease: LeaseGuard<'a>,
    pub(super) by: By,
}

impl Worker<'_> {
    /// A process that was stopped for longer than its lease must not send:
    /// another may have sorted the issuance meanwhile.
    pub(super) fn may_send(&self) -> bool {
        self.lease.holds(self.portal.clock.now())
    }
}
