//! SIGHUP at `rubrica serve`: the connections of the configuration file are read anew. Its
//! other settings wait for the next start.

use std::sync::Arc;

use tokio::signal::unix::Signal;

use super::{CliError, ConfigArgs};
use crate::services::Portal;
use crate::startup;

/// Reloads at each signal, for ever. A file with a mistake changes nothing.
pub(super) async fn at_each(mut hangups: Signal, args: ConfigArgs, portal: Arc<Portal>) {
    while hangups.recv().await.is_some() {
        match reload(&args, &portal).await {
            Ok(()) => tracing::info!(event = "configuration_reloaded"),
            Err(error) => tracing::error!(event = "configuration_not_reloaded", %error),
        }
    }
}

async fn reload(args: &ConfigArgs, portal: &Arc<Portal>) -> Result<(), CliError> {
    let data = args.settings()?.data()?;
    startup::reload(portal, &data)
        .await
        .map_err(CliError::configuration)
}
