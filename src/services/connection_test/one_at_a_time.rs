//! Which connections this process is testing.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

#[derive(Debug, Default)]
pub(in crate::services) struct OneAtATime(Mutex<HashSet<String>>);

/// The right to test one connection, until it is dropped.
#[derive(Debug)]
pub(super) struct Place<'a> {
    all: &'a OneAtATime,
    id: String,
}

impl OneAtATime {
    /// `None` if the connection is being tested.
    pub(super) fn enter(&self, id: &str) -> Option<Place<'_>> {
        let mut ids = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let id = id.to_owned();
        // Not `then_some`: a place that is made and dropped here would wait for this lock.
        ids.insert(id.clone()).then(|| Place { all: self, id })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut ids = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        ids.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_tested_once_at_a_time() {
        let all = OneAtATime::default();
        let first = all.enter("a");
        assert!(first.is_some());
        assert!(all.enter("a").is_none());
        assert!(all.enter("b").is_some());
        drop(first);
        assert!(all.enter("a").is_some());
    }
}
