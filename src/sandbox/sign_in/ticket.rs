//! What the sign-in page carries: the login request it was shown for, signed,
//! so that nothing the form sends back needs to be believed.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::refusal::{ErrorCode, Refusal};
use super::super::state::State;
use crate::domain::millis::Millis;

/// How long somebody may take to sign in.
const LIFE: Duration = Duration::from_secs(600);

/// A checked login request.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::sandbox) struct Ticket {
    /// Which application asked.
    pub(in crate::sandbox) partner: String,
    /// In which domain.
    pub(in crate::sandbox) domain: Option<String>,
    /// Where to go afterwards.
    pub(in crate::sandbox) redirect_url: String,
    expires_at: i64,
}

impl Ticket {
    /// A ticket for a login request that was checked just now.
    pub(in crate::sandbox) fn new(
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

    /// As the hidden field of the form.
    pub(in crate::sandbox) fn seal(&self, state: &State) -> Result<String, Refusal> {
        state.form_key.sign(self).map_err(Refusal::internal)
    }

    /// Reads the hidden field.
    pub(in crate::sandbox) fn open(
        text: &str,
        state: &State,
        now: Millis,
    ) -> Result<Self, Refusal> {
        state
            .form_key
            .verify::<Self>(text)
            .filter(|ticket| now.0 < ticket.expires_at)
            .ok_or_else(|| ErrorCode::SignInExpired.into())
    }

    /// The origin that the form leads to.
    pub(in crate::sandbox) fn origin(&self) -> String {
        url::Url::parse(&self.redirect_url)
            .map(|url| url.origin().ascii_serialization())
            .unwrap_or_default()
    }
}
