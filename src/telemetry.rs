//! The log: JSON lines on stderr, at the configured level. And traces, where a collector
//! is configured.
//!
//! The code that creates an event decides what it contains; nothing here adds a
//! request's query, headers or body.

mod fields;
mod traces;
mod writer;

use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{FilterExt as _, LevelFilter, Targets, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use fields::Fields;
use traces::Traces;
use writer::Rest;

pub use traces::{Collector, dropped_spans};
pub use writer::dropped_lines;

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

/// There is no TLS for the collector.
#[derive(Debug, thiserror::Error)]
#[error("OTEL_EXPORTER_OTLP_ENDPOINT: {0}")]
pub struct NoTls(#[from] reqwest::Error);

/// Waits for the last lines of the log when it is dropped; keep it until the process ends.
#[must_use = "the last lines are lost without it"]
pub struct Telemetry {
    traces: Option<Traces>,
    _rest: Rest,
}

impl Telemetry {
    /// Sends the last spans, and then writes the last lines.
    pub async fn end(self) {
        if let Some(traces) = self.traces {
            traces.end().await;
        }
    }
}

/// Starts logging and tracing for this process; a second call has no effect.
///
/// Other crates log at `warn` at most: at `trace` some of them print whole requests
/// with tokens.
///
/// # Errors
/// [`NoTls`].
pub fn init(level: LevelFilter, collector: Option<Collector>) -> Result<Telemetry, NoTls> {
    let (lines, rest) = writer::start();
    let filter = Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        .with_target("rubrica", level);
    // With a hint of its own, so that the other filter's stays in force.
    let untraced = filter_fn(|metadata| !traces::is_traced(metadata));
    let untraced = untraced.with_max_level_hint(LevelFilter::TRACE);
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        // There is one span around a request: as `span` it says all.
        .with_span_list(false)
        .fmt_fields(Fields::default())
        .with_writer(move || lines.clone())
        .with_filter(filter.and(untraced));
    let (recorder, traces) = collector.map(traces::start).transpose()?.unzip();
    // Only the first subscriber of a process can be set; tests start many servers in
    // one process.
    let log = tracing_subscriber::registry().with(lines);
    let already = match recorder {
        Some(recorder) => log.with(recorder).try_init(),
        // A layer that is none would have every callsite ask whether it is enabled.
        None => log.try_init(),
    };
    drop(already);
    Ok(Telemetry {
        traces,
        _rest: rest,
    })
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
