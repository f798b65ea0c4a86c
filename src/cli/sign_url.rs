//! `rubrica sign-url`: prints one signed login URL and the signed message, to compare
//! with the output of another program.

use clap::Args;

use super::data::DataArgs;
use super::{CliError, say};
use crate::domain::connection::Slug;
use crate::domain::signing;
use crate::storage::redirect_urls;

#[derive(Debug, Args)]
pub(super) struct SignUrlArgs {
    /// The connection's slug
    connection: String,
    /// Print one JSON object instead of lines
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: DataArgs,
}

/// Prints `url`, `message` and `timestamp`; the signature is part of the URL.
pub(super) async fn run(args: SignUrlArgs) -> Result<(), CliError> {
    let portal = args.data.open().await?;
    let slug: Slug = args.connection.parse().map_err(CliError::configuration)?;
    let peer = portal.connections.by_slug(&slug).await;
    let peer = peer
        .map_err(CliError::failed)?
        .ok_or_else(|| CliError::Failed(format!("there is no connection {slug}")))?;
    let connection = &peer.connection;
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
    let signed =
        signing::sign(connection, &active.url, portal.clock.now()).map_err(CliError::failed)?;
    if args.json {
        let object = serde_json::json!({
            "url": signed.url, "message": signed.message, "timestamp": signed.timestamp,
        });
        return say(&object.to_string());
    }
    say(&format!("url        {}", signed.url))?;
    // One line, whatever was signed: as a template writes a line feed.
    say(&format!(
        "message    {}",
        signed.message.replace('\n', "{lf}")
    ))?;
    say(&format!("timestamp  {}", signed.timestamp))
}
