//! The log: JSON lines on stderr, at the configured level.
//!
//! The code that creates an event decides what it contains; nothing here adds a
//! request's query, headers or body.

mod writer;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

pub use writer::{Rest, dropped_lines};

/// The valid levels; each includes all levels before it.
const LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];

/// A text that is not a level.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not one of: {levels}", levels = LEVELS.join(" "))]
pub struct UnknownLevel(String);

/// The level with the name `text`.
///
/// # Errors
/// [`UnknownLevel`].
pub fn level(text: &str) -> Result<LevelFilter, UnknownLevel> {
    let name = text.trim().to_ascii_lowercase();
    let known = LEVELS.contains(&name.as_str());
    let level = known.then(|| name.parse().ok()).flatten();
    level.ok_or_else(|| UnknownLevel(text.to_owned()))
}

/// Starts logging for this process; a second call has no effect.
///
/// Other crates log at `warn` at most: at `trace` some of them print whole requests
/// with tokens.
pub fn init(level: LevelFilter) -> Rest {
    let (lines, rest) = writer::start();
    let others = level.min(LevelFilter::WARN);
    let filter = Targets::new()
        .with_default(others)
        .with_target("rubrica", level);
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        // There is one span around a request: as `span` it says all.
        .with_span_list(false)
        .with_writer(move || lines.clone());
    // Only the first subscriber of a process can be set; tests start many servers in
    // one process.
    let already = tracing_subscriber::registry()
        .with(filter)
        .with(lines)
        .try_init();
    drop(already);
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_one_of_five_in_any_case() {
        assert_eq!(level(" Warn\n"), Ok(LevelFilter::WARN));
        for text in ["", "off", "3", "verbose"] {
            let words = level(text).unwrap_err().to_string();
            assert_eq!(
                words,
                format!("{text:?} is not one of: error warn info debug trace")
            );
        }
    }
}
