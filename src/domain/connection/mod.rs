//! One Redtrust server: its address, our name there, and its dialect.

mod as_text;
mod base_url;
mod limits;
mod partner;
mod private_ca;
mod problem;
mod request_options;
mod revocation;
mod second_key;
mod server;
mod settings;
mod sign_in_origins;
mod slug;
mod written;

pub use base_url::{BaseUrl, BaseUrlError, DEFAULT_PORT};
pub use limits::{IssueTimeout, ValidityDays};
pub use partner::{Partner, PartnerError};
pub use private_ca::{CaCertificate, CaProblem, PrivateCa};
pub use problem::{KeyProblem, Problem, Problems};
pub use request_options::{
    ATTRIBUTES, EMAIL, Group, InfoField, MOST_INFO, RequestOptions, RequestOptionsError,
    read_attributes, read_groups, read_info,
};
pub use revocation::RevocationHelp;
pub use second_key::{KeyRole, OVERLAP, SecondKey};
pub use settings::{ConnectionSettings, Kind, SETTINGS, Setting, Stake, Texts};
pub use slug::{Slug, SlugError};
pub use written::Written;

use super::millis::Millis;
use super::secret::Secret;

/// One Redtrust server with our partner name and key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// UUIDv7.
    pub id: String,
    /// Its name in paths; never changes.
    pub slug: Slug,
    /// The settings from an admin or the configuration file.
    pub settings: ConnectionSettings,
    /// The key that signs login URLs.
    pub shared_key: Secret,
    /// When the shared key came into use.
    pub key_set_at: Millis,
    /// The next key or the previous one, while the shared key is being replaced.
    pub second_key: Option<SecondKey>,
    /// Whether it is our own sandbox.
    pub sandbox: bool,
    /// Whether people may use it.
    pub enabled: bool,
    /// Whether it comes from the configuration file: then its settings are
    /// read-only in the pages.
    pub from_file: bool,
    /// When a start no longer found it in the configuration file, and disabled it.
    pub left_file_at: Option<Millis>,
    /// Grows with every change.
    pub version: i64,
}

impl Connection {
    /// A new one: enabled, made on the pages, not our sandbox.
    pub fn new(id: String, slug: Slug, settings: ConnectionSettings, shared_key: Secret) -> Self {
        Self {
            id,
            slug,
            settings,
            shared_key,
            key_set_at: Millis::default(),
            second_key: None,
            sandbox: false,
            enabled: true,
            from_file: false,
            left_file_at: None,
            version: 1,
        }
    }

    /// Whether the configuration file decides about it now.
    pub const fn is_in_file(&self) -> bool {
        self.from_file && self.left_file_at.is_none()
    }
}

/// A connection that tests start from.
#[cfg(test)]
pub(crate) fn sample() -> Connection {
    let settings = ConnectionSettings {
        name: "Acme".into(),
        base_url: "https://redtrust.acme.example:8082".parse().unwrap(),
        partner: "RUBRICA".parse().unwrap(),
        domain: Some("corp".into()),
        ..ConnectionSettings::blank()
    };
    let id = "0190f1d2-0000-7000-8000-000000000001".into();
    let key = Secret::new("correct horse battery staple");
    Connection::new(id, "acme".parse().unwrap(), settings, key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_prints_nothing_of_its_key() {
        assert!(!format!("{:?}", sample()).contains("horse"));
    }
}
