//! The client for the RA server: one [`RedtrustClient`] per connection.
//!
//! It reports results, and above all whether a failed call may have taken effect:
//! [`RedtrustError::nothing_was_sent`]. It knows nothing about issuances, the database
//! or pages. There is no trait for a test double, because tests use the sandbox.

#![warn(missing_docs)]

mod address;
mod answers;
mod breaker;
mod client;
mod endpoints;
mod envelope;
mod error;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod health;
mod http;
mod limit;
mod messages;
mod probe;
mod resolver;
mod secrets;
mod settings;
mod tally;
mod transport;
mod trust;

pub use address::refused_literal;
pub use client::RedtrustClient;
pub use error::RedtrustError;
pub use health::Fault;
pub use messages::{CsrCreated, Finalized};
pub use probe::{
    ApiAnswer, CallFailed, Distrust, NoAddress, NoConnection, NoHandshake, Page, Probe,
    ServerCertificate,
};
pub use settings::{ClientSettings, Networks};
pub use tally::Tally;
pub use transport::Load;
pub use trust::exactly as trusting_exactly;
