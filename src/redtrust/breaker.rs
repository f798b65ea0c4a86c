//! The circuit breaker: after five failures in a row calls fail at once, and every 30 s
//! one call probes whether the server is back. Failures of one and the same thing count
//! once: an odd request that a server stumbles over does not mean that it is down.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Consecutive failures that open the breaker.
const FAILURES: usize = 5;

/// How long the breaker stays open before it lets a probe through.
const OPEN_FOR: Duration = Duration::from_secs(30);

/// What the result of a call says about the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The server answers.
    Alive,
    /// The server cannot be reached.
    Failing,
    /// The server does not answer this thing as it should, which may be that thing's
    /// fault.
    FailingFor(u64),
    /// The call did not reach the server, so it says nothing.
    NoWord,
}

/// The breaker of one connection.
#[derive(Debug, Default)]
pub(super) struct Breaker(Mutex<Count>);

#[derive(Debug, Default)]
struct Count {
    failures: usize,
    /// What failed among them, each once.
    things: Vec<u64>,
    open_until: Option<Instant>,
}

impl Count {
    fn fail(&mut self, now: Instant) {
        self.failures = self.failures.saturating_add(1);
        if self.failures >= FAILURES {
            self.open_until = Some(now + OPEN_FOR);
        }
    }
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

    /// Whether it refuses calls at `now`.
    pub(super) fn is_open(&self, now: Instant) -> bool {
        self.lock().open_until.is_some_and(|until| now < until)
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
            Verdict::Failing => count.fail(now),
            Verdict::FailingFor(thing) => {
                if count.failures >= FAILURES {
                    count.fail(now);
                } else if !count.things.contains(&thing) {
                    count.things.push(thing);
                    count.fail(now);
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
    fn i03_failures_of_one_thing_count_once_and_those_of_five_open_it() {
        let now = Instant::now();
        let breaker = Breaker::default();
        let fail = |thing| {
            let pass = breaker.enter(now).unwrap();
            pass.tell(Verdict::FailingFor(thing), now);
        };
        for thing in [1, 1, 1, 1, 1, 1, 2, 3, 4, 4, 4] {
            fail(thing);
        }
        fail(5);
        assert!(breaker.enter(now).is_none());
        let later = now + OPEN_FOR;
        let probe = breaker.enter(later).unwrap();
        probe.tell(Verdict::FailingFor(1), later);
        assert!(breaker.enter(later).is_none());
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
