//! What every handler shares: the portal's tools and how it is set up. Made
//! once at the start, handed to each worker.

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

/// The application's shared state, in `web::Data`.
#[derive(Debug)]
pub struct AppState {
    /// The services and what they stand on.
    pub portal: Arc<Portal>,
    /// Sessions read lately.
    pub sessions: SessionCache,
    /// Keys of the web alone.
    pub keys: WebKeys,
    /// Who may still try an admin's password.
    pub admin_tries: AdminTries,
    /// Pages that are being kept up to date.
    pub streams: Streams,
    /// How the portal presents itself.
    pub settings: Arc<Settings>,
}

impl AppState {
    /// State on these services; the web's own keys come from their ring.
    ///
    /// # Errors
    /// [`SealError::Failed`] where the cryptographic library refuses.
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

/// How the portal presents itself: from the configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The portal's own origin.
    pub origin: PublicUrl,
    /// Whose portal this is: stands in the header and in titles.
    pub partner_name: String,
    /// The partner's logo: a path of this portal or a `data:` URI.
    pub logo: Option<String>,
    /// Links at the foot of every page.
    pub footer: Footer,
    /// The zone in which times are shown.
    pub zone: TimeZone,
    /// Addresses and networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
}

impl Settings {
    /// The settings of a portal at `origin`, as whoever runs it has set them.
    ///
    /// # Errors
    /// [`jiff::Error`] where the time zone has no such name.
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

/// Links at the foot of every page; those that are not set do not show.
#[derive(Debug, Clone, Default)]
pub struct Footer {
    /// Legal notice.
    pub legal: Option<String>,
    /// Privacy notice.
    pub privacy: Option<String>,
    /// Accessibility statement.
    pub accessibility: Option<String>,
    /// Where to ask for help: a page or `mailto:`.
    pub support: Option<String>,
}
