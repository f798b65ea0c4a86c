//! Two threads that hash passwords, one after the other, with memory of their own that
//! is used again for the next: passwords that are tried by the hundred cost time here and
//! nowhere else. The line before them is short, and who finds it full is told so at once.
//! Addresses that tried least in the last minute come first, and among them those in whose
//! network there were the fewest tries, so that wrong passwords by the hundred do not keep
//! the right one waiting.

use std::collections::HashMap;
use std::io;
use std::mem;
use std::net::IpAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use argon2::{Block, password_hash};
use tokio::sync::oneshot;

use crate::services::limiter;

/// Most tries that wait; with 20 ms for a hash, the last waits for half a second.
const WAITING: usize = 48;

/// How long the tries of an address count.
const REMEMBERED_FOR: Duration = Duration::from_secs(60);

/// Most addresses that are remembered.
const REMEMBERED: usize = 10_000;

/// How long the first thread keeps its memory without work. The second one, which helps
/// out, keeps none.
const KEPT_FOR: Duration = Duration::from_millis(250);

/// Why a password was not hashed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// Too many wait for it already.
    #[error("too many passwords wait to be hashed")]
    Busy,
    /// Hashing itself failed.
    #[error("the password could not be hashed: {0}")]
    Failed(String),
}

impl From<password_hash::Error> for HashError {
    fn from(error: password_hash::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<argon2::Error> for HashError {
    fn from(error: argon2::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// The memory of one thread, 19 MiB while it is in use.
pub type Memory = Vec<Block>;

type Work = Box<dyn FnOnce(&mut Memory) + Send>;

/// The line and its two threads, which begin with the first try.
#[derive(Debug, Default)]
pub struct Hashers(Arc<Line>);

#[derive(Debug, Default)]
struct Line {
    state: Mutex<State>,
    news: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<Try>,
    next_id: u64,
    recent: Recent,
    is_running: bool,
    is_stopped: bool,
    /// Whether the first thread has work. The second takes none otherwise.
    is_first_busy: bool,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "State({} waiting)", self.waiting.len())
    }
}

struct Try {
    /// The fewer, the sooner its turn.
    before: Before,
    /// Rises, and so decides among equals.
    id: u64,
    work: Work,
}

/// Tries before one: of the same address, then of the same network.
type Before = (u32, u32);

/// How often each address and each network tried since a time.
#[derive(Default)]
struct Recent {
    since: Option<Instant>,
    tries: HashMap<String, u32>,
}

impl Recent {
    /// Counts one more try, and returns how many there were before.
    fn count(&mut self, from: &str) -> Before {
        let is_old = |since: Instant| since.elapsed() >= REMEMBERED_FOR;
        if self.since.is_none_or(is_old) || self.tries.len() + 2 > REMEMBERED {
            self.tries.clear();
            self.since = Some(Instant::now());
        }
        let mut one_more = |of: String| {
            let tries = self.tries.entry(of).or_default();
            let before = *tries;
            *tries = tries.saturating_add(1);
            before
        };
        (one_more(from.to_owned()), one_more(network_of(from)))
    }
}

/// Where addresses come from that one owner may have by the hundred.
fn network_of(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V4(address)) => format!("network {:x}", address.to_bits() >> 8),
        Ok(IpAddr::V6(address)) => format!("network {}", limiter::network_of(address)),
        Err(_) => format!("network {address}"),
    }
}

impl Hashers {
    /// Does `work` in turn. `from` says who asks: an address.
    ///
    /// # Errors
    /// [`HashError::Busy`] if too many wait already.
    pub async fn run<T: Send + 'static>(
        &self,
        from: &str,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, HashError> {
        let (tell, told) = oneshot::channel();
        let work: Work = Box::new(move |memory| {
            // If the caller is gone, so is its ear.
            let _gone = tell.send(work(memory));
        });
        let id = self.0.push(from, work)?;
        let _place = Place { id, line: &self.0 };
        // A try that had to make room for another is dropped unheard.
        told.await.map_err(|_| HashError::Busy)
    }
}

impl Drop for Hashers {
    fn drop(&mut self) {
        self.0.state().is_stopped = true;
        self.0.news.notify_all();
    }
}

/// A caller's place in the line, given up with the caller.
struct Place<'a> {
    id: u64,
    line: &'a Line,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.line.state().waiting.retain(|one| one.id != self.id);
    }
}

impl Line {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(self: &Arc<Self>, from: &str, work: Work) -> Result<u64, HashError> {
        let mut state = self.state();
        if !state.is_running {
            self.start()
                .map_err(|error| HashError::Failed(error.to_string()))?;
            state.is_running = true;
        }
        let before = state.recent.count(from);
        state.make_room(before)?;
        state.next_id += 1;
        let id = state.next_id;
        state.waiting.push(Try { before, id, work });
        drop(state);
        self.news.notify_all();
        Ok(id)
    }

    fn start(self: &Arc<Self>) -> io::Result<()> {
        for is_first in [true, false] {
            let line = Arc::clone(self);
            thread::Builder::new()
                .name("hasher".to_owned())
                .spawn(move || line.work_off(is_first))?;
        }
        Ok(())
    }

    fn work_off(&self, is_first: bool) {
        let mut memory = Memory::new();
        while let Some(work) = self.next(is_first, &mut memory) {
            work(&mut memory);
        }
    }

    /// Waits for the next try, and meanwhile gives the memory back. `None` at the end.
    fn next(&self, is_first: bool, memory: &mut Memory) -> Option<Work> {
        let mut state = self.state();
        if is_first {
            state.is_first_busy = false;
        }
        loop {
            if state.is_stopped {
                return None;
            }
            let may = is_first || state.is_first_busy;
            if let Some(next) = may.then(|| state.take_next()).flatten() {
                state.is_first_busy |= is_first;
                if !state.waiting.is_empty() {
                    self.news.notify_all();
                }
                return Some(next.work);
            }
            if !is_first {
                drop(mem::take(memory));
            }
            let (woken, waited) = self
                .news
                .wait_timeout(state, KEPT_FOR)
                .unwrap_or_else(PoisonError::into_inner);
            state = woken;
            if waited.timed_out() {
                drop(mem::take(memory));
            }
        }
    }
}

impl State {
    /// Makes room for a try before which there were so many. A full line gives up the last,
    /// if there were more before that.
    fn make_room(&mut self, before: Before) -> Result<(), HashError> {
        if self.waiting.len() < WAITING {
            return Ok(());
        }
        let places = self.waiting.iter().enumerate();
        let last = places.max_by_key(|(_, one)| (one.before, one.id));
        match last.filter(|(_, one)| one.before > before) {
            Some((place, _)) => {
                self.waiting.swap_remove(place);
                Ok(())
            }
            None => Err(HashError::Busy),
        }
    }

    fn take_next(&mut self) -> Option<Try> {
        let places = self.waiting.iter().enumerate();
        let (place, _) = places.min_by_key(|(_, one)| (one.before, one.id))?;
        Some(self.waiting.swap_remove(place))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use futures_util::FutureExt;
    use futures_util::future::join_all;

    use super::*;

    /// Keeps both threads busy until the sender is dropped.
    async fn held(hashers: &Hashers) -> mpsc::Sender<()> {
        let (hold, held) = mpsc::channel::<()>();
        let held = Arc::new(Mutex::new(held));
        for _ in 0..2 {
            let held = Arc::clone(&held);
            let work: Work = Box::new(move |_| {
                let _end = held.lock().unwrap().recv();
            });
            hashers.0.push("held", work).unwrap();
        }
        while !hashers.0.state().waiting.is_empty() {
            tokio::task::yield_now().await;
        }
        hold
    }

    #[tokio::test]
    async fn i02_the_line_is_short_and_a_fresh_address_passes_one_that_fills_it() {
        let hashers = Hashers::default();
        let hold = held(&hashers).await;
        let done = Arc::new(Mutex::new(Vec::new()));
        let one = |from: &'static str| {
            let done = Arc::clone(&done);
            hashers.run(from, move |_| done.lock().unwrap().push(from))
        };
        let mut wrong = Box::pin(join_all((0..400).map(|_| one("10.0.0.1"))));
        assert!(wrong.as_mut().now_or_never().is_none());
        assert_eq!(hashers.0.state().waiting.len(), WAITING);
        let mut right = Box::pin(one("10.0.0.2"));
        assert!(right.as_mut().now_or_never().is_none());
        drop(hold);
        let (wrong, right) = tokio::join!(wrong, right);
        assert_eq!(right, Ok(()));
        // It took the place of one of them.
        assert_eq!(wrong.iter().filter(|one| one.is_ok()).count(), WAITING - 1);
        let place = done
            .lock()
            .unwrap()
            .iter()
            .position(|from| *from == "10.0.0.2");
        // The other address had a first try, too, and there are two threads.
        assert!(place.unwrap() <= 2, "{place:?}");
    }

    #[test]
    fn i02_what_is_remembered_of_addresses_is_bounded() {
        let mut recent = Recent::default();
        for at in 0..3 * REMEMBERED {
            assert_eq!(recent.count(&at.to_string()), (0, 0));
        }
        assert!(recent.tries.len() <= REMEMBERED);
        assert_eq!(recent.count("10.0.0.1"), (0, 0));
        assert_eq!(recent.count("10.0.0.1"), (1, 1));
        assert_eq!(recent.count("10.0.0.2"), (0, 2));
        assert_eq!(recent.count("10.0.1.2"), (0, 0));
        assert_eq!(recent.count("2001:db8:1:2::1"), (0, 0));
        assert_eq!(recent.count("2001:db8:1:3::1"), (0, 1));
    }

    #[tokio::test]
    async fn i02_addresses_of_one_network_that_try_once_each_keep_no_other_out() {
        let hashers = Hashers::default();
        let hold = held(&hashers).await;
        let wrong = (0..100).map(|at| {
            let from = format!("10.0.1.{at}");
            let hashers = &hashers;
            async move { hashers.run(&from, |_| ()).await }
        });
        let mut wrong = Box::pin(join_all(wrong));
        assert!(wrong.as_mut().now_or_never().is_none());
        assert_eq!(hashers.0.state().waiting.len(), WAITING);
        let mut right = Box::pin(hashers.run("10.0.2.1", |_| ()));
        assert!(right.as_mut().now_or_never().is_none());
        drop(hold);
        let (_, right) = tokio::join!(wrong, right);
        assert_eq!(right, Ok(()));
    }

    #[tokio::test]
    async fn i02_work_of_a_caller_that_is_gone_is_not_done() {
        let hashers = Hashers::default();
        let hold = held(&hashers).await;
        let gone = hashers.run("10.0.0.1", |_| panic!("done for nobody"));
        assert!(gone.now_or_never().is_none());
        assert!(hashers.0.state().waiting.is_empty());
        drop(hold);
        assert_eq!(hashers.run("10.0.0.1", |_| 1).await, Ok(1));
    }
}
