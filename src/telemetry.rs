//! The log: one JSON line per event on stderr, at the level that is set.
//!
//! What goes into it is decided where events are made; nothing here adds a
//! request's query, a header or a body.

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogLevel {
    /// What an operator has to look at.
    Error,
    /// And what may become a problem.
    Warn,
    /// And what happened, request by request.
    #[default]
    Info,
    /// And why.
    Debug,
    /// And everything our own code says.
    Trace,
}

/// A text that names no level.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not one of: error warn info debug trace")]
pub struct UnknownLevel(String);

impl std::str::FromStr for LogLevel {
    type Err = UnknownLevel;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.trim().to_ascii_lowercase().as_str() {
            "error" => Self::Error,
            "warn" => Self::Warn,
            "info" => Self::Info,
            "debug" => Self::Debug,
            "trace" => Self::Trace,
            _ => return Err(UnknownLevel(text.to_owned())),
        })
    }
}

impl LogLevel {
    const fn filter(self) -> LevelFilter {
        match self {
            Self::Error => LevelFilter::ERROR,
            Self::Warn => LevelFilter::WARN,
            Self::Info => LevelFilter::INFO,
            Self::Debug => LevelFilter::DEBUG,
            Self::Trace => LevelFilter::TRACE,
        }
    }
}

/// Starts logging for this process; a second call changes nothing.
///
/// Other crates are held at `warn`: at `trace` some of them print whole
/// requests, tokens included.
pub fn init(level: LogLevel) {
    let others = level.filter().min(LevelFilter::WARN);
    let filter = Targets::new()
        .with_default(others)
        .with_target("rubrica", level.filter());
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
