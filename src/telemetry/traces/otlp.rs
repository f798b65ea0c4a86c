//! What a collector is sent: OTLP in its JSON form (opentelemetry-proto,
//! `ExportTraceServiceRequest`). Ids are hexadecimal, 64-bit numbers are texts.

use std::time::{Duration, SystemTime};

use data_encoding::HEXLOWER;
use serde_json::{Value as Json, json};

use super::recorder::{Span, Value};

/// The number that says "failed".
const ERROR: u8 = 2;

/// One request with these spans of a service, one of whose processes is called `instance`.
pub(super) fn request(service: &str, instance: &str, spans: &[Span]) -> Json {
    let version = env!("CARGO_PKG_VERSION");
    let resource = [
        ("service.name", service),
        ("service.version", version),
        ("service.instance.id", instance),
    ];
    let resource = resource.map(|(key, text)| attribute(key, &Value::Text(text.to_owned())));
    let spans: Vec<Json> = spans.iter().map(of_span).collect();
    json!({ "resourceSpans": [{
        "resource": { "attributes": resource },
        "scopeSpans": [{
            "scope": { "name": "rubrica", "version": version },
            "spans": spans,
        }],
    }] })
}

fn of_span(span: &Span) -> Json {
    let ended = span.last.unwrap_or(span.begun);
    let attributes: Vec<Json> = span
        .attributes
        .iter()
        .map(|(key, value)| attribute(key, value))
        .collect();
    let mut json = json!({
        "traceId": HEXLOWER.encode(&span.place.trace),
        "spanId": HEXLOWER.encode(&span.place.span),
        "name": span.name,
        "kind": span.kind as u8,
        "startTimeUnixNano": nanoseconds(span.begun),
        "endTimeUnixNano": nanoseconds(ended.max(span.begun)),
        "attributes": attributes,
    });
    if let (Some(parent), Some(fields)) = (span.parent, json.as_object_mut()) {
        fields.insert("parentSpanId".to_owned(), HEXLOWER.encode(&parent).into());
    }
    if let (true, Some(fields)) = (span.has_failed, json.as_object_mut()) {
        fields.insert("status".to_owned(), json!({ "code": ERROR }));
    }
    json
}

fn attribute(key: &str, value: &Value) -> Json {
    let value = match value {
        Value::Text(text) => json!({ "stringValue": text }),
        Value::Number(number) => json!({ "intValue": number.to_string() }),
    };
    json!({ "key": key, "value": value })
}

fn nanoseconds(time: SystemTime) -> String {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.unwrap_or(Duration::ZERO).as_nanos().to_string()
}
