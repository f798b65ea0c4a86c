//! How often things happened and how long they took: for metrics.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Upper bounds of the groups, in seconds; what took longer is counted in all only.
pub const BOUNDS: [f64; 9] = [0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0];

/// The times of one kind of thing.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Times {
    /// How many took at most so long as each of [`BOUNDS`].
    pub within: [u64; BOUNDS.len()],
    /// How many there were.
    pub count: u64,
    /// How long all took together, in seconds.
    pub sum: f64,
}

impl Times {
    fn add(&mut self, took: Duration) {
        let seconds = took.as_secs_f64();
        for (count, bound) in self.within.iter_mut().zip(BOUNDS) {
            *count += u64::from(seconds <= bound);
        }
        self.count += 1;
        self.sum += seconds;
    }
}

/// The times of each kind of thing. There must be few kinds: none is ever forgotten.
#[derive(Debug)]
pub struct Timings<K>(Mutex<BTreeMap<K, Times>>);

impl<K> Default for Timings<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Ord + Clone> Timings<K> {
    /// Counts one that took so long.
    pub fn add(&self, kind: K, took: Duration) {
        self.lock().entry(kind).or_default().add(took);
    }

    /// All of them, by kind.
    pub fn all(&self) -> Vec<(K, Times)> {
        let all = self.lock();
        all.iter()
            .map(|(kind, times)| (kind.clone(), *times))
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<K, Times>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_time_counts_in_every_group_that_it_is_within() {
        let timings = Timings::default();
        for millis in [10, 11, 600, 61_000] {
            timings.add("call", Duration::from_millis(millis));
        }
        timings.add("other", Duration::ZERO);
        let all = timings.all();
        let (kind, times) = all[0];
        assert_eq!((kind, times.count), ("call", 4));
        assert_eq!(times.within, [1, 2, 2, 2, 2, 3, 3, 3, 3]);
        assert!((times.sum - 61.621).abs() < 1e-9);
        assert_eq!(all[1].1.within, [1; BOUNDS.len()]);
    }
}
