//! A sign-in under way: what the browser carries, sealed, from the redirect
//! to Redtrust until it comes back. Knows nothing of cookies or paths.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::connection::Slug;
use super::millis::Millis;
use super::redirect_url::RedirectUrl;

/// How long a person may take on Redtrust's page.
pub const LIFE: Duration = Duration::from_secs(10 * 60);

/// One sign-in under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginAttempt {
    /// UUIDv7; consumed once.
    pub id: String,
    /// The connection it was started with: a token for another is not its own.
    pub connection: Slug,
    /// The redirect URL that was signed.
    pub redirect_url: RedirectUrl,
    /// When the browser was sent away.
    pub started_at: Millis,
    /// Where the person wanted to go.
    pub go_to: Destination,
}

impl LoginAttempt {
    /// Whether it is too late to come back.
    pub fn is_expired(&self, now: Millis) -> bool {
        now.since(self.started_at) >= LIFE
    }
}

/// Where to go after sign-in: a choice among our own pages, never a URL.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    /// The dashboard.
    #[default]
    Home,
    /// The first step of an issue.
    Issue,
    /// The first step of a renewal.
    Renew,
    /// The history.
    Issuances,
    /// The list of certificates.
    Certificates,
    /// One issuance, by its id.
    Issuance(String),
    /// One step on the way to a certificate, by the parts of its address.
    Step(Vec<String>),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt() -> LoginAttempt {
        LoginAttempt {
            id: "0190".into(),
            connection: "acme".parse().unwrap(),
            redirect_url: "https://portal.example/callback/acme".parse().unwrap(),
            started_at: Millis::from_secs(1_000),
            go_to: Destination::Issuance("0191".into()),
        }
    }

    #[test]
    fn an_attempt_lives_ten_minutes() {
        let attempt = attempt();
        assert!(!attempt.is_expired(Millis::from_secs(1_000)));
        assert!(!attempt.is_expired(Millis::from_secs(1_599)));
        assert!(attempt.is_expired(Millis::from_secs(1_600)));
        assert!(attempt.is_expired(Millis::from_secs(1_601)));
    }

    #[test]
    fn a_clock_that_went_back_a_little_does_not_expire_it() {
        assert!(!attempt().is_expired(Millis::from_secs(990)));
    }

    #[test]
    fn an_attempt_survives_its_cookie() {
        let json = serde_json::to_string(&attempt()).unwrap();
        assert_eq!(
            serde_json::from_str::<LoginAttempt>(&json).unwrap(),
            attempt()
        );
    }
}
