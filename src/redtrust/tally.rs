//! The calls of all connections, counted for metrics.

use std::time::Duration;

use super::endpoints::Operation;
use super::error::RedtrustError;
use crate::domain::timings::{Times, Timings};

/// The calls by operation and outcome.
#[derive(Debug, Default)]
pub struct Tally(Timings<(&'static str, &'static str)>);

impl Tally {
    pub(super) fn add<T>(
        &self,
        operation: Operation,
        answer: &Result<T, RedtrustError>,
        took: Duration,
    ) {
        let outcome = answer.as_ref().err().map_or("ok", RedtrustError::name);
        self.0.add((operation.name(), outcome), took);
    }

    /// All of them: operation, outcome, times.
    pub fn all(&self) -> Vec<((&'static str, &'static str), Times)> {
        self.0.all()
    }
}
