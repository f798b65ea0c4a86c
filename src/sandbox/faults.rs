//! Faults that a test can request: a delayed call, a dropped connection, a replaced
//! answer.
//!
//! They are kept in memory only: a restart clears them.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use actix_web::web::Bytes;
use actix_web::{HttpResponse, HttpResponseBuilder};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ledger::Operation;

/// Result in the ledger of a call that a fault stopped before it was processed.
pub(super) const FAULT_INJECTED: &str = "FAULT_INJECTED";

/// When a fault happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum When {
    /// Before the call is processed. Unless the fault is a delay, the call is not
    /// processed at all.
    Before,
    /// After the call is processed and committed.
    After,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    Delay,
    Drop,
    Status,
    Body,
}

/// One fault, as requested.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fault {
    operation: Operation,
    effect: When,
    action: Action,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
    /// How many more times it happens; 0 means without limit.
    #[serde(default = "once")]
    times: u64,
}

const fn once() -> u64 {
    1
}

/// What a fault does to a call.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Blow {
    Delay(Duration),
    Drop,
    Status(StatusCode),
    Body(String),
}

impl Fault {
    /// Reads the value that the action needs.
    fn blow(&self) -> Result<Blow, String> {
        match (self.action, &self.value) {
            (Action::Delay, Some(value)) => value
                .as_u64()
                .map(|millis| Blow::Delay(Duration::from_millis(millis)))
                .ok_or_else(|| "delay: value is a whole number of milliseconds".to_owned()),
            (Action::Drop, _) => Ok(Blow::Drop),
            (Action::Status, Some(value)) => value
                .as_u64()
                .and_then(|number| u16::try_from(number).ok())
                .filter(|number| (200..600).contains(number))
                .and_then(|number| StatusCode::from_u16(number).ok())
                .map(Blow::Status)
                .ok_or_else(|| "status: value is an HTTP status from 200 to 599".to_owned()),
            (Action::Body, Some(Value::String(text))) => Ok(Blow::Body(text.clone())),
            (Action::Body, Some(other)) => Ok(Blow::Body(other.to_string())),
            (_, None) => Err("value is missing".to_owned()),
        }
    }
}

/// The active faults.
#[derive(Debug, Default)]
pub(super) struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    /// The faults that remain.
    pub(super) fn list(&self) -> Vec<Fault> {
        self.locked().clone()
    }

    /// Replaces the list.
    ///
    /// # Errors
    /// A message for people if a value does not fit its action; the list is then
    /// unchanged.
    pub(super) fn replace(&self, faults: Vec<Fault>) -> Result<(), String> {
        for fault in &faults {
            fault.blow()?;
        }
        *self.locked() = faults;
        Ok(())
    }

    /// Takes the faults that apply now, in list order, up to the first one that ends
    /// the call.
    pub(super) fn take(&self, operation: Operation, when: When) -> Vec<Blow> {
        let mut faults = self.locked();
        let mut blows = Vec::new();
        let mut ended = false;
        faults.retain_mut(|fault| {
            if ended || fault.operation != operation || fault.effect != when {
                return true;
            }
            let Ok(blow) = fault.blow() else {
                return false;
            };
            ended = !matches!(blow, Blow::Delay(_));
            blows.push(blow);
            match fault.times {
                0 => true,
                1 => false,
                more => {
                    fault.times = more - 1;
                    true
                }
            }
        });
        blows
    }

    fn locked(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for the delays; returns the answer to send instead of the real one, if a blow
/// replaces it.
pub(super) async fn suffer(blows: Vec<Blow>) -> Option<HttpResponse> {
    for blow in blows {
        match blow {
            Blow::Delay(span) => tokio::time::sleep(span).await,
            Blow::Drop => return Some(broken()),
            Blow::Status(status) => return Some(HttpResponseBuilder::new(status).finish()),
            Blow::Body(text) => {
                return Some(
                    HttpResponse::Ok()
                        .content_type(ContentType::json())
                        .body(text),
                );
            }
        }
    }
    None
}

/// An answer that never arrives: the body fails before its first piece, so actix closes
/// the connection without having sent a byte.
fn broken() -> HttpResponse {
    let cut = std::io::Error::from(std::io::ErrorKind::ConnectionAborted);
    HttpResponse::Ok().streaming(stream::iter([Err::<Bytes, _>(cut)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn faults(list: Value) -> Faults {
        let faults = Faults::default();
        faults
            .replace(serde_json::from_value(list).unwrap())
            .unwrap();
        faults
    }

    #[test]
    fn a_fault_happens_as_often_as_requested() {
        let faults = faults(
            json!([{"operation": "login", "effect": "before", "action": "drop", "times": 2}]),
        );
        assert_eq!(faults.take(Operation::Login, When::After), []);
        assert_eq!(faults.take(Operation::Login, When::Before), [Blow::Drop]);
        assert_eq!(faults.take(Operation::Login, When::Before), [Blow::Drop]);
        assert_eq!(faults.take(Operation::Login, When::Before), []);
        assert!(faults.list().is_empty());
    }

    #[test]
    fn zero_times_means_without_limit() {
        let faults = faults(
            json!([{"operation": "login", "effect": "after", "action": "status", "value": 503, "times": 0}]),
        );
        for _ in 0..3 {
            assert_eq!(faults.take(Operation::Login, When::After).len(), 1);
        }
    }

    #[test]
    fn the_next_fault_applies_after_a_delay_but_not_after_one_that_ends_the_call() {
        let faults = faults(json!([
            {"operation": "login", "effect": "before", "action": "delay", "value": 5, "times": 1},
            {"operation": "login", "effect": "before", "action": "drop", "times": 1},
            {"operation": "login", "effect": "before", "action": "status", "value": 500, "times": 1},
        ]));
        assert_eq!(
            faults.take(Operation::Login, When::Before),
            [Blow::Delay(Duration::from_millis(5)), Blow::Drop]
        );
        assert_eq!(faults.list().len(), 1);
    }

    #[test]
    fn a_value_that_does_not_fit_is_refused() {
        for (action, value) in [
            ("delay", json!("long")),
            ("status", json!(42)),
            ("body", Value::Null),
        ] {
            let fault =
                json!({"operation": "login", "effect": "after", "action": action, "value": value});
            let fault: Fault = serde_json::from_value(fault).unwrap();
            assert!(fault.blow().is_err(), "{action}");
        }
    }
}
