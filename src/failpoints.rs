//! Named points at which the crash harness kills this process.
//!
//! Without the cargo feature `failpoints` a hit is nothing at all.

/// The twelve points around the two calls, in order.
pub const NAMES: [&str; 12] = [
    "create.before_intent",
    "create.after_intent",
    "create.before_send",
    "create.replied",
    "create.after_outcome",
    "create.before_response",
    "finalize.before_intent",
    "finalize.after_intent",
    "finalize.before_send",
    "finalize.replied",
    "finalize.after_outcome",
    "finalize.before_response",
];

/// Passes the point `name`.
#[cfg(feature = "failpoints")]
pub fn hit(name: &'static str) {
    fail::fail_point!(name);
}

/// Passes the point `name`: nothing happens in a build that serves people.
#[cfg(not(feature = "failpoints"))]
pub const fn hit(_name: &'static str) {}
