//! The connection `demo` to the built-in sandbox, created or updated at every
//! start.

use std::sync::Arc;

use super::connections::ConnectionError;
use super::consequences::Consequences;
use super::{Portal, ids};
use crate::domain::connection::{BaseUrl, Connection, ConnectionSettings, Partner, Slug};
use crate::domain::dialect::{Dialect, TempTokenForm};
use crate::domain::redirect_url::{RedirectUrl, RedirectUrlError};
use crate::domain::secret::Secret;
use crate::redtrust::RedtrustError;
use crate::storage::redirect_urls::{self, Entry};
use crate::storage::{StorageError, connections};

const SLUG: &str = "demo";
/// The partner that the sandbox knows.
const PARTNER: &str = "RUBRICA-DEMO";
/// The language of the sandbox's messages.
const LANG: &str = "en";

/// Where the sandbox is, and the key shared with it.
#[derive(Debug, Clone)]
pub struct DemoConnection {
    pub base_url: BaseUrl,
    /// Shared key of the partner `RUBRICA-DEMO`.
    pub shared_key: Secret,
}

/// Why the demo connection could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The sandbox refused the redirect URL.
    #[error("the sandbox did not register the redirect URL: {0}")]
    Sandbox(#[from] RedtrustError),
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The public URL does not make a valid redirect URL.
    #[error("redirect URL: {0}")]
    RedirectUrl(#[from] RedirectUrlError),
    /// A built-in name of the demo is no longer valid.
    #[error("the demo connection cannot be made")]
    Names,
}

/// Creates the connection, or updates its address and key, and registers its
/// redirect URL on both sides. Keeps what an admin changed or disabled.
pub async fn ensure(portal: &Arc<Portal>, demo: &DemoConnection) -> Result<(), DemoError> {
    let slug: Slug = SLUG.parse().map_err(|_| DemoError::Names)?;
    let partner: Partner = PARTNER.parse().map_err(|_| DemoError::Names)?;
    let all = connections::list(&portal.storage, &portal.keys).await?;
    let stored = all.into_iter().find(|connection| connection.slug == slug);
    let wanted = match &stored {
        Some(stored) => Connection {
            settings: ConnectionSettings {
                base_url: demo.base_url.clone(),
                ..stored.settings.clone()
            },
            shared_key: demo.shared_key.clone(),
            ..stored.clone()
        },
        None => fresh(slug.clone(), partner, demo)?,
    };
    let wanted = with_issuer(portal, wanted).await?;
    keep(portal, wanted, stored).await?;
    portal.connections.changed();
    let redtrust = portal.connections.by_slug(&slug).await?;
    let redtrust = redtrust.ok_or(DemoError::Names)?;
    let Some(url) = url_in_use(portal, &redtrust.connection).await? else {
        return Ok(());
    };
    let partner = redtrust.connection.settings.partner.as_str();
    redtrust
        .client
        .register_sandbox_redirect_url(url.as_str(), partner)
        .await?;
    Ok(())
}

/// The connection with the sandbox's CA as the one that issues.
async fn with_issuer(portal: &Portal, wanted: Connection) -> Result<Connection, DemoError> {
    let pem = portal.connections.client(&wanted)?.sandbox_ca().await?;
    let issuer_ca = pem.parse().map_err(|_| DemoError::Names)?;
    let settings = ConnectionSettings {
        issuer_ca: Some(issuer_ca),
        ..wanted.settings
    };
    Ok(Connection { settings, ..wanted })
}

fn fresh(slug: Slug, partner: Partner, demo: &DemoConnection) -> Result<Connection, DemoError> {
    let settings = ConnectionSettings {
        name: "Demo".to_owned(),
        base_url: demo.base_url.clone(),
        partner,
        direct_login: true,
        // As the sandbox does, unless it is told otherwise.
        lang: LANG.parse().map_err(|_| DemoError::Names)?,
        dialect: Dialect {
            temp_token: TempTokenForm::Signed,
            ..Dialect::default()
        },
        ..ConnectionSettings::blank()
    };
    Ok(Connection {
        sandbox: true,
        ..Connection::new(ids::new_id(), slug, settings, demo.shared_key.clone())
    })
}

/// At another port it is the same sandbox with the same users, and the portal registers
/// its redirect URL there itself; tokens, which are for one address only, end all the same.
async fn keep(
    portal: &Arc<Portal>,
    wanted: Connection,
    stored: Option<Connection>,
) -> Result<(), StorageError> {
    let (keys, now) = (Arc::clone(&portal.keys), portal.clock.now());
    let consequences = stored.map(|stored| Consequences::of(&stored, &wanted, true));
    let written = consequences.clone().map(Consequences::at_our_sandbox);
    portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                let Some(consequences) = written else {
                    return connections::insert(conn, &keys, &wanted, now).await;
                };
                if connections::update(conn, &keys, &wanted, now).await? {
                    consequences.write(conn, now).await?;
                }
                Ok(())
            })
        })
        .await?;
    if let Some(consequences) = consequences {
        consequences.end_sign_ins(portal, None).await;
    }
    Ok(())
}

/// This portal's redirect URL, if it lets people sign in. A new URL, or one
/// that replaces a URL with another port, comes into use; one that an admin
/// disabled does not.
async fn url_in_use(
    portal: &Portal,
    connection: &Connection,
) -> Result<Option<RedirectUrl>, DemoError> {
    let url: RedirectUrl = portal.callback_url(&connection.slug).parse()?;
    let entries = redirect_urls::of_connection(&portal.storage, &connection.id).await?;
    let own = entries.iter().find(|entry| entry.url == url);
    let in_use = |entry: &&Entry| entry.state.lets_sign_in();
    match (own, entries.iter().find(in_use)) {
        (Some(own), _) if own.state.lets_sign_in() => return Ok(Some(url)),
        (Some(_), None) => return Ok(None),
        _ => {}
    }
    let (id, wanted, now) = (connection.id.clone(), url.clone(), portal.clock.now());
    portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                redirect_urls::use_only(conn, &id, &wanted, &ids::new_id(), now).await
            })
        })
        .await?;
    portal.connections.changed();
    Ok(Some(url))
}
