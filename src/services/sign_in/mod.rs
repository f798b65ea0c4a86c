//! Signing in: through Redtrust's own page, or directly with an application
//! user. Refuse before you call: the network comes last.

mod begin;
mod callback;
mod direct;
mod establish;

use crate::redtrust::RedtrustError;

pub use begin::{Begun, UrlProblem, begin};
pub use callback::{Called, Refusal, complete};
pub use direct::{Direct, DirectRefusal, direct};
pub use establish::NewSignIn;

/// Whether Redtrust said no, rather than failed to answer. Every error is
/// named, so that a new one has to be put on one side.
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
