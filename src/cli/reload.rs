//! SIGHUP at `rubrica serve`: the connections of the configuration file and the certificate
//! are read anew. Other settings wait for the next start.

use std::sync::Arc;

use tokio::signal::unix::Signal;

use super::{CliError, ConfigArgs};
use crate::config::Settings;
use crate::services::Portal;
use crate::startup;
use crate::web::Certificate;

/// What is read anew, and the settings with which the portal has started.
pub(super) struct Running {
    pub args: ConfigArgs,
    pub settings: Settings,
    pub portal: Arc<Portal>,
    pub certificate: Option<Arc<Certificate>>,
}

/// Reloads at each signal, for ever. What has a mistake stays as it was.
pub(super) async fn at_each(mut hangups: Signal, running: Running) {
    while hangups.recv().await.is_some() {
        match running.reload().await {
            Ok(()) => tracing::info!(event = "configuration_reloaded"),
            Err(error) => tracing::error!(event = "configuration_not_reloaded", %error),
        }
    }
}

impl Running {
    async fn reload(&self) -> Result<(), CliError> {
        let settings = self.args.settings()?;
        let config = settings.clone().config()?;
        startup::check(&config)?;
        startup::warn_of_odd(&config, self.portal.clock.now());
        let shown = match (&self.certificate, &config.tls) {
            (Some(certificate), Some(files)) => certificate.reload(files),
            _ => Ok(()),
        };
        startup::reload(&self.portal, &config.data).await?;
        shown.map_err(CliError::configuration)?;
        let waiting = settings.waiting(&self.settings);
        if !waiting.is_empty() {
            let settings = waiting.join(", ");
            tracing::warn!(event = "settings_wait_for_restart", %settings);
        }
        Ok(())
    }
}
