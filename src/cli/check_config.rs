//! `rubrica check-config`: reads the configuration and explains it, without printing
//! secrets or opening the database.

use super::{CliError, ConfigArgs, note, say};
use crate::clock::Clock;
use crate::config::Complaint;
use crate::domain::secret::Secret;
use crate::startup::{LooseFile, mistakes, odd, unusable};
use crate::storage::unverified;

/// Prints one line per fact; fails for the same reasons as `serve`, but for a public URL that
/// is not set: a file may leave it to the environment of the service.
pub(super) fn run(args: &ConfigArgs) -> Result<(), CliError> {
    let now = Clock::System.now();
    let settings = args.settings()?;
    let config = settings.config_with(|config| mistakes(config, now))?;
    let loose = LooseFile::all(&config.data);
    let loose = loose.iter().map(|file| Complaint::plain(file.to_string()));
    let all = loose.chain(odd(&config, now)).chain(unusable(&config, now));
    let unverified = unverified(&config.data.database_url);
    let all = all.chain(unverified.map(|odd| Complaint::of("RUBRICA_DATABASE_URL", odd)));
    for odd in all {
        let odd = config.origins.say_one(&odd);
        note(&format!("rubrica: warning: {odd}"));
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
