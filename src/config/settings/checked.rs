//! The checked values of all settings, and all that is wrong with them.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::os::unix::ffi::OsStringExt as _;
use std::path::PathBuf;

use ipnet::IpNet;
use jiff::tz::TimeZone;
use percent_encoding::percent_decode_str;
use tracing::level_filters::LevelFilter;

use super::{Settings, sqlite_url};
use crate::config::branding::{Logo, words};
use crate::config::connection::ConnectionEntry;
use crate::config::mail::MailConfig;
use crate::config::master_key::{self, MasterKey};
use crate::config::mistakes::Mistakes;
use crate::config::networks::networks;
use crate::config::read::{
    address, choice, collector, drain, is_hidden, link, pool_size, retention, tls,
};
use crate::config::secret_file::read_secret;
use crate::config::{
    Branding, Complaint, Config, ConfigError, DataConfig, Listen, PublicUrl, WebhookConfig,
};
use crate::domain::connection::{Problem, Texts};
use crate::domain::secret::Secret;

impl Settings {
    /// Checks database, key and connections.
    pub fn data(&self) -> Result<DataConfig, ConfigError> {
        let mut wrong = Mistakes::default();
        let data = self.data_or_none(&mut wrong);
        self.unless_wrong(data, wrong, &[])
    }

    /// With something in the place of what is wrong, so that the rest can be checked too.
    fn data_or_none(&self, wrong: &mut Mistakes) -> DataConfig {
        let connections = self.understand_connections(wrong);
        let partner_name = self.partner_name.as_deref().unwrap_or("rubrica");
        let retention_days = self.retention_days.as_ref().map(retention);
        let pool = self.pool_size.as_ref().map(pool_size);
        let database_url = wrong.or_default(self.database_url());
        DataConfig {
            partner_name: partner_name.to_owned(),
            database_url: database_url.unwrap_or_else(|| "sqlite://none.db".to_owned()),
            master_key: wrong.or_default(self.key()).unwrap_or_else(MasterKey::none),
            old_master_key: wrong.or_default(self.old_key()),
            allowed_networks: wrong.or_default(self.allowed_networks()),
            allow_loopback: self.allow_loopback,
            retention: wrong.or_default(retention_days.transpose()),
            pool_size: wrong.or_default(pool.transpose()),
            mail: self.mail(wrong),
            webhook: self.webhook(wrong),
            secret_files: self.secret_files(),
            // What is wrong with it is said where the pages need it.
            time_zone: self.time_zone().unwrap_or(TimeZone::UTC),
            connections,
        }
    }

    /// Nothing is given for a setting that is needed. Of one that could not be read, that is
    /// said already.
    fn needed<T>(&self, name: &str, missing: Complaint) -> Result<Option<T>, ConfigError> {
        let mut unread = self.unread.iter();
        match unread.any(|one| one.strip_suffix("_file").unwrap_or(one) == name) {
            true => Ok(None),
            false => Err(missing.into()),
        }
    }

    fn database_url(&self) -> Result<Option<String>, ConfigError> {
        let setting = "RUBRICA_DATABASE_URL";
        let (text, file) = (self.database_url.clone(), self.database_url_file.clone());
        let Some(url) = read_secret(setting, text, file)? else {
            let missing = Complaint::not_set(setting, "sqlite://FILE or postgres://...");
            return self.needed("database_url", missing);
        };
        let schemes = ["sqlite:", "postgres:", "postgresql:"];
        if !schemes.iter().any(|one| url.expose().starts_with(one)) {
            let cause = "must begin with sqlite:// or postgres://";
            return Err(ConfigError::invalid(setting, cause));
        }
        Ok(Some(self.beside_its_file(url.expose())))
    }

    /// The address with the file that is meant: in the configuration file a relative one starts
    /// at its folder, as those of all other settings do.
    fn beside_its_file(&self, url: &str) -> String {
        let lines = &self.origins.lines;
        let is_of_file =
            lines.contains_key("database_url") || lines.contains_key("database_url_file");
        let rest = url.strip_prefix("sqlite:").filter(|_| is_of_file);
        let Some(rest) = rest.map(|rest| rest.strip_prefix("//").unwrap_or(rest)) else {
            return url.to_owned();
        };
        let (name, query) = rest.split_at(rest.find(['?', '#']).unwrap_or(rest.len()));
        let file = PathBuf::from(OsString::from_vec(percent_decode_str(name).collect()));
        let is_whole = matches!(name, "" | ":memory:") || file.is_absolute();
        match is_whole || self.dir.as_os_str().is_empty() {
            true => url.to_owned(),
            false => sqlite_url(&self.dir.join(file)) + query,
        }
    }

    fn understand_connections(&self, wrong: &mut Mistakes) -> Vec<ConnectionEntry> {
        let mut connections: Vec<ConnectionEntry> = Vec::new();
        for (before, written) in self.connections.iter().cloned().enumerate() {
            let entry = match written.understand(&self.dir, before + 1) {
                Ok(entry) => entry,
                Err(mistakes) => {
                    wrong.extend(mistakes);
                    continue;
                }
            };
            let slug = &entry.connection.slug;
            let taken = |other: &ConnectionEntry| other.connection.slug == *slug;
            if connections.iter().any(taken) {
                wrong.push(ConfigError::Connection {
                    who: format!("{:?}", slug.as_str()),
                    problems: vec![("slug", Problem::SlugTaken)],
                    given: Texts::new(),
                });
            } else {
                connections.push(entry);
            }
        }
        connections
    }

    /// An empty list is a list: no address but public ones.
    fn allowed_networks(&self) -> Result<Option<Vec<IpNet>>, ConfigError> {
        let read = |text| networks("RUBRICA_ALLOWED_NETWORKS", text);
        self.allowed_networks.as_deref().map(read).transpose()
    }

    fn key(&self) -> Result<Option<MasterKey>, ConfigError> {
        let (variable, of_file) = ("RUBRICA_MASTER_KEY", "RUBRICA_MASTER_KEY_FILE");
        let (text, file) = (self.master_key.clone(), self.master_key_file.clone());
        let key = match &self.master_key_file {
            Some(path) => read_key(of_file, text, file).map_err(|error| error.in_file(path))?,
            None => read_key(variable, text, file)?,
        };
        if key.is_some() {
            return Ok(key);
        }
        let hint = "32 bytes as 64 hexadecimal digits, or ";
        self.needed(
            "master_key",
            Complaint::not_set(variable, hint).setting(of_file),
        )
    }

    fn old_key(&self) -> Result<Option<MasterKey>, ConfigError> {
        let (text, file) = (
            self.old_master_key.clone(),
            self.old_master_key_file.clone(),
        );
        read_key("RUBRICA_OLD_MASTER_KEY", text, file)
    }

    fn mail(&self, wrong: &mut Mistakes) -> Option<MailConfig> {
        let (text, file) = (self.smtp_url.clone(), self.smtp_url_file.clone());
        MailConfig::of(
            wrong.take(read_secret("RUBRICA_SMTP_URL", text, file))?,
            self.mail_from.as_deref(),
            self.mail_alerts_to.as_deref(),
            self.reminder_days.as_deref(),
            wrong,
        )
    }

    fn webhook(&self, wrong: &mut Mistakes) -> Option<WebhookConfig> {
        let (text, file) = (self.webhook_key.clone(), self.webhook_key_file.clone());
        let key = wrong.take(read_secret("RUBRICA_WEBHOOK_KEY", text, file))?;
        WebhookConfig::of(self.webhook_url.as_deref(), key, wrong)
    }

    /// Checks everything a server needs.
    pub fn config(self) -> Result<Config, ConfigError> {
        self.config_with(|_| Vec::new())
    }

    /// The same, and `more` of it. What is wrong by itself has something else in its place
    /// there.
    pub fn config_with(
        self,
        more: impl FnOnce(&Config) -> Vec<Complaint>,
    ) -> Result<Config, ConfigError> {
        let mut wrong = Mistakes::default();
        let mut config = self.config_or_none(&mut wrong);
        config.odd = self.odd(&config);
        let more = more(&config);
        self.unless_wrong(config, wrong, &more)
    }

    fn config_or_none(&self, wrong: &mut Mistakes) -> Config {
        let data = self.data_or_none(wrong);
        let free_port = Listen::Tcp(SocketAddr::from(([127, 0, 0, 1], 0)));
        let collector = collector(
            self.otel_exporter_otlp_endpoint.as_deref(),
            self.otel_service_name.clone(),
        );
        let proxies = self.trusted_proxies.as_deref().unwrap_or_default();
        let drain = drain(self.drain_seconds.as_ref(), &data.database_url);
        let metrics = self.metrics_listen.as_deref();
        let metrics = metrics.map(|text| address("RUBRICA_METRICS_LISTEN", text));
        Config {
            listen: wrong.take(self.listen()).unwrap_or(free_port),
            drain: wrong.or_default(drain),
            tls: wrong.or_default(tls(self.tls_cert_file.clone(), self.tls_key_file.clone())),
            metrics_listen: wrong.or_default(metrics.transpose()),
            public_url: wrong.or_default(self.public_url()),
            log: wrong.take(self.log_level()).unwrap_or(LevelFilter::INFO),
            collector: wrong.or_default(collector),
            trusted_proxies: wrong.or_default(networks("RUBRICA_TRUSTED_PROXIES", proxies)),
            hsts: wrong.or_default(choice("RUBRICA_HSTS", self.hsts.as_deref())),
            second_factor: wrong.or_default(choice(
                "RUBRICA_SECOND_FACTOR",
                self.second_factor.as_deref(),
            )),
            hide_connections: wrong.or_default(is_hidden(self.connection_list.as_deref())),
            branding: self.branding(&data, wrong),
            first_admin: self.first_admin(wrong),
            odd: Vec::new(),
            origins: self.origins.clone(),
            data,
        }
    }

    /// Elsewhere than in the demo both do nothing, which is told as odd.
    fn first_admin(&self, wrong: &mut Mistakes) -> Option<(String, PathBuf)> {
        let (name, file) = (&self.admin_username, &self.admin_password_file);
        if self.allow_loopback && name.is_some() != file.is_some() {
            let both = ("RUBRICA_ADMIN_USERNAME", "RUBRICA_ADMIN_PASSWORD_FILE");
            wrong.push(Complaint::of_both(both.0, both.1).into());
        }
        name.clone().zip(file.clone())
    }

    fn public_url(&self) -> Result<Option<PublicUrl>, ConfigError> {
        let read = self.public_url.as_deref().map(str::parse::<PublicUrl>);
        let read = read.transpose();
        read.map_err(|error| ConfigError::invalid("RUBRICA_PUBLIC_URL", error))
    }

    fn branding(&self, data: &DataConfig, wrong: &mut Mistakes) -> Branding {
        let mut line = |name, text: &Option<String>| wrong.or_default(words(name, text.clone()));
        let (nif, address) = ("RUBRICA_PARTNER_NIF", "RUBRICA_PARTNER_ADDRESS");
        let (partner_nif, partner_address) = (
            line(nif, &self.partner_nif),
            line(address, &self.partner_address),
        );
        let support_contact = line("RUBRICA_SUPPORT_CONTACT", &self.support_contact);
        let mut address = |name, text: &Option<String>| wrong.or_default(link(name, text.clone()));
        Branding {
            partner_name: data.partner_name.clone(),
            partner_nif,
            partner_address,
            support_contact,
            legal_url: address("RUBRICA_LEGAL_URL", &self.legal_url),
            privacy_url: address("RUBRICA_PRIVACY_URL", &self.privacy_url),
            accessibility_url: address("RUBRICA_ACCESSIBILITY_URL", &self.accessibility_url),
            support_url: address("RUBRICA_SUPPORT_URL", &self.support_url),
            logo: wrong.or_default(Logo::of(self.partner_logo_file.as_deref())),
            time_zone: wrong.take(self.time_zone()).unwrap_or(TimeZone::UTC),
        }
    }
}

/// Reads a master key given as text or as a file.
fn read_key(
    setting: &str,
    text: Option<Secret>,
    file: Option<PathBuf>,
) -> Result<Option<MasterKey>, ConfigError> {
    let text = read_secret(setting, text, file)?;
    text.map(|text| master_key::parse(setting, text.expose()))
        .transpose()
}
