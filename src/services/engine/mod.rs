//! The heart: the two calls of an issuance, made so that nothing is lost.
//!
//! Commit the intent, call, commit the outcome. The work is spawned and
//! tracked, never owned by a request: a closed tab cannot cut it. Knows
//! nothing of forms or pages.

mod calls;
mod outcome;
mod record;
mod step;
mod worker;
mod working;

pub use outcome::CallOutcome;
pub use step::{By, step};
pub use worker::{begin_create, begin_finalize};
pub use working::{LEASE, Recording, Working, keep_leases};
