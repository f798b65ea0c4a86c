//! How long personal data is kept, as it is written.

use serde::Deserialize;

use super::ConfigError;
use crate::domain::retention::Retention;

/// A number of days: a number in the file, a text in the environment.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Days {
    Number(i64),
    Text(String),
}

impl Days {
    pub(super) fn read(&self) -> Result<Retention, ConfigError> {
        let text = match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        };
        Retention::of_days(&text).ok_or_else(|| {
            let cause = format!("{text:?} is not a number of days from 1 to 36500");
            ConfigError::invalid("RUBRICA_RETENTION_DAYS", cause)
        })
    }
}
