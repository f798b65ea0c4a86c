//! Named points at which the crash tests kill this process.
//!
//! Without the cargo feature `failpoints` nothing here has an effect. With it,
//! `RUBRICA_CRASH_AT=NAME:N` makes the N-th pass of the point NAME end the process as
//! `kill -9` would, after printing one line to stdout.

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

/// Does nothing: the feature `failpoints` is off.
#[cfg(not(feature = "failpoints"))]
pub const fn hit(_name: &'static str) {}

/// Reads `RUBRICA_CRASH_AT`.
///
/// # Errors
/// A message for people if the value is not a point and a number.
#[cfg(feature = "failpoints")]
pub fn arm() -> Result<(), String> {
    armed::arm()
}

/// Does nothing: the feature `failpoints` is off.
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

    /// The printed line proves to the crash tests that the process died here.
    fn die(name: &str, nth: u64) {
        let mut out = std::io::stdout().lock();
        let told =
            writeln!(out, "crash point {name} passed {nth} times").and_then(|()| out.flush());
        if told.is_ok() && kill_process(getpid(), Signal::KILL).is_ok() {
            // The signal may arrive a moment later; nothing else may happen until then.
            loop {
                std::thread::park();
            }
        }
    }
}
