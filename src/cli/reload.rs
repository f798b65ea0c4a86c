//! SIGHUP at `rubrica serve`: the connections of the configuration file and the certificate
//! are read anew. Other settings wait for the next start.

use std::sync::Arc;

use tokio::signal::unix::Signal;

use super::{CliError, ConfigArgs};
use crate::services::Portal;
use crate::startup;
use crate::web::Certificate;

/// Reloads at each signal, for ever. What has a mistake stays as it was.
pub(super) async fn at_each(
    mut hangups: Signal,
    args: ConfigArgs,
    portal: Arc<Portal>,
    certificate: Option<Arc<Certificate>>,
) {
    while hangups.recv().await.is_some() {
        match reload(&args, &portal, certificate.as_deref()).await {
            Ok(()) => tracing::info!(event = "configuration_reloaded"),
            Err(error) => tracing::error!(event = "configuration_not_reloaded", %error),
        }
    }
}

async fn reload(
    args: &ConfigArgs,
    portal: &Arc<Portal>,
    certificate: Option<&Certificate>,
) -> Result<(), CliError> {
    let config = args.settings()?.config()?;
    let shown = match (certificate, &config.tls) {
        (Some(certificate), Some(files)) => certificate.reload(files),
        _ => Ok(()),
    };
    startup::reload(portal, &config.data)
        .await
        .map_err(CliError::configuration)?;
    shown.map_err(CliError::configuration)
}
