//! What a support bundle holds: everything that helps to find a mistake from afar,
//! and no secret.

use serde_json::{Value, json};

use super::Portal;
use super::diagnostics;
use crate::domain::connection::Connection;
use crate::domain::sign_in_failure::Failure;
use crate::storage::{Engine, StorageError, redirect_urls};

/// The files of a bundle, by name.
///
/// # Errors
/// [`StorageError`] if the database cannot be read.
pub async fn files(portal: &Portal) -> Result<Vec<(&'static str, Value)>, StorageError> {
    let connections = portal.connections.all().await?;
    let failures = diagnostics::failures(portal).await?;
    Ok(vec![
        ("versions.json", versions(portal).await?),
        (
            "connections.json",
            self::connections(portal, &connections).await?,
        ),
        (
            "failures.json",
            failures
                .iter()
                .map(|one| failure(one, &connections))
                .collect(),
        ),
    ])
}

async fn versions(portal: &Portal) -> Result<Value, StorageError> {
    portal.storage.ping().await?;
    Ok(json!({
        "rubrica": env!("CARGO_PKG_VERSION"),
        "made_at_ms": portal.clock.now(),
        "database": match portal.storage.engine() {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgresql",
        },
        "schema": portal.storage.schema_version().await?,
        "system": std::env::consts::OS,
        "machine": std::env::consts::ARCH,
    }))
}

async fn connections(portal: &Portal, connections: &[Connection]) -> Result<Value, StorageError> {
    let (urls, health) = (
        redirect_urls::all(&portal.storage).await?,
        diagnostics::health(portal).await?,
    );
    let broken = portal.connections.broken().await?;
    let readable = connections.iter().map(|connection| {
        let urls = urls.iter().filter(|one| one.connection_id == connection.id);
        let health = health.iter().find(|one| one.connection_id == connection.id);
        json!({
            "slug": connection.slug,
            "enabled": connection.enabled,
            "from_file": connection.from_file,
            "sandbox": connection.sandbox,
            "version": connection.version,
            "settings": connection.settings.texts(),
            "shared_key_characters": connection.shared_key.expose().chars().count(),
            "redirect_urls": urls
                .map(|one| json!({"url": one.url, "state": one.state}))
                .collect::<Vec<_>>(),
            "last_sign_in_ms": health.and_then(|one| one.worked_at),
            "last_failure_ms": health.and_then(|one| one.failed).map(|(at, _)| at),
            "last_cause": health.and_then(|one| one.failed).map(|(_, cause)| cause),
        })
    });
    let broken = broken
        .iter()
        .map(|one| json!({"slug": one.slug, "unreadable": true}));
    Ok(readable.chain(broken).collect())
}

fn failure(failure: &Failure, connections: &[Connection]) -> Value {
    let is_it = |one: &&Connection| one.id == failure.connection_id;
    json!({
        "connection": connections.iter().find(is_it).map(|one| &one.slug),
        "method": failure.method,
        "at_ms": failure.at,
        "cause": failure.cause,
        "facts": failure.facts,
    })
}
