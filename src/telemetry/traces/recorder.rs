//! Records spans as they end.

use std::fmt::Debug;
use std::time::SystemTime;

use tokio::sync::mpsc::Sender;
use tracing::Subscriber;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::{Place, drop_spans, traceparent};

/// Longest text that is recorded: no value of ours comes near it.
const LONGEST: usize = 256;

/// As OTLP numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Internal = 1,
    Server = 2,
    Client = 3,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Text(String),
    Number(i64),
}

/// A span under way, and what goes to the collector once it has ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Span {
    pub(super) place: Place,
    /// The span that it is a part of.
    pub(super) parent: Option<[u8; 8]>,
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) begun: SystemTime,
    /// When something happened in it last. Work that goes on without it may keep it open.
    pub(super) last: Option<SystemTime>,
    pub(super) attributes: Vec<(&'static str, Value)>,
    pub(super) has_failed: bool,
}

/// What the fields of a span say.
struct Fields<'s> {
    span: &'s mut Span,
    remote: Option<Place>,
}

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, text: &str) {
        match field.name() {
            "otel.kind" => {
                self.span.kind = match text {
                    "server" => Kind::Server,
                    "client" => Kind::Client,
                    _ => Kind::Internal,
                }
            }
            "otel.name" => self.span.name = shortened(text),
            "otel.status" => self.span.has_failed = text == "error",
            "traceparent" => self.remote = traceparent::parse(text),
            name => self
                .span
                .attributes
                .push((name, Value::Text(shortened(text)))),
        }
    }

    fn record_i64(&mut self, field: &Field, number: i64) {
        let number = Value::Number(number);
        self.span.attributes.push((field.name(), number));
    }

    fn record_u64(&mut self, field: &Field, number: u64) {
        self.record_i64(field, i64::try_from(number).unwrap_or(i64::MAX));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// Hands spans that have ended to the exporter.
pub(super) struct Recorder(pub(super) Sender<Span>);

impl<S: Subscriber + for<'s> LookupSpan<'s>> Layer<S> for Recorder {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(registered) = context.span(id) else {
            return;
        };
        let mut span = Span {
            place: Place {
                trace: rand::random(),
                span: rand::random(),
                is_sampled: true,
            },
            parent: None,
            name: attributes.metadata().name().to_owned(),
            kind: Kind::Internal,
            begun: SystemTime::now(),
            last: None,
            attributes: Vec::new(),
            has_failed: false,
        };
        let mut fields = Fields {
            span: &mut span,
            remote: None,
        };
        attributes.record(&mut fields);
        let remote = fields.remote;
        let parent = registered.parent().and_then(|parent| {
            let extensions = parent.extensions();
            extensions.get::<Span>().map(|span| span.place)
        });
        match parent.or(remote) {
            Some(place) => {
                span.parent = Some(place.span);
                span.place.trace = place.trace;
                span.place.is_sampled = place.is_sampled;
            }
            // A look into the database every second is no trace.
            None => span.place.is_sampled = span.kind != Kind::Client,
        }
        registered.extensions_mut().insert(span);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        change(&context, id, |span| {
            values.record(&mut Fields { span, remote: None });
        });
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        change(&context, id, |_| {});
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let registered = context.span(&id);
        let span = registered.and_then(|span| span.extensions_mut().remove::<Span>());
        if let Some(mut span) = span.filter(|span| span.place.is_sampled) {
            span.last.get_or_insert_with(SystemTime::now);
            if self.0.try_send(span).is_err() {
                drop_spans(1);
            }
        }
    }
}

/// Something has happened in this span.
fn change<S>(context: &Context<'_, S>, id: &Id, change: impl FnOnce(&mut Span))
where
    S: Subscriber + for<'s> LookupSpan<'s>,
{
    let Some(registered) = context.span(id) else {
        return;
    };
    if let Some(span) = registered.extensions_mut().get_mut::<Span>() {
        span.last = Some(SystemTime::now());
        change(span);
    }
}
