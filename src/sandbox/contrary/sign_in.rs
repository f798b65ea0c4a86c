//! The sign-in of a contrary sandbox without its server, to try many seeds at once.

use super::super::refusal::Refusal;
use super::super::secrets::SharedKey;
use super::super::seed::Seed;
use super::super::sign_in::example::{Example, Program};
use super::super::sign_in::login_request;
use super::super::sign_in::query::LoginQuery;
use rubrica_domain::dialect::Dialect;
use rubrica_domain::millis::Millis;

/// What the contrary sandbox of a seed signs and accepts.
#[derive(Debug)]
pub struct ContrarySignIn {
    dialect: Dialect,
    key: SharedKey,
    program: Program,
    base_url: String,
}

impl ContrarySignIn {
    /// The sandbox of this seed, at this URL.
    pub fn new(seed: u64, base_url: &str) -> Self {
        let seed = Seed(seed);
        Self {
            dialect: super::dialect(seed).open,
            key: super::shared_key(seed),
            program: Program::of(Some(seed)),
            base_url: base_url.to_owned(),
        }
    }

    /// What `GET /sandbox/v1/example` answers.
    ///
    /// # Errors
    /// The sandbox's own words; only if the drawn key does not suit its encoding.
    pub fn example(&self, now: Millis) -> Result<Example, String> {
        let Self { dialect, key, .. } = self;
        self.program
            .example(dialect, &self.base_url, key, now)
            .map_err(words)
    }

    /// Checks a login URL as the sign-in page does before it looks the redirect URL up.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn check(&self, login_url: &str, now: Millis) -> Result<(), String> {
        let (_, query) = login_url.split_once('?').ok_or("a URL without a query")?;
        let query = LoginQuery::parse(query).map_err(words)?;
        let Self {
            dialect, base_url, ..
        } = self;
        let key = Some(self.key.clone());
        login_request::check(&query, dialect, base_url, key, now).map_err(words)
    }
}

fn words(refusal: Refusal) -> String {
    format!("{}: {}", refusal.code.as_str(), refusal.message)
}
