//! The circuit breaker: after five failures in a row calls fail at once, and every 30 s a
//! few callers probe whether the server is back, each once. Unless there is no connection
//! at all, the failures of one caller count once for the others, since callers choose what
//! they send: who sends odd requests that a server stumbles over is alone kept out, after
//! five different ones.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Consecutive failures that open the breaker, and callers who probe.
const FAILURES: usize = 5;

/// How long the breaker stays open before it lets probes through, and until the next ones.
const OPEN_FOR: Duration = Duration::from_secs(30);

/// What the result of a call says about the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The server answers.
    Alive,
    /// The server cannot be reached.
    Failing,
    /// The server does not answer this as it should, which may be due to what was sent.
    FailingFor(Sent),
    /// The call did not reach the server, so it says nothing.
    NoWord,
}

/// Who sent a call, and what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) by: u64,
    pub(super) what: u64,
}

/// The breaker of one connection.
#[derive(Debug, Default)]
pub(super) struct Breaker(Mutex<State>);

#[derive(Debug)]
enum State {
    /// Everybody may call but those whose own calls fail.
    Closed {
        failures: usize,
        /// Whose calls failed among them, each once.
        callers: Vec<Caller>,
    },
    /// Nobody may call before `until`, and then only to probe.
    Open {
        /// Moved to when the present probes began.
        until: Instant,
        /// Who has probed since.
        probing: Vec<u64>,
    },
}

impl Default for State {
    fn default() -> Self {
        Self::Closed {
            failures: 0,
            callers: Vec::new(),
        }
    }
}

/// Somebody whose calls failed.
#[derive(Debug)]
struct Caller {
    id: u64,
    /// What they sent, each once.
    things: Vec<u64>,
    /// Until when they are kept out, if they are.
    until: Option<Instant>,
}

impl Caller {
    fn fail(&mut self, what: u64, now: Instant) {
        if self.things.len() < FAILURES && !self.things.contains(&what) {
            self.things.push(what);
        }
        if self.things.len() == FAILURES {
            self.until = Some(now + OPEN_FOR);
        }
    }

    /// Whether they may call at `now`: once they are kept out, one probe at a time.
    fn may_call(&mut self, now: Instant) -> bool {
        let may = self.until.is_none_or(|until| now >= until);
        if may && self.until.is_some() {
            self.until = Some(now + OPEN_FOR);
        }
        may
    }
}

impl State {
    fn fail(&mut self, now: Instant) {
        match self {
            Self::Closed { failures, .. } if *failures + 1 < FAILURES => *failures += 1,
            Self::Closed { .. } | Self::Open { .. } => {
                *self = Self::Open {
                    until: now + OPEN_FOR,
                    probing: Vec::new(),
                };
            }
        }
    }

    fn fail_for(&mut self, sent: Sent, now: Instant) {
        // Once it is open, only that there is no connection keeps others out.
        let Self::Closed { callers, .. } = self else {
            return;
        };
        match callers.iter_mut().find(|one| one.id == sent.by) {
            Some(caller) => caller.fail(sent.what, now),
            None => {
                callers.push(Caller {
                    id: sent.by,
                    things: vec![sent.what],
                    until: None,
                });
                self.fail(now);
            }
        }
    }

    /// Whether this caller may call at `now`.
    fn lets_in(&mut self, caller: u64, now: Instant) -> bool {
        match self {
            Self::Closed { callers, .. } => {
                let known = callers.iter_mut().find(|one| one.id == caller);
                known.is_none_or(|caller| caller.may_call(now))
            }
            Self::Open { until, .. } if now < *until => false,
            Self::Open { until, probing } => {
                if probing.is_empty() || now >= *until + OPEN_FOR {
                    *until = now;
                    probing.clear();
                }
                let may = probing.len() < FAILURES && !probing.contains(&caller);
                if may {
                    probing.push(caller);
                }
                may
            }
        }
    }
}

impl Breaker {
    /// Permission for a call of this caller at `now`; `None` while the breaker is open. A
    /// probe keeps only its own caller's other calls out.
    pub(super) fn enter(&self, caller: u64, now: Instant) -> Option<Pass<'_>> {
        // Made only if it is given: one that is dropped takes the lock.
        let lets_in = self.lock().lets_in(caller, now);
        lets_in.then(|| Pass {
            breaker: self,
            caller,
            told: false,
        })
    }

    /// Whether it refuses calls but for probes.
    pub(super) fn is_open(&self) -> bool {
        matches!(*self.lock(), State::Open { .. })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Permission for one call; give it back with the verdict.
#[derive(Debug)]
pub(super) struct Pass<'a> {
    breaker: &'a Breaker,
    caller: u64,
    told: bool,
}

impl Pass<'_> {
    /// Records how the call went, at `now`.
    pub(super) fn tell(mut self, verdict: Verdict, now: Instant) {
        let mut state = self.breaker.lock();
        match verdict {
            Verdict::Alive => *state = State::default(),
            Verdict::Failing => state.fail(now),
            Verdict::FailingFor(sent) => state.fail_for(sent, now),
            Verdict::NoWord => return,
        }
        self.told = true;
    }
}

impl Drop for Pass<'_> {
    /// A cancelled probe says nothing, so its caller may probe again.
    fn drop(&mut self) {
        if !self.told
            && let State::Open { probing, .. } = &mut *self.breaker.lock()
        {
            probing.retain(|caller| *caller != self.caller);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: u64 = 1;
    const EVE: u64 = 6;

    fn fail(breaker: &Breaker, caller: u64, verdict: Verdict, now: Instant) {
        breaker.enter(caller, now).unwrap().tell(verdict, now);
    }

    fn odd(by: u64, what: u64) -> Verdict {
        Verdict::FailingFor(Sent { by, what })
    }

    /// Opened by failures to connect.
    fn opened(now: Instant) -> Breaker {
        let breaker = Breaker::default();
        for _ in 0..FAILURES {
            fail(&breaker, ANA, Verdict::Failing, now);
        }
        breaker
    }

    #[test]
    fn five_failures_in_a_row_open_it_for_thirty_seconds() {
        let now = Instant::now();
        let breaker = opened(now);
        let soon = now + Duration::from_secs(29);
        assert!(breaker.is_open() && breaker.enter(ANA, soon).is_none());
        assert!(breaker.enter(ANA, now + OPEN_FOR).is_some());
    }

    #[test]
    fn i03_failures_of_one_caller_count_once_and_those_of_five_open_it() {
        let now = Instant::now();
        let breaker = Breaker::default();
        for caller in [1, 1, 1, 1, 1, 1, 2, 3, 4, 4, 4, 5] {
            fail(&breaker, caller, odd(caller, 0), now);
        }
        assert!(breaker.enter(ANA, now).is_none());
        assert!(breaker.enter(EVE, now).is_none());
    }

    #[test]
    fn i03_five_different_failures_of_one_caller_keep_out_that_caller_alone() {
        let now = Instant::now();
        let breaker = Breaker::default();
        for what in [1, 1, 1, 1, 1, 1, 2, 3, 4, 4, 4, 5] {
            fail(&breaker, EVE, odd(EVE, what), now);
        }
        assert!(breaker.enter(EVE, now).is_none() && breaker.enter(ANA, now).is_some());
        let later = now + OPEN_FOR;
        fail(&breaker, EVE, odd(EVE, 6), later);
        assert!(breaker.enter(EVE, later).is_none());
        fail(&breaker, EVE, Verdict::Alive, later + OPEN_FOR);
        assert!(breaker.enter(EVE, later + OPEN_FOR).is_some());
    }

    #[test]
    fn i03_the_probe_of_one_caller_decides_nothing_for_the_others() {
        let now = Instant::now();
        let breaker = opened(now);
        let later = now + OPEN_FOR;
        let hanging = breaker.enter(EVE, later).unwrap();
        assert!(breaker.enter(EVE, later).is_none());
        hanging.tell(odd(EVE, 0), later);
        assert!(breaker.enter(EVE, later).is_none());
        fail(&breaker, ANA, Verdict::Alive, later);
        assert!(breaker.enter(EVE, later).is_some());
    }

    #[test]
    fn five_callers_probe_each_thirty_seconds() {
        let now = Instant::now();
        let breaker = opened(now);
        for later in [now + OPEN_FOR, now + OPEN_FOR * 2] {
            for caller in 1..=5 {
                fail(&breaker, caller, odd(caller, 0), later);
            }
            assert!(breaker.enter(EVE, later).is_none() && breaker.is_open());
        }
    }

    #[test]
    fn a_success_between_failures_starts_the_count_again() {
        let now = Instant::now();
        let breaker = Breaker::default();
        for _ in 0..3 {
            for _ in 1..FAILURES {
                fail(&breaker, ANA, Verdict::Failing, now);
            }
            fail(&breaker, ANA, Verdict::Alive, now);
        }
        assert!(breaker.enter(ANA, now).is_some());
    }

    #[test]
    fn one_probe_of_a_caller_at_a_time_and_its_success_closes_it() {
        let now = Instant::now();
        let breaker = opened(now);
        let later = now + OPEN_FOR;
        let probe = breaker.enter(ANA, later).unwrap();
        assert!(breaker.enter(ANA, later).is_none());
        probe.tell(Verdict::Alive, later);
        let calls = [breaker.enter(ANA, later), breaker.enter(ANA, later)];
        assert!(calls.iter().all(Option::is_some));
    }

    #[test]
    fn a_probe_that_does_not_connect_opens_it_again_for_everybody() {
        let now = Instant::now();
        let breaker = opened(now);
        let later = now + OPEN_FOR;
        fail(&breaker, ANA, Verdict::Failing, later);
        let soon = later + Duration::from_secs(29);
        assert!(breaker.enter(EVE, soon).is_none());
        assert!(breaker.enter(EVE, later + OPEN_FOR).is_some());
    }

    #[test]
    fn a_cancelled_probe_lets_its_caller_probe_again() {
        let now = Instant::now();
        let breaker = opened(now);
        let later = now + OPEN_FOR;
        drop(breaker.enter(ANA, later).unwrap());
        assert!(breaker.enter(ANA, later).is_some());
    }
}
