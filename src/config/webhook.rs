//! Which program is told of outcomes, and the key of what it is told.

use super::mistakes::Mistakes;
use super::read::endpoint;
use super::{Complaint, ConfigError};
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
    /// `None` without both, and if only one of address and key is set, or one of them is
    /// unsafe, which is kept.
    pub(super) fn of(url: Option<&str>, key: Option<Secret>, wrong: &mut Mistakes) -> Option<Self> {
        if url.is_some() != key.is_some() {
            wrong.push(Complaint::of_both("RUBRICA_WEBHOOK_URL", "RUBRICA_WEBHOOK_KEY").into());
        }
        let safe = url.and_then(|url| wrong.take(endpoint("RUBRICA_WEBHOOK_URL", url)));
        let key = key?;
        if key.expose().chars().count() < SHORTEST_KEY {
            wrong.push(ConfigError::invalid(
                "RUBRICA_WEBHOOK_KEY",
                format!("must have {SHORTEST_KEY} characters or more"),
            ));
        }
        safe.and(url).map(|url| Self {
            url: url.to_owned(),
            key,
        })
    }
}
