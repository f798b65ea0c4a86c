//! The circuit breaker: after five failures in a row calls fail at once, and every 30 s
//! one call probes whether the server is back.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Consecutive failures that open the breaker.
const FAILURES: u32 = 5;

/// How long the breaker stays open before it lets a probe through.
const OPEN_FOR: Duration = Duration::from_secs(30);

/// Older failures say nothing about the present.
const RECENT: Duration = Duration::from_secs(600);

/// What the result of a call says about the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The server answers.
    Alive,
    /// The server does not answer.
    Failing,
    /// The call did not reach the server, so it says nothing.
    NoWord,
}

/// The breaker of one connection.
#[derive(Debug, Default)]
pub(super) struct Breaker(Mutex<Count>);

#[derive(Debug, Default)]
struct Count {
    failures: u32,
    open_until: Option<Instant>,
    failed_at: Option<Instant>,
}

impl Breaker {
    /// Permission for a call at `now`; `None` while the breaker is open. A probe keeps
    /// other calls out for another [`OPEN_FOR`].
    pub(super) fn enter(&self, now: Instant) -> Option<Pass<'_>> {
        let mut count = self.lock();
        let probe = match count.open_until {
            Some(until) if now < until => return None,
            Some(_) => {
                count.open_until = Some(now + OPEN_FOR);
                true
            }
            None => false,
        };
        Some(Pass {
            breaker: self,
            probe,
            entered: now,
            told: false,
        })
    }

    /// Whether the last call with a verdict failed, shortly before `now`.
    pub(super) fn is_failing(&self, now: Instant) -> bool {
        let failed_at = self.lock().failed_at;
        failed_at.is_some_and(|at| now.duration_since(at) < RECENT)
    }

    fn lock(&self) -> MutexGuard<'_, Count> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Permission for one call; give it back with the verdict.
#[derive(Debug)]
pub(super) struct Pass<'a> {
    breaker: &'a Breaker,
    probe: bool,
    entered: Instant,
    told: bool,
}

impl Pass<'_> {
    /// Records how the call went, at `now`.
    pub(super) fn tell(mut self, verdict: Verdict, now: Instant) {
        let mut count = self.breaker.lock();
        match verdict {
            Verdict::Alive => *count = Count::default(),
            Verdict::Failing => {
                count.failures = count.failures.saturating_add(1);
                count.failed_at = Some(now);
                if count.failures >= FAILURES {
                    count.open_until = Some(now + OPEN_FOR);
                }
            }
            Verdict::NoWord => return,
        }
        self.told = true;
    }
}

impl Drop for Pass<'_> {
    /// A cancelled probe says nothing, so the next call may probe.
    fn drop(&mut self) {
        if self.probe && !self.told {
            let mut count = self.breaker.lock();
            if count.failures >= FAILURES {
                count.open_until = Some(self.entered);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(now: Instant) -> Breaker {
        let breaker = Breaker::default();
        for _ in 0..FAILURES {
            breaker.enter(now).unwrap().tell(Verdict::Failing, now);
        }
        breaker
    }

    #[test]
    fn five_failures_in_a_row_open_it_for_thirty_seconds() {
        let now = Instant::now();
        let breaker = opened(now);
        assert!(breaker.enter(now + Duration::from_secs(29)).is_none());
        assert!(breaker.enter(now + Duration::from_secs(30)).is_some());
    }

    #[test]
    fn it_fails_until_a_call_gets_through_or_for_ten_minutes() {
        let now = Instant::now();
        let breaker = Breaker::default();
        assert!(!breaker.is_failing(now));
        breaker.enter(now).unwrap().tell(Verdict::Failing, now);
        breaker.enter(now).unwrap().tell(Verdict::NoWord, now);
        assert!(breaker.is_failing(now + Duration::from_secs(599)));
        assert!(!breaker.is_failing(now + Duration::from_secs(600)));
        breaker.enter(now).unwrap().tell(Verdict::Alive, now);
        assert!(!breaker.is_failing(now));
    }

    #[test]
    fn a_success_between_failures_starts_the_count_again() {
        let now = Instant::now();
        let breaker = Breaker::default();
        for _ in 0..3 {
            for _ in 1..FAILURES {
                breaker.enter(now).unwrap().tell(Verdict::Failing, now);
            }
            breaker.enter(now).unwrap().tell(Verdict::Alive, now);
        }
        assert!(breaker.enter(now).is_some());
    }

    #[test]
    fn one_probe_at_a_time_and_its_success_closes_it() {
        let now = Instant::now();
        let breaker = opened(now);
        let later = now + OPEN_FOR;
        let probe = breaker.enter(later).unwrap();
        assert!(breaker.enter(later).is_none());
        probe.tell(Verdict::Alive, later);
        assert!(breaker.enter(later).is_some());
        assert!(breaker.enter(later).is_some());
    }

    #[test]
    fn a_probe_that_fails_opens_it_again() {
        let now = Instant::now();
        let breaker = opened(now);
        let later = now + OPEN_FOR;
        breaker.enter(later).unwrap().tell(Verdict::Failing, later);
        assert!(breaker.enter(later + Duration::from_secs(29)).is_none());
    }

    #[test]
    fn a_cancelled_probe_lets_the_next_call_probe() {
        let now = Instant::now();
        let breaker = opened(now);
        let later = now + OPEN_FOR;
        drop(breaker.enter(later).unwrap());
        assert!(breaker.enter(later).is_some());
    }
}
