//! What calls tell of a server besides their answers: whether it could prove
//! who it is, and what time it takes it to be.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use jiff::fmt::rfc2822;
use reqwest::header::{DATE, HeaderMap};
use tokio::time::Instant;

use super::error::RedtrustError;
use crate::domain::millis::Millis;

/// What is known of one server.
#[derive(Debug, Default)]
pub(super) struct Health {
    untrusted: AtomicBool,
    told: Mutex<Option<(Millis, Instant)>>,
}

impl Health {
    /// Looks at how a call ended: an answer of any kind came over a connection
    /// that was trusted.
    pub(super) fn look_at<T>(&self, answer: &Result<T, RedtrustError>) {
        match answer {
            Err(RedtrustError::Tls { .. }) => self.untrusted.store(true, Ordering::Relaxed),
            Err(error) if error.nothing_was_sent() => {}
            _ => self.untrusted.store(false, Ordering::Relaxed),
        }
    }

    /// Looks at an answer's `Date`; what cannot be read says nothing.
    pub(super) fn look_at_headers(&self, headers: &HeaderMap) {
        let date = headers.get(DATE).and_then(|date| date.to_str().ok());
        let parsed = date.and_then(|date| rfc2822::parse(date).ok());
        if let Some(time) = parsed {
            let told = (Millis(time.timestamp().as_millisecond()), Instant::now());
            *self.told.lock().unwrap_or_else(PoisonError::into_inner) = Some(told);
        }
    }

    /// Whether the server could not prove who it is, the last time it was asked to.
    pub(super) fn is_untrusted(&self) -> bool {
        self.untrusted.load(Ordering::Relaxed)
    }

    /// What time the server takes it to be, where it has said so; whole seconds.
    pub(super) fn time_there(&self) -> Option<Millis> {
        let told = *self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.map(|(time, at)| time + at.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn the_time_there_is_what_the_server_said_last() {
        let health = Health::default();
        let mut headers = HeaderMap::new();
        headers.insert(DATE, HeaderValue::from_static("soon"));
        health.look_at_headers(&headers);
        assert_eq!(health.time_there(), None);
        let told = Millis(784_111_777_000);
        for date in ["Sun, 06 Nov 1994 08:49:37 GMT", ""] {
            headers.insert(DATE, HeaderValue::from_static(date));
            health.look_at_headers(&headers);
            let there = health.time_there().unwrap();
            assert!(there >= told, "{there}");
            assert!(there.since(told) < std::time::Duration::from_secs(60));
        }
    }

    #[test]
    fn only_an_answer_takes_distrust_back() {
        let health = Health::default();
        let tls = RedtrustError::Tls {
            cause: String::new(),
        };
        for (answer, untrusted) in [
            (Ok(()), false),
            (Err(tls), true),
            (Err(RedtrustError::Busy), true),
            (Err(RedtrustError::TimedOut), false),
        ] {
            health.look_at(&answer);
            assert_eq!(health.is_untrusted(), untrusted, "{answer:?}");
        }
    }
}
