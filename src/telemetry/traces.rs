//! Traces for OpenTelemetry, sent to a collector as OTLP over HTTP in JSON.
//!
//! A span with the field `otel.kind` (`server`, `client` or `internal`) is for traces; any
//! other span, and every event, is for the log alone. What a span says is written where it
//! is made: a route and never a path, no name, no address of a person, no key, no token.
//!
//! Nobody waits for the collector: what it does not take in time is dropped and counted.

mod exporter;
mod otlp;
mod recorder;
mod traceparent;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{FilterFn, LevelFilter, filter_fn};
use tracing_subscriber::registry::LookupSpan;

use exporter::Exporter;
use recorder::Recorder;

/// How many spans wait for a slow collector: a few megabytes.
const WAITING: usize = 4096;

/// How long the end of the process waits for the collector.
const LAST_SPANS_WITHIN: Duration = Duration::from_secs(3);

static DROPPED: AtomicU64 = AtomicU64::new(0);

/// How many spans were dropped since the start.
pub fn dropped_spans() -> u64 {
    DROPPED.load(Ordering::Relaxed)
}

fn drop_spans(number: usize) {
    let number = u64::try_from(number).unwrap_or(u64::MAX);
    DROPPED.fetch_add(number, Ordering::Relaxed);
}

/// Where traces go, and under which name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collector {
    /// Ends in `/v1/traces`.
    pub url: String,
    pub service_name: String,
}

/// A place in a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    trace: [u8; 16],
    span: [u8; 8],
    /// Whether anybody wants to see this trace.
    is_sampled: bool,
}

/// Whether a span is for traces.
pub(super) fn is_traced(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && metadata.fields().field("otel.kind").is_some()
}

/// The sending of spans.
pub(super) struct Traces {
    stop: CancellationToken,
    exporting: JoinHandle<()>,
}

impl Traces {
    /// Sends what was recorded last.
    pub(super) async fn end(self) {
        self.stop.cancel();
        if timeout(LAST_SPANS_WITHIN, self.exporting).await.is_err() {
            tracing::warn!(
                event = "spans_dropped",
                why = "the collector was too slow for the last ones"
            );
        }
    }
}

/// Begins to send spans, which the layer records.
///
/// # Errors
/// [`reqwest::Error`] if there is no TLS.
pub(super) fn start<S>(collector: Collector) -> Result<(impl Layer<S>, Traces), reqwest::Error>
where
    S: Subscriber + for<'s> LookupSpan<'s>,
{
    let (to, spans) = mpsc::channel(WAITING);
    let stop = CancellationToken::new();
    let exporter = Exporter::new(collector, spans)?;
    let traces = Traces {
        exporting: tokio::spawn(exporter.run(stop.clone())),
        stop,
    };
    let filter: FilterFn = filter_fn(is_traced);
    let filter = filter.with_max_level_hint(LevelFilter::INFO);
    Ok((Recorder(to).with_filter(filter), traces))
}
