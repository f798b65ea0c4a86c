//! SIGHUP at `rubrica serve`: the connections of the configuration file and the certificate
//! are read anew. Other settings wait for the next start.

use std::sync::Arc;

use tokio::signal::unix::Signal;

use super::{CliError, ConfigArgs};
use crate::config::{Complaint, Settings};
use crate::domain::secret::Secret;
use crate::services::Portal;
use crate::startup::{self, StartupError};
use crate::web::Certificate;

/// What is read anew, and the settings with which the portal has started.
pub(super) struct Running {
    pub args: ConfigArgs,
    pub settings: Settings,
    /// With its password.
    pub database_url: Secret,
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
        let now = self.portal.clock.now();
        let config = startup::to_serve(settings.clone(), now)?;
        let named = |error: StartupError| CliError::at_start(&error, &config.origins);
        let same = config.data.database_url == self.database_url.expose();
        let opens = startup::check_database(&self.portal, &config.data, same).await;
        opens.map_err(named)?;
        startup::warn_of_odd(&config, now);
        let shown = match (&self.certificate, &config.tls) {
            (Some(certificate), Some(files)) => Some(certificate.reload(files)),
            _ => None,
        };
        let taken_over = startup::reload(&self.portal, &config.data).await;
        taken_over.map_err(named)?;
        let mut waiting = settings.changed(&self.settings);
        if let Some(shown) = shown {
            let wrong = |wrong: Vec<Complaint>| CliError::Configuration(config.origins.say(&wrong));
            shown.map_err(wrong)?;
            waiting.retain(|name| !name.starts_with("tls_"));
        }
        if !waiting.is_empty() {
            let settings = waiting.join(", ");
            tracing::warn!(event = "settings_wait_for_restart", %settings);
        }
        Ok(())
    }
}
