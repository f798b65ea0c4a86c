//! State that all handlers share, created once at startup.

use std::sync::Arc;

use ipnet::IpNet;

use super::admin_tries::AdminTries;
use super::keys::WebKeys;
use super::session::rows::SessionCache;
use super::streams::Streams;
use crate::config::{Branding, Hsts, PublicUrl};
use crate::services::Portal;
use crate::storage::seal::SealError;

/// Kept in `web::Data`.
#[derive(Debug)]
pub struct AppState {
    pub portal: Arc<Portal>,
    /// Sessions that were read recently.
    pub sessions: SessionCache,
    pub keys: WebKeys,
    /// Limits attempts at admin passwords.
    pub admin_tries: AdminTries,
    /// Open streams of server-sent events.
    pub streams: Streams,
    pub settings: Arc<Settings>,
}

impl AppState {
    /// Creates the state; the web keys are derived from the services' key ring.
    pub fn new(portal: Arc<Portal>, settings: Settings) -> Result<Self, SealError> {
        Ok(Self {
            sessions: SessionCache::new(),
            keys: WebKeys::from_ring(&portal.keys)?,
            admin_tries: AdminTries::new(),
            streams: Streams::default(),
            portal,
            settings: Arc::new(settings),
        })
    }
}

/// Presentation settings from the configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    pub origin: PublicUrl,
    pub hsts: Hsts,
    pub branding: Branding,
    /// Proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpNet>,
}
