//! The dependencies of every service, created once at the start.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::accounts::Hashers;
use super::connections::ConnectionRegistry;
use super::engine::InFlight;
use super::jobs::Jobs;
use super::limiter::Limiter;
use super::may_issue::Refusals;
use crate::clock::Clock;
use crate::domain::connection::Slug;
use crate::domain::mail::Policy;
use crate::domain::retention::Retention;
use crate::domain::timings::Timings;
use crate::domain::today::Today;
use crate::storage::Storage;
use crate::storage::seal::KeyRing;

/// Prefix of every connection's callback path.
pub const CALLBACK_PREFIX: &str = "/callback/";

/// The callback URL of a connection for a portal at `public_url`: the only
/// address that may be registered for it.
pub(super) fn callback_url(public_url: &str, slug: &Slug) -> String {
    format!("{public_url}{CALLBACK_PREFIX}{slug}")
}

/// The dependencies of every service: database, keys, clock, connections, work
/// in progress.
#[derive(Debug)]
pub struct Portal {
    pub storage: Storage,
    /// Keys for data sealed at rest.
    pub keys: Arc<KeyRing>,
    pub clock: Clock,
    pub connections: ConnectionRegistry,
    /// What this process is working on.
    pub in_flight: Arc<InFlight>,
    /// What strangers may still try.
    pub limiter: Limiter,
    /// Who may not issue, as far as was read lately.
    pub refusals: Refusals,
    /// Work for a processor.
    pub jobs: Jobs,
    /// Hash the passwords of local accounts.
    pub hashers: Hashers,
    /// The portal's own origin, `https://portal.example`.
    pub public_url: String,
    /// How long personal data is kept; `None` for ever.
    pub retention: Option<Retention>,
    /// Whether mail is sent, and about what.
    pub mail: Option<Policy>,
    /// How deliveries to the webhook went, if there is one.
    pub webhook: Option<Timings<&'static str>>,
    /// Who runs the portal, as its pages say.
    pub partner_name: String,
    /// The time zone of its pages.
    pub zone: TimeZone,
    /// Whether accounts without a second factor see nothing but their own.
    pub needs_second_factor: bool,
}

impl Portal {
    /// Now, among the days that its pages show.
    pub fn today(&self) -> Today<'_> {
        Today {
            now: self.clock.now(),
            zone: &self.zone,
        }
    }

    /// The callback URL of a connection.
    pub fn callback_url(&self, slug: &Slug) -> String {
        callback_url(&self.public_url, slug)
    }
}
