//! `rubrica check-config`: reads the configuration and explains it, without printing
//! secrets or opening the database.

use super::{CliError, ConfigArgs, say};
use crate::clock::Clock;
use crate::domain::secret::Secret;
use crate::startup::{LooseFile, check_connection};

/// Prints one line per fact; fails for the same reasons as `serve`.
pub(super) fn run(args: &ConfigArgs) -> Result<(), CliError> {
    let config = args.settings()?.config()?;
    let now = Clock::System.now();
    for entry in &config.data.connections {
        check_connection(&config.data, entry, config.public_url.as_ref(), now)
            .map_err(CliError::configuration)?;
    }
    for loose in LooseFile::all(&config.data) {
        eprintln!("rubrica: warning: {loose}");
    }
    let engine = match config.data.database_url.split_once(':') {
        Some(("sqlite", _)) => "SQLite",
        _ => "PostgreSQL",
    };
    match &config.public_url {
        Some(url) => say(&format!("public URL    {url}"))?,
        None => say("public URL    not set (serve needs it)")?,
    }
    say(&format!("listens on    {}", config.listen))?;
    say(&format!("database      {engine}"))?;
    say("master key    readable")?;
    for entry in &config.data.connections {
        let connection = &entry.connection;
        let characters = |key: &Secret| key.expose().chars().count();
        let next = connection.next_key().map_or_else(String::new, |next| {
            format!(", next key of {} characters", characters(next))
        });
        say(&format!(
            "connection    {} ({}), partner {}, key of {} characters{next}",
            connection.slug,
            connection.settings.base_url.as_str(),
            connection.settings.partner.as_str(),
            characters(&connection.shared_key)
        ))?;
    }
    say("configuration is good")
}
