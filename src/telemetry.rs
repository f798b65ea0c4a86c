//! The log: one JSON line per event on stderr, at the level that is set.
//!
//! What goes into it is decided where events are made; nothing here adds a
//! request's query, a header or a body.

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// The levels that may be set, each with all before it.
const LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];

/// A text that names no level.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not one of: {levels}", levels = LEVELS.join(" "))]
pub struct UnknownLevel(String);

/// The level that `text` names.
///
/// # Errors
/// [`UnknownLevel`].
pub fn level(text: &str) -> Result<LevelFilter, UnknownLevel> {
    let name = text.trim().to_ascii_lowercase();
    let known = LEVELS.contains(&name.as_str());
    let level = known.then(|| name.parse().ok()).flatten();
    level.ok_or_else(|| UnknownLevel(text.to_owned()))
}

/// Starts logging for this process; a second call changes nothing.
///
/// Other crates are held at `warn`: at `trace` some of them print whole
/// requests, tokens included.
pub fn init(level: LevelFilter) {
    let others = level.min(LevelFilter::WARN);
    let filter = Targets::new()
        .with_default(others)
        .with_target("rubrica", level);
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_writer(std::io::stderr);
    // Only the first subscriber of a process counts: tests start many servers.
    let already = tracing_subscriber::registry()
        .with(filter)
        .with(lines)
        .try_init();
    drop(already);
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
