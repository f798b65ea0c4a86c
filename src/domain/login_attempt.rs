//! A sign-in in progress: the encrypted data that the browser carries until it returns
//! from Redtrust. Cookies and paths are handled elsewhere.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::connection::Slug;
use super::millis::Millis;
use super::redirect_url::RedirectUrl;

/// How long a person may take on Redtrust's page.
pub const LIFE: Duration = Duration::from_secs(10 * 60);

/// One sign-in in progress.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginAttempt {
    /// A UUIDv7, used only once.
    pub id: String,
    /// The connection it was started with; a token for another connection is rejected.
    pub connection: Slug,
    /// The redirect URL that was signed.
    pub redirect_url: RedirectUrl,
    /// The domain that was named to Redtrust; empty if none was.
    pub domain: String,
    /// When the browser was redirected to Redtrust.
    pub started_at: Millis,
    /// The page to show after sign-in.
    pub go_to: Destination,
}

impl LoginAttempt {
    /// Whether the time limit [`LIFE`] has passed.
    pub fn is_expired(&self, now: Millis) -> bool {
        now.since(self.started_at) >= LIFE
    }
}

/// The page to show after sign-in: one of the portal's own pages, never a URL.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    /// The dashboard.
    #[default]
    Home,
    /// The first step of issuing.
    Issue,
    /// The first step of renewing.
    Renew,
    /// The history.
    Issuances,
    /// The list of certificates.
    Certificates,
    /// One issuance, by its id.
    Issuance(String),
    /// One run, by its id.
    Run(String),
    /// One step of issuing or renewing, by the segments of its path.
    Step(Vec<String>),
}

/// Prefix of the text form of [`Destination::Issuance`].
pub const ISSUANCE: &str = "issuance-";

/// Prefix of the text form of [`Destination::Run`].
pub const RUN: &str = "run-";

/// Prefix of the text form of [`Destination::Step`].
pub const STEP: &str = "step-";

impl fmt::Display for Destination {
    /// The form used in links and forms.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Home => f.write_str("home"),
            Self::Issue => f.write_str("issue"),
            Self::Renew => f.write_str("renew"),
            Self::Issuances => f.write_str("issuances"),
            Self::Certificates => f.write_str("certificates"),
            Self::Issuance(id) => write!(f, "{ISSUANCE}{id}"),
            Self::Run(id) => write!(f, "{RUN}{id}"),
            Self::Step(parts) => write!(f, "{STEP}{}", parts.join(".")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt() -> LoginAttempt {
        LoginAttempt {
            id: "0190".into(),
            connection: "acme".parse().unwrap(),
            redirect_url: "https://portal.example/callback/acme".parse().unwrap(),
            domain: String::new(),
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
