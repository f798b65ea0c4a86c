//! One Redtrust server: where it is, who we are there, how it speaks.

mod base_url;
mod partner;
mod private_ca;
mod request_options;
mod slug;

pub use base_url::{BaseUrl, BaseUrlError, DEFAULT_PORT};
pub use partner::{Partner, PartnerError};
pub use private_ca::{CaProblem, check_private_ca};
pub use request_options::{
    ATTRIBUTES, EMAIL, Group, InfoField, MOST_INFO, RequestOptions, RequestOptionsError,
    read_attributes, read_groups, read_info,
};
pub use slug::{Slug, SlugError};

use super::dialect::Dialect;
use super::origin::Origin;
use super::secret::Secret;

/// One Redtrust server with our partner name and key.
#[derive(Debug, Clone)]
pub struct Connection {
    /// UUIDv7.
    pub id: String,
    /// Its name in paths; never changes.
    pub slug: Slug,
    /// Its name for people.
    pub name: String,
    /// Where the server is.
    pub base_url: BaseUrl,
    /// Redtrust's domain, where there are several.
    pub domain: Option<String>,
    /// Our name at this server.
    pub partner: Partner,
    /// The key that login URLs are signed with.
    pub shared_key: Secret,
    /// Where it is set, only this CA (PEM) is trusted.
    pub ca_pem: Option<String>,
    /// How the server speaks where its documents leave it open.
    pub dialect: Dialect,
    /// The issuer that a signed temporary token must name; any where there is none.
    pub issuer: Option<String>,
    /// Whether application users may sign in with a password.
    pub direct_login: bool,
    /// It is our own sandbox.
    pub sandbox: bool,
    /// Whether anybody may use it.
    pub enabled: bool,
    /// It stands in the configuration file: read-only in the pages.
    pub from_file: bool,
    /// How long a certificate is assumed to be valid.
    pub validity_days: u32,
    /// How long create and finalize may take.
    pub issue_timeout_secs: u32,
    /// Origins that the server's sign-in page redirects through.
    pub extra_sign_in_origins: Vec<Origin>,
    /// What requests may carry besides the holder.
    pub offer: RequestOptions,
    /// Grows with every change.
    pub version: i64,
}

impl Connection {
    /// Validity assumed for a new connection: two years.
    pub const VALIDITY_DAYS: u32 = 730;

    /// Time allowed to create and finalize at a new connection.
    pub const ISSUE_TIMEOUT_SECS: u32 = 120;
}

/// A connection for tests to start from.
#[cfg(test)]
pub(crate) fn sample() -> Connection {
    Connection {
        id: "0190f1d2-0000-7000-8000-000000000001".into(),
        slug: "acme".parse().unwrap(),
        name: "Acme".into(),
        base_url: "https://redtrust.acme.example:8082".parse().unwrap(),
        domain: Some("corp".into()),
        partner: "RUBRICA".parse().unwrap(),
        shared_key: Secret::new("correct horse battery staple"),
        ca_pem: None,
        dialect: Dialect::default(),
        issuer: None,
        direct_login: false,
        sandbox: false,
        enabled: true,
        from_file: false,
        validity_days: Connection::VALIDITY_DAYS,
        issue_timeout_secs: Connection::ISSUE_TIMEOUT_SECS,
        extra_sign_in_origins: Vec::new(),
        offer: RequestOptions::default(),
        version: 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_prints_nothing_of_its_key() {
        assert!(!format!("{:?}", sample()).contains("horse"));
    }
}
