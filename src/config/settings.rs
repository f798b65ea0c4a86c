//! The configuration as written: file, environment and flags combined.

mod environment;
mod files;
mod waiting;

use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use jiff::tz::TimeZone;
use percent_encoding::{AsciiSet, CONTROLS, percent_encode};
use serde::Deserialize;
use tracing::level_filters::LevelFilter;

use super::branding::{Logo, words};
use super::connection::{ConnectionEntry, WrittenConnection};
use super::mail::MailConfig;
use super::master_key::{self, MasterKey};
use super::networks::networks;
use super::read::{
    Number, address, choice, collector, drain, is_hidden, link, pool_size, retention, tls,
};
use super::secret_file::read_secret;
use super::toml_place::place_of;
use super::{Branding, Config, ConfigError, DataConfig, Listen, WebhookConfig};
use crate::domain::connection::Problem;
use crate::domain::secret::Secret;
use crate::telemetry;

/// All settings as written, not yet checked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    pub public_url: Option<String>,
    pub listen: Option<String>,
    pub metrics_listen: Option<String>,
    pub tls_cert_file: Option<PathBuf>,
    pub tls_key_file: Option<PathBuf>,
    pub database_url: Option<Secret>,
    /// The URL may contain a password.
    pub database_url_file: Option<PathBuf>,
    pub master_key: Option<Secret>,
    pub master_key_file: Option<PathBuf>,
    /// The key before a rotation: it still opens what it has sealed.
    pub old_master_key: Option<Secret>,
    pub old_master_key_file: Option<PathBuf>,
    /// The address may contain a password.
    pub smtp_url: Option<Secret>,
    pub smtp_url_file: Option<PathBuf>,
    pub mail_from: Option<String>,
    /// Addresses, separated by commas.
    pub mail_alerts_to: Option<String>,
    /// Numbers of days, separated by commas.
    pub reminder_days: Option<String>,
    pub webhook_url: Option<String>,
    pub webhook_key: Option<Secret>,
    pub webhook_key_file: Option<PathBuf>,
    pub log: Option<String>,
    pub otel_exporter_otlp_endpoint: Option<String>,
    pub otel_service_name: Option<String>,
    /// Addresses and networks, separated by commas.
    pub trusted_proxies: Option<String>,
    /// Networks, separated by commas.
    pub allowed_networks: Option<String>,
    /// `subdomains`, `host` or `off`.
    pub hsts: Option<String>,
    /// `optional` or `required`.
    pub second_factor: Option<String>,
    /// `shown` or `hidden`.
    pub connection_list: Option<String>,
    pub partner_name: Option<String>,
    pub partner_nif: Option<String>,
    pub partner_address: Option<String>,
    pub partner_logo_file: Option<PathBuf>,
    pub support_contact: Option<String>,
    pub legal_url: Option<String>,
    pub privacy_url: Option<String>,
    pub accessibility_url: Option<String>,
    pub support_url: Option<String>,
    pub time_zone: Option<String>,
    /// A number of days.
    pub retention_days: Option<Number>,
    /// A number of connections to the database.
    pub pool_size: Option<Number>,
    /// A number of seconds.
    pub drain_seconds: Option<Number>,
    /// Demo only.
    pub admin_username: Option<String>,
    /// Demo only.
    pub admin_password_file: Option<PathBuf>,
    #[serde(rename = "connection")]
    connections: Vec<WrittenConnection>,
    /// Relative file names in the TOML file start here.
    #[serde(skip)]
    dir: PathBuf,
    /// The configuration file.
    #[serde(skip)]
    file: Option<PathBuf>,
    /// Whether connections made on the pages may call this machine.
    #[serde(skip)]
    allow_loopback: bool,
}

impl Settings {
    /// Reads the file, if one is given, and applies the environment. Fails if the
    /// file cannot be read or has an unknown setting.
    pub fn load(
        file: Option<&Path>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let mut settings = match file {
            Some(path) => Self::from_file(path)?,
            None => Self::default(),
        };
        settings.overlay(variable);
        Ok(settings)
    }

    fn from_file(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError::unreadable("--config", path, &error))?;
        let mut settings: Self = toml::from_str(&text).map_err(|error| ConfigError::Toml {
            path: path.display().to_string(),
            cause: files::words_of(error.message()) + &place_of(&text, error.span()),
        })?;
        settings.file = Some(path.to_path_buf());
        settings.dir = path.parent().map(Path::to_path_buf).unwrap_or_default();
        for file in [
            &mut settings.database_url_file,
            &mut settings.master_key_file,
            &mut settings.old_master_key_file,
            &mut settings.tls_cert_file,
            &mut settings.tls_key_file,
            &mut settings.smtp_url_file,
            &mut settings.webhook_key_file,
            &mut settings.admin_password_file,
            &mut settings.partner_logo_file,
        ] {
            *file = file.take().map(|name| settings.dir.join(name));
        }
        Ok(settings)
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

    /// Checks database, key and connections.
    pub fn data(&self) -> Result<DataConfig, ConfigError> {
        let database_url = read_secret(
            "RUBRICA_DATABASE_URL",
            self.database_url.clone(),
            self.database_url_file.clone(),
        )?
        .ok_or_else(|| missing("RUBRICA_DATABASE_URL", "sqlite://FILE or postgres://..."))?;
        let database_url = database_url.expose().to_owned();
        if !["sqlite:", "postgres:", "postgresql:"]
            .iter()
            .any(|scheme| database_url.starts_with(scheme))
        {
            return Err(ConfigError::invalid(
                "RUBRICA_DATABASE_URL",
                "must begin with sqlite:// or postgres://",
            ));
        }
        let mut connections = Vec::new();
        for written in self.connections.iter().cloned() {
            let entry = written.understand(&self.dir)?;
            let slug = &entry.connection.slug;
            let taken = |other: &ConnectionEntry| other.connection.slug == *slug;
            if connections.iter().any(taken) {
                let slug = slug.to_string();
                let problems = vec![("slug", Problem::SlugTaken)];
                return Err(ConfigError::Connection { slug, problems });
            }
            connections.push(entry);
        }
        let partner_name = self.partner_name.as_deref().unwrap_or("rubrica");
        Ok(DataConfig {
            partner_name: partner_name.to_owned(),
            database_url,
            master_key: self.key()?,
            old_master_key: self.old_key()?,
            allowed_networks: self.allowed_networks()?,
            allow_loopback: self.allow_loopback,
            retention: self.retention_days.as_ref().map(retention).transpose()?,
            pool_size: self.pool_size.as_ref().map(pool_size).transpose()?,
            mail: self.mail()?,
            webhook: self.webhook()?,
            secret_files: self.secret_files(),
            connections,
        })
    }

    /// An empty list is a list: no address but public ones.
    fn allowed_networks(&self) -> Result<Option<Vec<IpNet>>, ConfigError> {
        let read = |text| networks("RUBRICA_ALLOWED_NETWORKS", text);
        self.allowed_networks.as_deref().map(read).transpose()
    }

    fn key(&self) -> Result<MasterKey, ConfigError> {
        let (setting, file) = match &self.master_key_file {
            Some(path) => (
                format!("RUBRICA_MASTER_KEY_FILE ({})", path.display()),
                Some(path.clone()),
            ),
            None => ("RUBRICA_MASTER_KEY".to_owned(), None),
        };
        let text = read_secret(&setting, self.master_key.clone(), file)?.ok_or_else(|| {
            missing(
                "RUBRICA_MASTER_KEY",
                "32 bytes as 64 hexadecimal digits, or RUBRICA_MASTER_KEY_FILE",
            )
        })?;
        master_key::parse(&setting, text.expose())
    }

    fn old_key(&self) -> Result<Option<MasterKey>, ConfigError> {
        let (setting, file) = ("RUBRICA_OLD_MASTER_KEY", self.old_master_key_file.clone());
        let text = read_secret(setting, self.old_master_key.clone(), file)?;
        text.map(|text| master_key::parse(setting, text.expose()))
            .transpose()
    }

    fn mail(&self) -> Result<Option<MailConfig>, ConfigError> {
        let (text, file) = (self.smtp_url.clone(), self.smtp_url_file.clone());
        MailConfig::of(
            read_secret("RUBRICA_SMTP_URL", text, file)?,
            self.mail_from.as_deref(),
            self.mail_alerts_to.as_deref(),
            self.reminder_days.as_deref(),
        )
    }

    fn webhook(&self) -> Result<Option<WebhookConfig>, ConfigError> {
        let (text, file) = (self.webhook_key.clone(), self.webhook_key_file.clone());
        let key = read_secret("RUBRICA_WEBHOOK_KEY", text, file)?;
        WebhookConfig::of(self.webhook_url.as_deref(), key)
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

    /// Checks everything a server needs.
    pub fn config(self) -> Result<Config, ConfigError> {
        let data = self.data()?;
        let listen = self.listen()?;
        let public_url = match &self.public_url {
            None => None,
            Some(text) => Some(
                text.parse()
                    .map_err(|error| ConfigError::invalid("RUBRICA_PUBLIC_URL", error))?,
            ),
        };
        let log = self.log_level()?;
        let odd = self.odd();
        let time_zone = self.time_zone()?;
        Ok(Config {
            listen,
            drain: drain(self.drain_seconds.as_ref(), &data.database_url)?,
            tls: tls(self.tls_cert_file, self.tls_key_file)?,
            metrics_listen: self
                .metrics_listen
                .as_deref()
                .map(|text| address("RUBRICA_METRICS_LISTEN", text))
                .transpose()?,
            public_url,
            log,
            collector: collector(
                self.otel_exporter_otlp_endpoint.as_deref(),
                self.otel_service_name,
            )?,
            trusted_proxies: networks(
                "RUBRICA_TRUSTED_PROXIES",
                self.trusted_proxies.as_deref().unwrap_or_default(),
            )?,
            hsts: choice("RUBRICA_HSTS", self.hsts.as_deref())?,
            second_factor: choice("RUBRICA_SECOND_FACTOR", self.second_factor.as_deref())?,
            hide_connections: is_hidden(self.connection_list.as_deref())?,
            branding: Branding {
                partner_name: data.partner_name.clone(),
                partner_nif: words("RUBRICA_PARTNER_NIF", self.partner_nif)?,
                partner_address: words("RUBRICA_PARTNER_ADDRESS", self.partner_address)?,
                logo: Logo::of(self.partner_logo_file.as_deref())?,
                support_contact: words("RUBRICA_SUPPORT_CONTACT", self.support_contact)?,
                legal_url: link("RUBRICA_LEGAL_URL", self.legal_url)?,
                privacy_url: link("RUBRICA_PRIVACY_URL", self.privacy_url)?,
                accessibility_url: link("RUBRICA_ACCESSIBILITY_URL", self.accessibility_url)?,
                support_url: link("RUBRICA_SUPPORT_URL", self.support_url)?,
                time_zone,
            },
            first_admin: self.admin_username.zip(self.admin_password_file),
            odd,
            data,
        })
    }
}

/// The address of a SQLite file, whatever its name: `%`, `?` and `#` mean something in an
/// address.
fn sqlite_url(file: &Path) -> String {
    const SIGNS: &AsciiSet = &CONTROLS.add(b'%').add(b'?').add(b'#');
    let bytes = file.as_os_str().as_bytes();
    format!("sqlite://{}", percent_encode(bytes, SIGNS))
}

fn missing(setting: &str, hint: &str) -> ConfigError {
    ConfigError::Missing {
        setting: setting.to_owned(),
        hint: hint.to_owned(),
    }
}
