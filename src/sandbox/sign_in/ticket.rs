//! The hidden field of the sign-in form: the checked login request, signed, so that the
//! form cannot change it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::refusal::{ErrorCode, Refusal};
use super::super::state::State;
use rubrica_domain::millis::Millis;

/// How long a person may take to sign in.
const LIFE: Duration = Duration::from_secs(600);

/// A checked login request.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ticket {
    /// The partner that asked.
    pub(crate) partner: String,
    /// The domain to sign in to.
    pub(crate) domain: Option<String>,
    /// Where the browser goes afterwards.
    pub(crate) redirect_url: String,
    expires_at: i64,
}

impl Ticket {
    /// A ticket for a login request that was just checked.
    pub(crate) fn new(
        partner: String,
        domain: Option<String>,
        redirect_url: String,
        now: Millis,
    ) -> Self {
        Self {
            partner,
            domain,
            redirect_url,
            expires_at: (now + LIFE).0,
        }
    }

    /// Signs the ticket, for the hidden field.
    pub(crate) fn seal(&self, state: &State) -> Result<String, Refusal> {
        state.form_key.sign(self).map_err(Refusal::internal)
    }

    /// Verifies and reads the hidden field.
    pub(crate) fn open(text: &str, state: &State, now: Millis) -> Result<Self, Refusal> {
        state
            .form_key
            .verify::<Self>(text)
            .filter(|ticket| now.0 < ticket.expires_at)
            .ok_or_else(|| ErrorCode::SignInExpired.into())
    }

    /// The origin of the redirect URL.
    pub(crate) fn origin(&self) -> String {
        url::Url::parse(&self.redirect_url)
            .map(|url| url.origin().ascii_serialization())
            .unwrap_or_default()
    }
}
