//! The engine: makes the two calls of an issuance so that nothing is lost.
//!
//! Commit the intent, call, commit the outcome. The work runs in a tracked
//! task, not in a request: closing the browser tab does not interrupt it. Knows
//! nothing of forms or pages.

mod begin;
mod calls;
mod drive;
mod in_flight;
mod intent;
mod lease_watch;
mod outcome;
mod places;
mod record;
mod settled;
mod step;
mod worker;

pub use begin::{begin_create, begin_finalize};
pub use in_flight::{EXTEND_EVERY, InFlight, LEASE, keep_leases};
pub use lease_watch::LeaseWatch;
pub use outcome::CallOutcome;
pub use settled::settled;
pub use step::{By, step};
