//! Which program is told of outcomes, and the key of what it is told.

use super::ConfigError;
use super::read::endpoint;
use crate::domain::secret::Secret;

/// A shorter key could be found by trying.
const SHORTEST_KEY: usize = 16;

#[derive(Debug, Clone)]
pub struct WebhookConfig {
    /// https, or http on this machine.
    pub url: String,
    pub key: Secret,
}

impl WebhookConfig {
    /// # Errors
    /// [`ConfigError`] if only one of address and key is set, or one of them is unsafe.
    pub(super) fn of(url: Option<&str>, key: Option<Secret>) -> Result<Option<Self>, ConfigError> {
        let (url, key) = match (url, key) {
            (None, None) => return Ok(None),
            (Some(url), Some(key)) => (url, key),
            _ => {
                return Err(ConfigError::invalid(
                    "RUBRICA_WEBHOOK_URL",
                    "and RUBRICA_WEBHOOK_KEY need each other",
                ));
            }
        };
        endpoint("RUBRICA_WEBHOOK_URL", url)?;
        if key.expose().chars().count() < SHORTEST_KEY {
            return Err(ConfigError::invalid(
                "RUBRICA_WEBHOOK_KEY",
                format!("must have {SHORTEST_KEY} characters or more"),
            ));
        }
        Ok(Some(Self {
            url: url.to_owned(),
            key,
        }))
    }
}
