//! Sends spans to the collector, in a task of its own.

use std::time::{Duration, Instant};

use data_encoding::HEXLOWER;
use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use tokio::sync::mpsc::Receiver;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::recorder::Span;
use super::{Collector, drop_spans, dropped_spans, otlp};

/// How often spans go out.
const EVERY: Duration = Duration::from_millis(500);

/// So many spans at most go out together.
const TOGETHER: usize = 512;

/// How long the collector may take for them.
const WITHIN: Duration = Duration::from_secs(5);

/// How often the log says that spans are dropped.
const TELL_EVERY: Duration = Duration::from_secs(60);

pub(super) struct Exporter {
    collector: Collector,
    client: Client,
    spans: Receiver<Span>,
    /// Tells this process from others of the same service.
    instance: String,
    /// Why spans were dropped last.
    why: String,
    /// When the log said so last, and how many had been dropped then.
    told: Option<(Instant, u64)>,
}

impl Exporter {
    pub(super) fn new(collector: Collector, spans: Receiver<Span>) -> reqwest::Result<Self> {
        let mut client = Client::builder()
            .timeout(WITHIN)
            // An answer that leads elsewhere is no answer.
            .redirect(Policy::none())
            .user_agent("rubrica");
        if !collector.url.starts_with("https:") {
            // On this machine.
            client = client.no_proxy().tls_certs_only([]);
        }
        Ok(Self {
            client: client.build()?,
            collector,
            spans,
            instance: HEXLOWER.encode(&rand::random::<[u8; 16]>()),
            why: "there were more than the collector takes".to_owned(),
            told: None,
        })
    }

    /// Sends spans until it is told to stop, and then those that are left.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        let mut tick = tokio::time::interval(EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = tick.tick() => {}
                () = stop.cancelled() => {}
            }
            let is_last = stop.is_cancelled();
            loop {
                let waiting = std::iter::from_fn(|| self.spans.try_recv().ok());
                let spans: Vec<Span> = waiting.take(TOGETHER).collect();
                if spans.is_empty() {
                    break;
                }
                self.send(&spans).await;
            }
            self.tell_what_was_dropped();
            if is_last {
                return;
            }
        }
    }

    async fn send(&mut self, spans: &[Span]) {
        let body = otlp::request(&self.collector.service_name, &self.instance, spans);
        let answer = self
            .client
            .post(&self.collector.url)
            .header(CONTENT_TYPE, "application/json")
            .body(body.to_string())
            .send()
            .await;
        self.why = match answer {
            Ok(answer) if answer.status().is_success() => return,
            Ok(answer) => format!("the collector answered {}", answer.status()),
            Err(error) => error.without_url().to_string(),
        };
        drop_spans(spans.len());
    }

    fn tell_what_was_dropped(&mut self) {
        let dropped = dropped_spans();
        let (at, before) = self.told.unzip();
        let new = dropped - before.unwrap_or(0);
        let is_time = at.is_none_or(|at: Instant| at.elapsed() >= TELL_EVERY);
        if new > 0 && is_time {
            tracing::warn!(event = "spans_dropped", spans = new, why = %self.why);
            self.told = Some((Instant::now(), dropped));
        }
    }
}
