//! Collects what is wrong, so that all of it is named at once.

use super::ConfigError;

#[derive(Debug, Default)]
pub(super) struct Mistakes(Vec<ConfigError>);

impl Mistakes {
    /// The value; or none, and its mistake is kept.
    pub(super) fn take<T>(&mut self, read: Result<T, ConfigError>) -> Option<T> {
        read.map_err(|error| self.push(error)).ok()
    }

    /// The value; or the usual one, and its mistake is kept.
    pub(super) fn or_default<T: Default>(&mut self, read: Result<T, ConfigError>) -> T {
        self.take(read).unwrap_or_default()
    }

    pub(super) fn push(&mut self, error: ConfigError) {
        self.0.push(error);
    }

    pub(super) fn extend(&mut self, others: Vec<ConfigError>) {
        self.0.extend(others);
    }

    pub(super) fn into_vec(self) -> Vec<ConfigError> {
        self.0
    }
}
