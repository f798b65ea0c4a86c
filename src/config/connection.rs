//! A `[[connection]]` of the configuration file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::ConfigError;
use super::settings::read_secret;
use crate::domain::connection::{
    BaseUrl, Connection, Group, InfoField, Partner, RequestOptions, Slug,
};
use crate::domain::dialect::Dialect;
use crate::domain::origin::Origin;
use crate::domain::redirect_url::RedirectUrl;
use crate::domain::secret::Secret;

/// One Redtrust server as the configuration file describes it.
#[derive(Debug, Clone)]
pub struct ConnectionEntry {
    /// The connection; its id is given by the database.
    pub connection: Connection,
    /// Its redirect URL, taken as registered.
    pub redirect_url: Option<RedirectUrl>,
}

/// The same, as written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenConnection {
    slug: String,
    name: String,
    base_url: String,
    partner: String,
    shared_key: Option<Secret>,
    shared_key_file: Option<PathBuf>,
    domain: Option<String>,
    redirect_url: Option<String>,
    ca_file: Option<PathBuf>,
    issuer: Option<String>,
    #[serde(default)]
    direct_login: bool,
    #[serde(default)]
    sandbox: bool,
    #[serde(default = "two_years")]
    validity_days: u32,
    #[serde(default = "two_minutes")]
    issue_timeout_secs: u32,
    #[serde(default)]
    extra_sign_in_origins: Vec<Origin>,
    #[serde(default)]
    groups: Vec<Group>,
    #[serde(default)]
    info_fields: Vec<InfoField>,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    #[serde(default)]
    dialect: Dialect,
}

const fn two_years() -> u32 {
    730
}

const fn two_minutes() -> u32 {
    120
}

impl WrittenConnection {
    /// Checks everything and reads the files it names, relative to `dir`.
    pub(super) fn understand(self, dir: &Path) -> Result<ConnectionEntry, ConfigError> {
        let at = |field: &str| format!("connection {:?}, {field}", self.slug);
        let key_setting = at("shared_key");
        let shared_key = read_secret(
            &key_setting,
            self.shared_key.clone(),
            self.shared_key_file.as_ref().map(|file| dir.join(file)),
        )?
        .ok_or_else(|| ConfigError::Missing {
            setting: key_setting,
            hint: "write shared_key or shared_key_file".to_owned(),
        })?;
        let ca_pem = match &self.ca_file {
            None => None,
            Some(file) => {
                let path = dir.join(file);
                let read = std::fs::read_to_string(&path);
                Some(read.map_err(|error| ConfigError::unreadable(&at("ca_file"), &path, &error))?)
            }
        };
        let redirect_url = match &self.redirect_url {
            None => None,
            Some(text) => Some(
                text.parse::<RedirectUrl>()
                    .map_err(|error| ConfigError::invalid(at("redirect_url"), error))?,
            ),
        };
        let offer = RequestOptions {
            groups: self.groups.clone(),
            info: self.info_fields.clone(),
            attributes: self.attributes.clone(),
        };
        let offer = offer.checked();
        let offer = offer.map_err(|error| {
            ConfigError::invalid(at("groups, info_fields or attributes"), error)
        })?;
        let connection = Connection {
            id: String::new(),
            slug: self
                .slug
                .parse::<Slug>()
                .map_err(|error| ConfigError::invalid(at("slug"), error))?,
            base_url: self
                .base_url
                .parse::<BaseUrl>()
                .map_err(|error| ConfigError::invalid(at("base_url"), error))?,
            partner: self
                .partner
                .parse::<Partner>()
                .map_err(|error| ConfigError::invalid(at("partner"), error))?,
            name: self.name,
            domain: self.domain.filter(|domain| !domain.is_empty()),
            shared_key,
            ca_pem,
            dialect: self.dialect,
            issuer: self.issuer,
            direct_login: self.direct_login,
            sandbox: self.sandbox,
            enabled: true,
            from_file: true,
            validity_days: self.validity_days,
            issue_timeout_secs: self.issue_timeout_secs,
            extra_sign_in_origins: self.extra_sign_in_origins,
            offer,
            version: 1,
        };
        Ok(ConnectionEntry {
            connection,
            redirect_url,
        })
    }
}
