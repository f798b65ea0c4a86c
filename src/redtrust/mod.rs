//! The RA server as a client sees it: one [`RedtrustClient`] per connection.
//!
//! Says what was asked and what came back, and above all whether a failed call
//! may have taken effect: [`RedtrustError::nothing_was_sent`]. Knows nothing of
//! issuances, the database or pages. There is no trait: the sandbox is the double.

mod address;
mod answers;
mod breaker;
mod client;
mod endpoints;
mod envelope;
mod error;
mod health;
mod http;
mod limit;
mod messages;
mod resolver;
mod transport;

pub use address::refused_literal;
pub use client::{ClientSettings, RedtrustClient};
pub use error::RedtrustError;
pub use messages::{CsrCreated, Finalized};
