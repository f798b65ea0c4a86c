//! The breaker: after five failures in a row nobody waits for a server that is
//! down; one call in 30 s looks whether it is back.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// So many failures in a row open it.
const FAILURES: u32 = 5;

/// So long it stays open before one call may look.
const OPEN_FOR: Duration = Duration::from_secs(30);

/// A failure longer ago says nothing about now.
const RECENT: Duration = Duration::from_secs(600);

/// What a call says about the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It answers.
    Alive,
    /// It does not.
    Failing,
    /// The call never got as far as the server.
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
    /// Leave to make a call at `now`; `None` while it is open. A probe keeps
    /// all others out for as long as the breaker would.
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

    /// Whether the last call that said anything failed, not long before `now`.
    pub(super) fn is_failing(&self, now: Instant) -> bool {
        let failed_at = self.lock().failed_at;
        failed_at.is_some_and(|at| now.duration_since(at) < RECENT)
    }

    fn lock(&self) -> MutexGuard<'_, Count> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Leave to make one call, to be handed back with what it says.
#[derive(Debug)]
pub(super) struct Pass<'a> {
    breaker: &'a Breaker,
    probe: bool,
    entered: Instant,
    told: bool,
}

impl Pass<'_> {
    /// Says at `now` how the call went.
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
    /// A probe that was given up says nothing: the next call may look.
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
    fn a_probe_that_is_given_up_lets_the_next_one_look() {
        let now = Instant::now();
        let breaker = opened(now);
        let later = now + OPEN_FOR;
        drop(breaker.enter(later).unwrap());
        assert!(breaker.enter(later).is_some());
    }
}
