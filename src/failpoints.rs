//! Named points at which the crash harness kills this process.
//!
//! Without the cargo feature `failpoints` nothing here does anything. With it,
//! `RUBRICA_CRASH_AT=NAME:N` lets the N-th pass of the point NAME end the
//! process as `kill -9` would, after one line on stdout that says so.

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

/// Makes ready what the environment asks for.
///
/// # Errors
/// Words for people where it asks for something else than a point and a number.
#[cfg(feature = "failpoints")]
pub fn arm() -> Result<(), String> {
    armed::arm()
}

/// Makes ready: nothing in a build that serves people.
///
/// # Errors
/// None.
#[cfg(not(feature = "failpoints"))]
pub const fn arm() -> Result<(), String> {
    Ok(())
}

#[cfg(feature = "failpoints")]
mod armed {
    use std::io::Write as _;
    use std::sync::atomic::{AtomicU64, Ordering};

    use rustix::process::{Signal, getpid, kill_process};

    const VARIABLE: &str = "RUBRICA_CRASH_AT";

    pub(super) fn arm() -> Result<(), String> {
        let Ok(wish) = std::env::var(VARIABLE) else {
            return Ok(());
        };
        let (name, nth) = parse(&wish).ok_or_else(|| {
            format!("{VARIABLE}: not the name of a crash point, a colon and a number: {wish}")
        })?;
        let hits = AtomicU64::new(0);
        fail::cfg_callback(name, move || {
            if hits.fetch_add(1, Ordering::SeqCst) + 1 == nth {
                die(name, nth);
            }
        })
    }

    fn parse(wish: &str) -> Option<(&'static str, u64)> {
        let (name, nth) = wish.split_once(':')?;
        let name = super::NAMES.iter().find(|known| **known == name)?;
        Some((name, nth.parse().ok().filter(|nth| *nth > 0)?))
    }

    /// The line is the harness's proof that it happened here.
    fn die(name: &str, nth: u64) {
        let mut out = std::io::stdout().lock();
        let told =
            writeln!(out, "crash point {name} passed {nth} times").and_then(|()| out.flush());
        if told.is_ok() && kill_process(getpid(), Signal::KILL).is_ok() {
            // The signal may come a moment later: nothing may happen meanwhile.
            loop {
                std::thread::park();
            }
        }
    }
}
