//! `rubrica sign-url`: one signed login URL, and the message that was signed,
//! to compare with what another program makes.

use clap::Args;

use super::{CliError, ConfigArgs, say};
use crate::clock::Clock;
use crate::config::Settings;
use crate::domain::connection::Slug;
use crate::domain::signing;
use crate::startup::open_portal;
use crate::storage::{connections, redirect_urls};

/// Which connection.
#[derive(Debug, Args)]
pub(super) struct SignUrlArgs {
    /// The connection's slug
    connection: String,
    /// One JSON object instead of lines
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigArgs,
}

/// Prints `url`, `message`, `timestamp`; the signature stands in the URL.
pub(super) async fn run(args: SignUrlArgs) -> Result<(), CliError> {
    let settings = args
        .config
        .settings()?
        .or_default(Settings::for_data_dir("var".as_ref()));
    let clock = Clock::System;
    let portal = open_portal(&settings.data()?, "", clock.clone())
        .await
        .map_err(CliError::configuration)?;
    let slug: Slug = args.connection.parse().map_err(CliError::configuration)?;
    let all = connections::list(&portal.storage, &portal.keys)
        .await
        .map_err(CliError::failed)?;
    let connection = all
        .into_iter()
        .find(|connection| connection.slug == slug)
        .ok_or_else(|| CliError::Failed(format!("there is no connection {slug}")))?;
    let entries = redirect_urls::of_connection(&portal.storage, &connection.id)
        .await
        .map_err(CliError::failed)?;
    let active = entries
        .into_iter()
        .find(|entry| entry.state.lets_sign_in())
        .ok_or_else(|| {
            CliError::Failed(format!(
                "connection {slug} has no redirect URL that is registered or confirmed"
            ))
        })?;
    let signed = signing::sign(&connection, &active.url, clock.now()).map_err(CliError::failed)?;
    if args.json {
        let object = serde_json::json!({
            "url": signed.url, "message": signed.message, "timestamp": signed.timestamp,
        });
        return say(&object.to_string());
    }
    say(&format!("url        {}", signed.url))?;
    say(&format!("message    {}", signed.message))?;
    say(&format!("timestamp  {}", signed.timestamp))
}
