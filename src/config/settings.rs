//! The configuration as written: file, environment and flags combined.

mod checked;
mod environment;
mod files;
mod odd;
mod toml_file;
mod value;
mod waiting;

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use percent_encoding::{AsciiSet, CONTROLS, percent_encode};
use tracing::level_filters::LevelFilter;

use super::connection::WrittenConnection;
use super::mistakes::Mistakes;
use super::origins::Origins;
use super::read::Number;
use super::{Complaint, ConfigError, Listen};
use crate::domain::secret::Secret;
use crate::telemetry;

pub use value::Given;
use value::Slot;

/// The one table of all settings: each with its name in the file and its kind.
macro_rules! settings {
    ($($(#[$doc:meta])* $name:ident: $kind:ident,)*) => {
        /// All settings as written, not yet checked.
        #[derive(Debug, Clone, Default)]
        pub struct Settings {
            $($(#[$doc])* pub $name: Option<$kind>,)*
            connections: Vec<WrittenConnection>,
            /// Relative file names in the TOML file start here.
            dir: PathBuf,
            origins: Origins,
            /// What is wrong in the file.
            mistakes: Vec<ConfigError>,
            /// The settings of the file that could not be read.
            unread: Vec<&'static str>,
            /// Tells for each setting that names a file what is in it.
            contents: BTreeMap<&'static str, Option<u64>>,
            /// Whether connections made on the pages may call this machine.
            allow_loopback: bool,
        }

        impl Settings {
            /// The place of every setting.
            fn slots(&mut self) -> Vec<(&'static str, Slot<'_>)> {
                vec![$((stringify!($name), Slot::$kind(&mut self.$name))),*]
            }

            /// What is given for every setting, by its name in the file.
            pub fn given(&self) -> Vec<(&'static str, Given<'_>)> {
                vec![$((stringify!($name), Given::$kind(self.$name.as_ref()))),*]
            }
        }
    };
}

settings! {
    public_url: String,
    listen: String,
    metrics_listen: String,
    tls_cert_file: PathBuf,
    tls_key_file: PathBuf,
    /// The URL may contain a password.
    database_url: Secret,
    database_url_file: PathBuf,
    master_key: Secret,
    master_key_file: PathBuf,
    /// The key before a rotation: it still opens what it has sealed.
    old_master_key: Secret,
    old_master_key_file: PathBuf,
    /// The address may contain a password.
    smtp_url: Secret,
    smtp_url_file: PathBuf,
    mail_from: String,
    /// Addresses, separated by commas.
    mail_alerts_to: String,
    /// Numbers of days, separated by commas.
    reminder_days: String,
    webhook_url: String,
    webhook_key: Secret,
    webhook_key_file: PathBuf,
    log: String,
    otel_exporter_otlp_endpoint: String,
    otel_service_name: String,
    /// Addresses and networks, separated by commas.
    trusted_proxies: String,
    /// Networks, separated by commas.
    allowed_networks: String,
    /// `subdomains`, `host` or `off`.
    hsts: String,
    /// `optional` or `required`.
    second_factor: String,
    /// `shown` or `hidden`.
    connection_list: String,
    partner_name: String,
    partner_nif: String,
    partner_address: String,
    partner_logo_file: PathBuf,
    support_contact: String,
    legal_url: String,
    privacy_url: String,
    accessibility_url: String,
    support_url: String,
    time_zone: String,
    /// A number of days.
    retention_days: Number,
    /// A number of connections to the database.
    pool_size: Number,
    /// A number of seconds.
    drain_seconds: Number,
    /// Demo only.
    admin_username: String,
    /// Demo only.
    admin_password_file: PathBuf,
}

impl Settings {
    /// Reads the file, if one is given, and applies the environment. Fails if the file
    /// cannot be read; other mistakes in it are named with those in the values.
    pub fn load(
        file: Option<&Path>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let mut settings = match file {
            Some(path) => Self::from_file(path)?,
            None => Self::default(),
        };
        settings.overlay(variable);
        settings.look_at_files();
        Ok(settings)
    }

    /// Itself, unless something in the file is no setting.
    pub fn well_written(self) -> Result<Self, ConfigError> {
        self.unless_wrong((), Mistakes::default(), &[])?;
        Ok(self)
    }

    /// Whether nothing is said of the origin that browsers use.
    pub fn lacks_public_url(&self) -> bool {
        self.public_url.is_none() && !self.unread.contains(&"public_url")
    }

    /// All that is wrong, or else what was read.
    fn unless_wrong<T>(
        &self,
        read: T,
        wrong: Mistakes,
        more: &[Complaint],
    ) -> Result<T, ConfigError> {
        let wrong = wrong.into_vec();
        let wrong = self.mistakes.iter().chain(&wrong);
        let wrong = wrong.map(|error| error.said(&self.origins));
        let more = more.iter().map(|one| self.origins.say_one(one));
        let all: Vec<String> = wrong.chain(more).collect();
        match all.is_empty() {
            true => Ok(read),
            false => Err(ConfigError::All(all)),
        }
    }

    /// Settings of the demo, and of admin commands without any configuration: SQLite
    /// and a key file in `dir`.
    pub fn for_data_dir(dir: &Path) -> Self {
        Self {
            database_url: Some(Secret::new(sqlite_url(&dir.join("rubrica.db")))),
            master_key_file: Some(dir.join("master.key")),
            log: Some("warn".to_owned()),
            allow_loopback: true,
            ..Self::default()
        }
    }

    pub fn log_level(&self) -> Result<LevelFilter, ConfigError> {
        self.log.as_deref().map_or(Ok(LevelFilter::INFO), |text| {
            telemetry::level(text).map_err(|error| ConfigError::invalid("RUBRICA_LOG", error))
        })
    }

    /// Fills settings that are not set from `defaults`.
    pub fn or_default(mut self, defaults: Self) -> Self {
        self.listen = self.listen.or(defaults.listen);
        self.public_url = self.public_url.or(defaults.public_url);
        self.log = self.log.or(defaults.log);
        self.partner_name = self.partner_name.or(defaults.partner_name);
        self.allow_loopback |= defaults.allow_loopback;
        if self.database_url.is_none() && self.database_url_file.is_none() {
            self.database_url = defaults.database_url;
        }
        if self.master_key.is_none() && self.master_key_file.is_none() {
            self.master_key_file = defaults.master_key_file;
        }
        self
    }

    /// The zone of all times that are shown.
    pub fn time_zone(&self) -> Result<TimeZone, ConfigError> {
        let name = self.time_zone.as_deref().unwrap_or("Europe/Madrid");
        TimeZone::get(name).map_err(|error| ConfigError::invalid("RUBRICA_TIME_ZONE", error))
    }

    /// Where the portal listens.
    pub fn listen(&self) -> Result<Listen, ConfigError> {
        let listen = self.listen.as_deref().unwrap_or("127.0.0.1:8080");
        let read = listen.parse();
        read.map_err(|error: String| ConfigError::invalid("RUBRICA_LISTEN", error))
    }
}

/// The address of a SQLite file, whatever its name: `%`, `?` and `#` mean something in an
/// address.
fn sqlite_url(file: &Path) -> String {
    const SIGNS: &AsciiSet = &CONTROLS.add(b'%').add(b'?').add(b'#');
    let bytes = file.as_os_str().as_bytes();
    format!("sqlite://{}", percent_encode(bytes, SIGNS))
}
