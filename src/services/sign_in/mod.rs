//! Signing in: through Redtrust's own page, or directly with an application
//! user. Every check that needs no network comes before the call.

mod begin;
mod callback;
mod direct;
mod establish;

use crate::redtrust::RedtrustError;

pub use begin::{Begun, UrlProblem, begin};
pub use callback::{Called, Refusal, complete};
pub use direct::{Direct, DirectRefusal, direct};
pub use establish::NewSignIn;

/// Whether Redtrust refused, rather than failed to answer. Lists every error,
/// so that a new one must be assigned to one side.
const fn is_refusal(error: &RedtrustError) -> bool {
    match error {
        RedtrustError::Rejected { .. } | RedtrustError::Unauthorized { .. } => true,
        RedtrustError::Unreachable { .. }
        | RedtrustError::Tls { .. }
        | RedtrustError::BlockedAddress { .. }
        | RedtrustError::Busy
        | RedtrustError::BreakerOpen
        | RedtrustError::TimedOut
        | RedtrustError::Cut
        | RedtrustError::Unavailable { .. }
        | RedtrustError::Malformed { .. } => false,
    }
}
