//! Redtrust clients for tests.

use std::collections::BTreeMap;
use std::time::Duration;

use rubrica::domain::connection::{Connection, ConnectionSettings};
use rubrica::domain::distinguished_name::{Attribute, DistinguishedName};
use rubrica::domain::key_spec::KeySpec;
use rubrica::domain::order::Order;
use rubrica::domain::secret::Secret;
use rubrica::domain::tokens::TokenPair;
use rubrica::redtrust::{ClientSettings, Networks, RedtrustClient, RedtrustError};

/// The server's answer to a create.
pub const CREATED: &str = r#"{"csr":"MIIB","requestCode":"r-1"}"#;

/// A connection to this server, with a limit of one second for create and finalize.
pub fn connection(base_url: &str) -> Connection {
    let settings = ConnectionSettings {
        name: "Acme".into(),
        base_url: base_url.parse().unwrap(),
        partner: "RUBRICA".parse().unwrap(),
        direct_login: true,
        issue_timeout: "1".parse().unwrap(),
        ..ConnectionSettings::blank()
    };
    let slug = "acme".parse().unwrap();
    Connection::new("c".into(), slug, settings, Secret::new("key"))
}

/// Short time limits, so that tests are fast.
pub fn settings() -> ClientSettings {
    ClientSettings {
        call_timeout: Duration::from_millis(900),
        connect_timeout: Duration::from_millis(500),
        networks: Networks::Usual { loopback: true },
        ..ClientSettings::default()
    }
}

/// A client for this server.
pub fn client(base_url: &str) -> RedtrustClient {
    RedtrustClient::new(&connection(base_url), &settings()).unwrap()
}

/// The request from the vendor's tutorial.
pub fn asked() -> Order {
    Order {
        dn: DistinguishedName::new(vec![Attribute::new("cn", "Ana")]),
        key: KeySpec::default(),
        provider: "CAMERFIRMA".into(),
        request_code: None,
        info: BTreeMap::new(),
        group_ids: Vec::new(),
        renews: None,
    }
}

/// Sends one create; returns its request code.
pub async fn create(client: &RedtrustClient) -> Result<String, RedtrustError> {
    create_for(client, "ana").await
}

/// The same, for this owner.
pub async fn create_for(client: &RedtrustClient, owner: &str) -> Result<String, RedtrustError> {
    let created = client
        .csr_create(&tokens("canary-token"), &asked(), owner)
        .await?;
    Ok(created.request_code)
}

/// A pair with this access token, and a refresh token.
pub fn tokens(access: &str) -> TokenPair {
    TokenPair {
        access: Secret::new(access),
        refresh: Some(Secret::new("canary-refresh")),
        expires_at: None,
    }
}
