//! Configuration: a TOML file, overridden by `RUBRICA_...` variables, overridden by
//! flags.
//!
//! [`Settings`] holds the text as written, all optional; [`Config`] holds the
//! checked values. Each invalid setting is named by one plain sentence, all of them at once.

mod branding;
mod complaint;
mod connection;
mod hsts;
mod listen;
mod mail;
mod master_key;
mod meant;
mod mistakes;
mod named_file;
mod networks;
mod origins;
mod public_url;
mod read;
mod reference;
mod second_factor;
mod secret_file;
mod settings;
mod toml_place;
mod unknown_variable;
mod webhook;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;
use jiff::tz::TimeZone;

use crate::domain::connection::{Problems, Texts};
use crate::domain::retention::Retention;
use crate::i18n::connection_problem;
use crate::telemetry::Collector;
use tracing::level_filters::LevelFilter;

pub use branding::{Branding, Logo};
pub use complaint::Complaint;
pub use connection::ConnectionEntry;
pub use hsts::Hsts;
pub use listen::Listen;
pub use mail::MailConfig;
pub use master_key::MasterKey;
pub use named_file::{file_being_read, read_file, read_text};
pub use origins::Origins;
pub use public_url::PublicUrl;
pub use read::MOST_DRAIN;
pub use reference::{Explained, REFERENCE};
pub use second_factor::SecondFactor;
pub use settings::{Given, Settings};
pub use unknown_variable::UnknownVariable;
pub use webhook::WebhookConfig;

/// Why the configuration cannot be used, as one sentence for the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A setting is missing, or has a value that cannot be read or used.
    #[error(transparent)]
    Setting(#[from] Complaint),
    /// The file is not valid TOML or has an unknown setting.
    #[error("{path}: {cause}")]
    Toml {
        path: String,
        /// What is wrong, and where.
        cause: String,
    },
    /// A connection has invalid settings; each gets its own line.
    #[error("{}", connection_problem::lines(.who, .problems, .given))]
    Connection {
        /// Its slug in quotes, or its place in the file.
        who: String,
        problems: Problems,
        /// The values as they are written.
        given: Texts,
    },
    /// All that is wrong, a line each, with the names that settings have where they stand.
    #[error("{}", .0.join("\n"))]
    All(Vec<String>),
}

impl ConfigError {
    fn invalid(setting: impl Into<String>, cause: impl ToString) -> Self {
        Self::Setting(Complaint::of(setting, cause.to_string()))
    }

    fn unreadable(setting: &str, path: &Path, cause: &std::io::Error) -> Self {
        Self::invalid(setting, format!("cannot read {}: {cause}", path.display()))
    }

    /// The same of a setting that names this file.
    fn in_file(self, path: &Path) -> Self {
        match self {
            Self::Setting(complaint) => Self::Setting(complaint.in_file(path)),
            other => other,
        }
    }

    /// In words, with settings called as they are where they stand.
    fn said(&self, origins: &Origins) -> String {
        match self {
            Self::Setting(complaint) => origins.say_one(complaint),
            other => other.to_string(),
        }
    }
}

/// The database, its key, and what else admin commands need.
#[derive(Debug, Clone)]
pub struct DataConfig {
    /// `sqlite://FILE` or `postgres://...`.
    pub database_url: String,
    /// Encrypts the secrets in the database.
    pub master_key: MasterKey,
    /// The key before a rotation, until it is finished.
    pub old_master_key: Option<MasterKey>,
    /// Networks that base URLs may lead to besides public addresses; `None` if the
    /// operator names none.
    pub allowed_networks: Option<Vec<IpNet>>,
    /// Without named networks: whether connections made on the pages may call this
    /// machine (demo).
    pub allow_loopback: bool,
    /// How many connections to the database this node may open; `None` for the usual number.
    pub pool_size: Option<u32>,
    /// How long personal data is kept; `None` for ever.
    pub retention: Option<Retention>,
    /// `None`: no mail is sent.
    pub mail: Option<MailConfig>,
    /// `None`: no program is told of outcomes.
    pub webhook: Option<WebhookConfig>,
    /// The files that hold secrets.
    pub secret_files: Vec<PathBuf>,
    /// Connections of the configuration file.
    pub connections: Vec<ConnectionEntry>,
    /// The name in the header of every page.
    pub partner_name: String,
    /// The zone in whose days certificates expire.
    pub time_zone: TimeZone,
}

/// Certificate and key for TLS in the process, in PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// Everything needed to serve the portal.
#[derive(Debug, Clone)]
pub struct Config {
    pub data: DataConfig,
    pub listen: Listen,
    /// How long it goes on serving, not ready any more, once it was told to stop.
    pub drain: Duration,
    /// `None` where a proxy does it.
    pub tls: Option<TlsFiles>,
    /// Where metrics are read; `None` for nowhere.
    pub metrics_listen: Option<SocketAddr>,
    /// The origin that browsers use; `None` derives it from the port (demo).
    pub public_url: Option<PublicUrl>,
    pub log: LevelFilter,
    /// Where traces go; `None` for nowhere.
    pub collector: Option<Collector>,
    /// Proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpNet>,
    pub hsts: Hsts,
    pub second_factor: SecondFactor,
    /// Whether strangers see no list of the connections.
    pub hide_connections: bool,
    pub branding: Branding,
    /// What is set and does nothing.
    pub odd: Vec<Complaint>,
    /// Demo only: the admin to create at the first start, as name and password file.
    pub first_admin: Option<(String, PathBuf)>,
    /// How settings are called in messages.
    pub origins: Origins,
}
