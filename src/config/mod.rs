//! Settings: TOML file, then `RUBRICA_...` environment (wins), then flags (win).
//!
//! [`Settings`] is what was written, everything optional; [`Config`] is what
//! was understood. A setting that cannot be understood ends in one plain
//! sentence that names it.

mod connection;
mod master_key;
mod public_url;
mod secret_file;
mod settings;

use std::net::SocketAddr;
use std::path::PathBuf;

use ipnet::IpNet;

use crate::domain::connection::Problems;
use crate::i18n::connection_problem;
use tracing::level_filters::LevelFilter;

pub use connection::ConnectionEntry;
pub use master_key::MasterKey;
pub use public_url::PublicUrl;
pub use settings::Settings;

/// Why the configuration cannot be used: one sentence for the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A file that was named cannot be read.
    #[error("{setting}: cannot read {path}: {cause}")]
    Unreadable {
        /// The setting that names the file.
        setting: String,
        /// The file.
        path: String,
        /// What the operating system said.
        cause: String,
    },
    /// The configuration file is no TOML, or has a setting nobody knows.
    #[error("{path}: {cause}")]
    Toml {
        /// The file.
        path: String,
        /// What is wrong, and where.
        cause: String,
    },
    /// A setting that must be there is not.
    #[error("{setting} is not set: {hint}")]
    Missing {
        /// The variable's name.
        setting: String,
        /// What to put there.
        hint: String,
    },
    /// A connection with settings that mean nothing, each on a line.
    #[error("{}", connection_problem::lines(.slug, .problems))]
    Connection {
        /// Which.
        slug: String,
        /// What is wrong with it.
        problems: Problems,
    },
    /// A setting that means nothing.
    #[error("{setting}: {cause}")]
    Invalid {
        /// The variable's name.
        setting: String,
        /// What is wrong with it.
        cause: String,
    },
}

impl ConfigError {
    fn invalid(setting: impl Into<String>, cause: impl ToString) -> Self {
        Self::Invalid {
            setting: setting.into(),
            cause: cause.to_string(),
        }
    }

    fn unreadable(setting: &str, path: &std::path::Path, cause: &std::io::Error) -> Self {
        Self::Unreadable {
            setting: setting.to_owned(),
            path: path.display().to_string(),
            cause: cause.to_string(),
        }
    }
}

/// What the pages say about whoever runs the portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct House {
    /// The partner's name, in the header of every page.
    pub name: String,
    /// Links of the footer; those not set are not shown.
    pub legal_url: Option<String>,
    /// Privacy notice.
    pub privacy_url: Option<String>,
    /// Accessibility statement.
    pub accessibility_url: Option<String>,
    /// Where help is to be had.
    pub support_url: Option<String>,
    /// IANA name of the zone in which times are shown.
    pub time_zone: String,
}

impl Default for House {
    fn default() -> Self {
        Self {
            name: "rubrica".to_owned(),
            legal_url: None,
            privacy_url: None,
            accessibility_url: None,
            support_url: None,
            time_zone: "Europe/Madrid".to_owned(),
        }
    }
}

/// Where data lies and how it is sealed: all that an admin command needs.
#[derive(Debug, Clone)]
pub struct DataConfig {
    /// `sqlite://FILE` or `postgres://...`.
    pub database_url: String,
    /// Seals what is secret at rest.
    pub master_key: MasterKey,
    /// Connections of the configuration file.
    pub connections: Vec<ConnectionEntry>,
}

/// Everything the portal needs to serve.
#[derive(Debug, Clone)]
pub struct Config {
    /// Database, key, connections.
    pub data: DataConfig,
    /// Where it listens.
    pub listen: SocketAddr,
    /// The origin that browsers use; `None` lets it follow from the port (demo).
    pub public_url: Option<PublicUrl>,
    /// How much is logged.
    pub log: LevelFilter,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Names and links of the pages.
    pub house: House,
    /// The admin to make at the first start (demo only): name, password file.
    pub first_admin: Option<(String, PathBuf)>,
}
