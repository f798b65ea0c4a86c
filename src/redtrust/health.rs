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
use super::http::Failed;
use crate::domain::millis::Millis;

/// Older failures say nothing about the present.
const RECENT: Duration = Duration::from_secs(600);

/// What is known about one server.
#[derive(Debug, Default)]
pub(super) struct Health {
    untrusted: AtomicBool,
    told: Mutex<Option<(Millis, Instant)>>,
    failed: Mutex<Option<(Instant, Fault)>>,
}

/// Why calls to a server fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing listens at the port.
    Refused,
    /// No connection for another reason, such as the name or the network.
    Unreachable,
    /// No complete answer within the time limit.
    TimedOut,
    /// The connection broke before the answer was whole.
    Cut,
    /// An HTTP status, without Redtrust's envelope.
    Status(u16),
    /// An answer that cannot be used.
    Malformed,
}

impl Fault {
    /// The fault of the server that this failure shows; `None` if it shows none.
    pub(super) const fn of(failed: &Failed) -> Option<Self> {
        match failed.error {
            RedtrustError::Unreachable { .. } if failed.refused => Some(Self::Refused),
            RedtrustError::Unreachable { .. }
            | RedtrustError::Tls { .. }
            | RedtrustError::BlockedAddress { .. } => Some(Self::Unreachable),
            RedtrustError::TimedOut => Some(Self::TimedOut),
            RedtrustError::Cut => Some(Self::Cut),
            RedtrustError::Unavailable { status } => Some(Self::Status(status)),
            RedtrustError::Malformed { .. } => Some(Self::Malformed),
            RedtrustError::Busy
            | RedtrustError::BreakerOpen
            | RedtrustError::Unauthorized { .. }
            | RedtrustError::Rejected { .. } => None,
        }
    }
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

    /// Updates whether the server answers, from the verdict of a call at `now` and the
    /// fault it showed.
    pub(super) fn note(&self, verdict: Verdict, fault: Option<Fault>, now: Instant) {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        match (verdict, fault) {
            (Verdict::Alive, _) => *failed = None,
            (Verdict::Failing | Verdict::FailingFor(_), Some(fault)) => {
                *failed = Some((now, fault));
            }
            (Verdict::Failing | Verdict::FailingFor(_), None) | (Verdict::NoWord, _) => {}
        }
    }

    /// Why the last call with a verdict failed, if that was shortly before `now`.
    pub(super) fn fault(&self, now: Instant) -> Option<Fault> {
        let failed = *self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, fault) = failed.filter(|(at, _)| now.duration_since(*at) < RECENT)?;
        Some(fault)
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
    use crate::redtrust::breaker::Sent;

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
        assert_eq!(health.fault(now), None);
        health.note(
            Verdict::FailingFor(Sent { by: 7, what: 7 }),
            Some(Fault::Cut),
            now,
        );
        health.note(Verdict::NoWord, None, now);
        let soon = now + Duration::from_secs(599);
        assert_eq!(health.fault(soon), Some(Fault::Cut));
        assert_eq!(health.fault(now + Duration::from_secs(600)), None);
        health.note(Verdict::Alive, None, now);
        assert_eq!(health.fault(now), None);
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
