//! `rubrica sign-url`: prints one signed login URL and the signed message, to compare
//! with the output of another program.

use clap::Args;

use super::data::{DataArgs, connection};
use super::{CliError, say};
use crate::domain::connection::Connection;
use crate::domain::redirect_url::RedirectUrl;
use crate::domain::signing;
use crate::services::Portal;
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
    let connection = connection(&portal, &args.connection).await?;
    let url = url_in_use(&portal, &connection).await?;
    let signed = signing::sign(&connection, &url, portal.clock.now()).map_err(CliError::failed)?;
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

/// The redirect URL that people sign in with; one of an old public URL is refused here
/// as at sign-in.
async fn url_in_use(portal: &Portal, connection: &Connection) -> Result<RedirectUrl, CliError> {
    let slug = &connection.slug;
    let entries = redirect_urls::of_connection(&portal.storage, &connection.id)
        .await
        .map_err(CliError::failed)?;
    let in_use = entries.into_iter().find(|entry| entry.state.lets_sign_in());
    let url = match in_use {
        Some(entry) => entry.url,
        None => {
            return Err(CliError::Failed(format!(
                "connection {slug} has no redirect URL that is registered or confirmed"
            )));
        }
    };
    // Where only a data directory is given, the public URL is not known.
    match portal.callback_url(slug).parse::<RedirectUrl>() {
        Ok(expected) if expected != url => Err(CliError::Failed(format!(
            "the redirect URL in use, {url}, is not of this portal's public URL, so nobody can \
             sign in: register {expected} in Redtrust, then say so on the connection's page"
        ))),
        _ => Ok(url),
    }
}
