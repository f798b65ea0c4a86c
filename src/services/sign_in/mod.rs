//! Signing in: through Redtrust's own page, or directly with an application
//! user. Every check that needs no network comes before the call.

mod begin;
mod callback;
mod direct;
mod establish;
mod exchange;
mod notes;
mod outcome;
mod refusal;

pub use begin::{Begun, UrlProblem, begin};
pub use callback::{Called, complete, refuse_unknown};
pub(super) use direct::split;
pub use direct::{Credentials, Direct, DirectRefusal, direct};
pub use establish::{NewSignIn, SessionToBe};
pub use notes::Arrived;
pub use refusal::Refusal;
