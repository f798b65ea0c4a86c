//! State that all handlers share, created once at startup.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use ipnet::IpNet;

use super::keys::WebKeys;
use super::metrics::{Counted, Requests};
use super::session::rows::SessionCache;
use crate::config::{Branding, Hsts, PublicUrl, SecondFactor};
use crate::services::Portal;
use crate::services::shares::Shares;
use crate::storage::seal::SealError;

const MIB: usize = 1024 * 1024;

/// Kept in `web::Data`.
#[derive(Debug)]
pub struct AppState {
    pub portal: Arc<Portal>,
    /// Sessions that were read recently.
    pub sessions: SessionCache,
    pub keys: WebKeys,
    /// The first address that sent `X-Forwarded-For` and is not trusted to.
    pub untrusted_proxy: OnceLock<IpAddr>,
    /// Open streams of server-sent events.
    pub streams: Shares,
    /// Files that are being written out of the database.
    pub exports: Shares,
    /// Bytes of files that are arriving or worked on.
    pub uploads: Shares,
    /// The answers so far, for metrics.
    pub requests: Requests,
    pub counted: Counted,
    pub settings: Arc<Settings>,
}

impl AppState {
    /// Creates the state; the web keys are derived from the services' key ring.
    pub fn new(portal: Arc<Portal>, settings: Settings) -> Result<Self, SealError> {
        Ok(Self {
            sessions: SessionCache::new(),
            keys: WebKeys::from_ring(&portal.keys)?,
            untrusted_proxy: OnceLock::new(),
            streams: Shares::new(8, 256),
            exports: Shares::new(2, 32),
            uploads: Shares::new(4 * MIB, 24 * MIB),
            requests: Requests::default(),
            counted: Counted::default(),
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
    pub second_factor: SecondFactor,
    pub branding: Branding,
    /// Proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether strangers see no list of the connections.
    pub hide_connections: bool,
}
