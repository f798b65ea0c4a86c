//! State that all handlers share, created once at startup.

use std::sync::Arc;

use ipnet::IpNet;
use jiff::tz::TimeZone;

use super::admin_tries::AdminTries;
use super::keys::WebKeys;
use super::session::rows::SessionCache;
use super::streams::Streams;
use crate::config::{House, PublicUrl};
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
    /// The partner's name, shown in the header and in titles.
    pub partner_name: String,
    /// The partner's logo: a path of this portal or a `data:` URI.
    pub logo: Option<String>,
    pub footer: Footer,
    /// The time zone in which times are shown.
    pub zone: TimeZone,
    /// Proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpNet>,
}

impl Settings {
    /// Fails if the time zone's name is unknown.
    pub fn new(origin: PublicUrl, house: &House, proxies: Vec<IpNet>) -> Result<Self, jiff::Error> {
        Ok(Self {
            origin,
            partner_name: house.name.clone(),
            logo: None,
            footer: Footer {
                legal: house.legal_url.clone(),
                privacy: house.privacy_url.clone(),
                accessibility: house.accessibility_url.clone(),
                support: house.support_url.clone(),
            },
            zone: TimeZone::get(&house.time_zone)?,
            trusted_proxies: proxies,
        })
    }
}

/// Links at the foot of every page; links that are not set are left out.
#[derive(Debug, Clone, Default)]
pub struct Footer {
    pub legal: Option<String>,
    pub privacy: Option<String>,
    pub accessibility: Option<String>,
    /// A page or a `mailto:` link.
    pub support: Option<String>,
}
