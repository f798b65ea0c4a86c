//! What calls show about a server in addition to their results: whether its certificate
//! is trusted, whether it answers, and its clock.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::fmt::rfc2822;
use reqwest::header::{DATE, HeaderMap};
use tokio::time::Instant;

use super::breaker::Verdict;
use super::error::RedtrustError;
use crate::domain::millis::Millis;

/// Older failures say nothing about the present.
const RECENT: Duration = Duration::from_secs(600);

/// What is known about one server.
#[derive(Debug, Default)]
pub(super) struct Health {
    untrusted: AtomicBool,
    told: Mutex<Option<(Millis, Instant)>>,
    failed_at: Mutex<Option<Instant>>,
}

impl Health {
    /// Updates the trust from the result of a call. Any answer means that the
    /// certificate was accepted.
    pub(super) fn look_at<T>(&self, answer: &Result<T, RedtrustError>) {
        match answer {
            Err(RedtrustError::Tls { .. }) => self.untrusted.store(true, Ordering::Relaxed),
            Err(error) if error.nothing_was_sent() => {}
            _ => self.untrusted.store(false, Ordering::Relaxed),
        }
    }

    /// Updates whether the server answers, from the verdict of a call at `now`.
    pub(super) fn note(&self, verdict: Verdict, now: Instant) {
        let mut failed_at = self
            .failed_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match verdict {
            Verdict::Alive => *failed_at = None,
            Verdict::Failing | Verdict::FailingFor(_) => *failed_at = Some(now),
            Verdict::NoWord => {}
        }
    }

    /// Whether the last call with a verdict failed, shortly before `now`.
    pub(super) fn is_failing(&self, now: Instant) -> bool {
        let failed_at = *self
            .failed_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        failed_at.is_some_and(|at| now.duration_since(at) < RECENT)
    }

    /// Updates the clock from an answer's `Date`; ignores an unreadable one.
    pub(super) fn look_at_headers(&self, headers: &HeaderMap) {
        if let Some(time) = time_in(headers) {
            let told = (time, Instant::now());
            *self.told.lock().unwrap_or_else(PoisonError::into_inner) = Some(told);
        }
    }

    /// Whether the server's certificate was rejected at the last call that checked it.
    pub(super) fn is_untrusted(&self) -> bool {
        self.untrusted.load(Ordering::Relaxed)
    }

    /// The server's current time in whole seconds, if an answer had a `Date`.
    pub(super) fn time_there(&self) -> Option<Millis> {
        let told = *self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.map(|(time, at)| time + at.elapsed())
    }
}

/// The time in an answer's `Date`, if it can be read.
pub(super) fn time_in(headers: &HeaderMap) -> Option<Millis> {
    let date = headers.get(DATE)?.to_str().ok()?;
    let time = rfc2822::parse(date).ok()?;
    Some(Millis(time.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn the_servers_time_comes_from_its_last_readable_date() {
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
    fn it_fails_until_a_call_gets_through_or_for_ten_minutes() {
        let now = Instant::now();
        let health = Health::default();
        assert!(!health.is_failing(now));
        health.note(Verdict::FailingFor(7), now);
        health.note(Verdict::NoWord, now);
        assert!(health.is_failing(now + Duration::from_secs(599)));
        assert!(!health.is_failing(now + Duration::from_secs(600)));
        health.note(Verdict::Alive, now);
        assert!(!health.is_failing(now));
    }

    #[test]
    fn only_an_answer_restores_trust() {
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
