//! The list of remaining kills, shared by all lanes.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::plan::{Engine, Job, Size};
use super::state::{Outcome, State};

/// A kind of kill that failed this often in a row is given up.
const TRIES: usize = 5;

/// The remaining kills and the results.
pub struct Board {
    size: Size,
    plan: Vec<(Job, u64)>,
    until: Option<Instant>,
    told_to_stop: AtomicBool,
    inner: Mutex<Inner>,
}

struct Inner {
    state: State,
    under_way: BTreeMap<Job, u64>,
    failures: BTreeMap<Job, usize>,
    saved: Instant,
}

impl Board {
    /// Continues where the last run stopped; a short run starts from zero.
    pub fn new(size: Size, plan: Vec<(Job, u64)>, until: Option<Instant>) -> Result<Self, String> {
        let state = match size {
            Size::Short => State::default(),
            Size::Full => State::load(size)?,
        };
        let inner = Inner {
            state,
            under_way: BTreeMap::new(),
            failures: BTreeMap::new(),
            saved: Instant::now(),
        };
        Ok(Self {
            size,
            plan,
            until,
            told_to_stop: AtomicBool::new(false),
            inner: Mutex::new(inner),
        })
    }

    /// Starts no further kills; running ones finish.
    pub fn stop(&self) {
        self.told_to_stop.store(true, Ordering::SeqCst);
    }

    fn is_over(&self) -> bool {
        self.told_to_stop.load(Ordering::SeqCst)
            || self.until.is_some_and(|until| Instant::now() > until)
    }

    /// The next kill, preferably on this engine.
    pub fn take(self: &Arc<Self>, engine: Option<Engine>) -> Option<Taken> {
        if self.is_over() {
            return None;
        }
        let mut inner = self.lock();
        let (job, turn) = self
            .next(&inner, |job| Some(job.engine) == engine)
            .or_else(|| self.next(&inner, |_| true))?;
        *inner.under_way.entry(job).or_default() += 1;
        Some(Taken {
            board: Arc::clone(self),
            job,
            turn,
        })
    }

    /// The job with the smallest finished share, so that an interrupted run covers
    /// every job.
    fn next(&self, inner: &Inner, wanted: impl Fn(Job) -> bool) -> Option<(Job, u64)> {
        let begun = |job: &Job| {
            inner.state.of(*job).kills + inner.under_way.get(job).copied().unwrap_or_default()
        };
        let fails = |job: &Job| inner.failures.get(job).copied().unwrap_or_default();
        self.plan
            .iter()
            .filter(|(job, _)| wanted(*job) && fails(job) < TRIES)
            .map(|(job, times)| (*job, begun(job), *times))
            .filter(|(_, begun, times)| begun < times)
            .min_by_key(|(_, begun, times)| begun * 10_000 / times)
            .map(|(job, begun, _)| (job, begun))
    }

    /// Whether all kills passed and, unless the run was interrupted, all planned kills
    /// were done.
    pub fn is_well(&self) -> Result<bool, String> {
        let inner = self.lock();
        let left = self.next(&inner, |_| true).is_some();
        let given_up = inner.failures.values().any(|fails| *fails >= TRIES);
        if given_up {
            return Err("some kills never happened as they were meant to".to_owned());
        }
        let jobs = self.plan.iter().map(|(job, _)| inner.state.of(*job));
        let sound = jobs.into_iter().all(|tally| tally.breaches.is_empty());
        Ok(sound && (!left || self.is_over()))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn save(&self, inner: &mut Inner) {
        let spent = inner.saved.elapsed().as_millis();
        inner.state.wall_ms += u64::try_from(spent).unwrap_or_default();
        inner.saved = Instant::now();
        if let Err(why) = inner.state.save(self.size) {
            eprintln!("crash: {why}");
        }
    }
}

/// A kill that a lane has taken; dropping it puts it back.
pub struct Taken {
    board: Arc<Board>,
    pub job: Job,
    /// How many kills of this kind came before.
    pub turn: u64,
}

impl Taken {
    /// The kill happened and was judged.
    pub fn done(self, outcome: Outcome) {
        let mut inner = self.board.lock();
        inner.failures.remove(&self.job);
        inner.state.add(self.job, outcome);
        self.board.save(&mut inner);
    }

    /// The kill did not happen as planned, or could not be judged.
    pub fn failed(self, why: String) {
        let first = why.lines().next().unwrap_or_default();
        eprintln!("crash: {}: not counted: {first}", self.job);
        let mut inner = self.board.lock();
        *inner.failures.entry(self.job).or_default() += 1;
        inner.state.add_failed(self.job, why);
        self.board.save(&mut inner);
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let mut inner = self.board.lock();
        if let Some(under_way) = inner.under_way.get_mut(&self.job) {
            *under_way -= 1;
        }
    }
}
