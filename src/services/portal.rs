//! What every service works with, made once at the start.

use std::sync::Arc;

use super::connections::ConnectionRegistry;
use super::engine::InFlight;
use crate::clock::Clock;
use crate::domain::connection::Slug;
use crate::storage::Storage;
use crate::storage::seal::KeyRing;

/// Begins the path of every connection's callback.
pub const CALLBACK_PREFIX: &str = "/callback/";

/// Where the portal at `public_url` takes a connection's sign-ins back: the one
/// address that may be registered for it.
pub(super) fn callback_url(public_url: &str, slug: &Slug) -> String {
    format!("{public_url}{CALLBACK_PREFIX}{slug}")
}

/// The portal's tools: database, keys, clock, connections, work under way.
#[derive(Debug)]
pub struct Portal {
    pub storage: Storage,
    /// Keys for what is sealed at rest.
    pub keys: Arc<KeyRing>,
    pub clock: Clock,
    /// The Redtrust servers.
    pub connections: ConnectionRegistry,
    /// What this process works on.
    pub in_flight: Arc<InFlight>,
    /// The portal's own origin, `https://portal.example`.
    pub public_url: String,
}

impl Portal {
    /// Where a connection's sign-ins come back to.
    pub fn callback_url(&self, slug: &Slug) -> String {
        callback_url(&self.public_url, slug)
    }
}
